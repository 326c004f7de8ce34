import { expect, test, type Locator } from '@playwright/test'
import { Agent } from './people.ts'
import { Server } from './server.ts'

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

const box = (agent: Agent): Locator => agent.page.getByRole('textbox', { name: 'Compose a Message' })
const button = (agent: Agent, name: string): Locator => agent.page.getByRole('button', { name, exact: true })
const option = (agent: Agent, name: string | RegExp): Locator => agent.page.getByRole('option', { name })
/** Where a thing stands that is drawn. */
async function frame(of: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const drawn = await of.boundingBox()
  if (!drawn) throw new Error('It is not drawn.')
  return drawn
}
const sentTexts = async () => (await server.sent()).map(({ text }) => text)

let customers = 0
/** A conversation that nobody has written in yet, with somebody of that name. */
async function newTalk(agent: Agent, firstName = ''): Promise<string> {
  const last = 4100 + ++customers
  await server.hook(`compose-${last}`, 'Is it ready?', { from: `+1309555${last}` })
  const number = `(309) 555-${last}`
  await agent.open(number)
  if (firstName === '') return number
  await agent.page.getByRole('textbox', { name: 'First Name' }).fill(firstName)
  await agent.page.getByRole('button', { name: 'SAVE' }).click()
  await expect(agent.page.getByRole('log', { name: `Conversation with ${firstName}` })).toBeVisible()
  return firstName
}

test.describe(() => {
  test.use({ serviceWorkers: 'allow' })

  test('[flow 39] [F139] [F142] [F143] [DC17] a text is kept with "+", found by "/" and by the menu, filled in, and seen by a colleague', async ({
    browser,
  }) => {
    const maya = await Agent.signIn(browser, server.origin, 'maya')
    await newTalk(maya, 'Quinn')
    // "+" keeps what is typed, for everybody; without a connection as well.
    await maya.context.setOffline(true)
    await box(maya).fill('Hello {{First Name}}, your keys are at the desk.')
    await expect(maya.page.getByText('They read: Hello Quinn, your keys are at the desk.')).toBeVisible()
    await button(maya, 'Add a Quick Reply').click()
    await maya.page.getByRole('radio', { name: /Share/ }).check()
    await button(maya, 'Add').click()
    await expect(maya.page.getByText('Kept as a quick reply for all agents.')).toBeVisible()
    await box(maya).fill('')
    // "/" at the start of a word, letters in order, Enter: it stands in the box and nothing was sent.
    await box(maya).pressSequentially('/kyds')
    await expect(option(maya, /^Hello Quinn, your keys/)).toHaveAttribute('aria-selected', 'true')
    await box(maya).press('Enter')
    await expect(box(maya)).toHaveValue('Hello {{First Name}}, your keys are at the desk.')
    await maya.context.setOffline(false)
    await maya.live()
    // The colleague has it at once, above SEND; the private ones of Maya are not there.
    const sam = await Agent.signIn(browser, server.origin, 'sam')
    await sam.open('Quinn')
    await button(sam, 'Note').click()
    await button(sam, 'Quick Replies').click()
    const menu = sam.page.getByRole('dialog', { name: 'Quick Replies' })
    await expect(menu.getByText('I will send you a quote within the hour.')).toHaveCount(0)
    await menu.getByRole('searchbox').fill('keys')
    await menu.getByRole('button', { name: 'Hello Quinn, your keys are at the desk.' }).click()
    // A note has no inserts: the name stands in it already [DC17].
    const note = sam.page.getByRole('textbox', { name: 'Note', exact: true })
    await expect(note).toHaveValue('Hello Quinn, your keys are at the desk.')
    await expect(note).toBeFocused()
    expect((await sentTexts()).filter((text) => text.includes('your keys'))).toEqual([])
    await button(maya, 'SEND').click()
    await expect(maya.bubble('Hello Quinn, your keys are at the desk.')).toBeVisible()
    await expect.poll(sentTexts).toContain('Hello Quinn, your keys are at the desk.')
    // Whoever added it removes it, and can have it back.
    await button(maya, 'Quick Replies').click()
    const mine = maya.page.getByRole('dialog', { name: 'Quick Replies' })
    await mine
      .getByRole('button', { name: 'Remove "Hello {{First Name}}, your keys are at the desk."' })
      .click()
    await expect(mine.getByText('your keys are at the desk.')).toHaveCount(0)
    await button(maya, 'Undo').click()
    await button(maya, 'Quick Replies').click()
    await expect(mine.getByText('Hello Quinn, your keys are at the desk.')).toBeVisible()
    await sam.close()
    await maya.close()
  })
})

test('[flow 40] [F127] [F137] [DC27] emoji are marked and go as a picture message, and the paragraph sign sends a long text whole', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await newTalk(maya)
  const sign = button(maya, 'Text-only MMS')
  const color = () =>
    maya.page.locator('.composer-card').evaluate((card) => getComputedStyle(card).backgroundColor)
  const light = await color()
  await button(maya, 'Emoji').click()
  await button(maya, 'thumbs up').click()
  await expect(box(maya)).toHaveValue('👍')
  await expect(maya.page.locator('.refused-emoji')).toHaveText('👍')
  await expect(button(maya, 'SEND')).toBeDisabled()
  await button(maya, 'Remove').click()
  await expect(box(maya)).toHaveValue('')
  await box(maya).fill('Great 👍')
  await button(maya, 'Send as picture message').click()
  await expect(sign).toHaveAttribute('aria-pressed', 'true')
  await expect.poll(color).not.toBe(light)
  await expect(maya.page.locator('.refused-emoji')).toHaveCount(0)
  await button(maya, 'SEND').click()
  await expect(maya.bubble('Great 👍')).toBeVisible()
  await expect(sign).toHaveAttribute('aria-pressed', 'false')
  // Too long for a text message is not too long for one MMS.
  const long = `Long ${'and longer '.repeat(60)}`.trim()
  await box(maya).fill(long)
  await expect(maya.page.getByText('characters over the limit of 459.')).toBeVisible()
  await button(maya, 'Send as one MMS').click()
  await expect(maya.page.locator('.counter')).toContainText('1 MMS')
  await button(maya, 'SEND').click()
  await expect
    .poll(async () => (await server.sent()).filter(({ mms }) => mms).map(({ text }) => text))
    .toEqual(['Great 👍', long])
  // What was pasted and does not fit is refused with words, and what stood there stays.
  await box(maya).fill('Kept')
  await maya.page.evaluate((text) => {
    const data = new DataTransfer()
    data.setData('text/plain', text)
    document.activeElement?.dispatchEvent(
      new InputEvent('beforeinput', {
        inputType: 'insertFromPaste',
        data: text,
        bubbles: true,
        cancelable: true,
      }),
    )
  }, 'x'.repeat(12_000))
  await expect(maya.page.getByText('That is 12,000 characters, and this box holds 10,000.')).toBeVisible()
  await expect(box(maya)).toHaveValue('Kept')
  await maya.close()
})

test('[flow 41] [F114] [F141] [F238] names come by the bracket icon and by "{"; what is no insert is sent only when SEND is pressed twice', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await newTalk(maya, 'Robin')
  const place = (name: string) => frame(button(maya, name))
  await expect(button(maya, 'Quick Replies')).toBeVisible()
  const [menu, send] = [await place('Quick Replies'), await place('SEND')]
  expect(menu.y + menu.height).toBeLessThanOrEqual(send.y)
  // The countdown stands below the text, on the right.
  const [counter, text, card] = [
    await frame(maya.page.locator('.counter')),
    await frame(box(maya)),
    await frame(maya.page.locator('.composer-card')),
  ]
  expect(counter.y).toBeGreaterThanOrEqual(text.y + text.height)
  expect(counter.x).toBeGreaterThan(card.x + card.width / 2)
  await box(maya).pressSequentially('Hi {')
  await expect(option(maya, /First Name.*Robin/)).toBeVisible()
  await box(maya).press('ArrowDown')
  await box(maya).press('ArrowUp')
  await box(maya).press('Enter')
  await expect(box(maya)).toHaveValue('Hi {{First Name}}')
  // A phone has no key for it at hand, and the bracket icon below the box.
  await maya.page.setViewportSize({ width: 390, height: 844 })
  const [low, thumb] = [await frame(maya.page.locator('.counter')), await place('SEND')]
  expect(low.x).toBeGreaterThan(390 / 2)
  expect(thumb.y - low.y).toBeLessThan(80)
  await button(maya, 'Insert a name').click()
  await maya.page.getByRole('menuitem', { name: /Last Name/ }).click()
  await expect(box(maya)).toHaveValue('Hi {{First Name}}{{Last Name}}')
  await expect(maya.page.getByText('Nothing is saved for {{Last Name}}, so it is left out.')).toBeVisible()
  await box(maya).fill('Hi {{First Name}} of {{Company Name}}')
  await button(maya, 'SEND').click()
  await expect(maya.page.getByText('{{Company Name}} is no insert and is sent as it stands.')).toBeVisible()
  expect(await sentTexts()).not.toContain('Hi Robin of {{Company Name}}')
  // SEND AND END, here without a connection: it waits to be sent, and the end is asked as usual. A phone has it in
  // two lines above SEND, as high as a thumb.
  const end = await place('SEND AND END')
  expect(end.height).toBe((await place('Quick Replies')).height)
  expect(end.y + end.height).toBeLessThanOrEqual((await place('SEND')).y)
  await maya.context.setOffline(true)
  await button(maya, 'SEND AND END').click()
  await expect(maya.bubble('Hi Robin of {{Company Name}}')).toBeVisible()
  await expect(maya.page.getByText('Are you sure you want to CLOSE this conversation?')).toBeVisible()
  await button(maya, 'OK').click()
  await expect(box(maya)).toHaveCount(0)
  await maya.context.setOffline(false)
  await expect.poll(sentTexts, { timeout: 40_000 }).toContain('Hi Robin of {{Company Name}}')
  await maya.close()
})

for (const size of [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
])
  test(`[flow 37] [F106] [F239] a new conversation begins with a name, at ${size.width} pixels`, async ({
    browser,
  }) => {
    const maya = await Agent.signIn(browser, server.origin, 'maya', size, size.width > 600)
    await maya.page
      .getByRole('button', { name: /^new/i })
      .or(maya.page.getByRole('link', { name: /^new/i }))
      .first()
      .click()
    await expect(maya.page.getByLabel('From Number')).toContainText('Sales')
    const to = maya.page.getByRole('combobox', { name: 'To', exact: true })
    await to.fill('zzz')
    await button(maya, 'Start').click()
    await expect(maya.page.getByText('Nobody here is called "zzz". Enter their mobile number.')).toBeVisible()
    await to.fill('omar')
    await expect(option(maya, /Omar Haddad/)).toBeVisible()
    await to.press('ArrowDown')
    await to.press('Enter')
    await expect(to).toHaveValue(/^Omar Haddad, \(/)
    await to.press('Enter')
    await expect(maya.page.getByRole('log', { name: 'Conversation with Omar Haddad' })).toBeVisible()
    await expect(box(maya)).toBeFocused()
    // Help stands where one writes, and so does what Enter does.
    await button(maya, 'Help with texting').click()
    const help = maya.page.getByRole('dialog', { name: 'Help with texting' })
    await help.getByRole('checkbox', { name: /Enter sends/ }).uncheck()
    await help.getByRole('button', { name: 'Close' }).click()
    await box(maya).fill('')
    await box(maya).pressSequentially('One')
    await box(maya).press('Enter')
    await expect(box(maya)).toHaveValue('One\n')
    await maya.close()
  })

test.describe.serial('help with texting', () => {
  let maya: Agent
  test.beforeAll(async ({ browser }) => {
    maya = await Agent.signIn(browser, server.origin, 'maya')
    await newTalk(maya)
    await button(maya, 'Help with texting').click()
  })
  test.afterAll(() => maya.close())
  const says = async (...texts: RegExp[]) => {
    const help = maya.page.getByRole('dialog', { name: 'Help with texting' })
    for (const text of texts) await expect(help.getByText(text)).toBeVisible()
  }

  test('[F3] [F228] what it is for, and words for closing', () =>
    says(
      /one person at a time\. It is not made for automated bulk marketing/,
      /"This conversation has ended, send another message if you need anything else!"/,
    ))

  test('[F115] [F116] short texts and plain characters', () =>
    says(
      /Pure CDMA networks \(Sprint\) handle concatenated messages poorly/,
      /Carriers translate them inconsistently/,
    ))

  test('[F120] [F130] [F135] sound, video, and where MMS does not go', () =>
    says(
      /In the future, audio capabilities will be added/,
      /CIF \(352x288\)/,
      /area code 533 \(533-###-####\)/,
    ))

  test('[F126] [F129] how far text-only MMS goes', () =>
    says(/2,000 will rise to 4,000/, /only with an accompanying image/))
})
