import { expect, test, type Locator } from '@playwright/test'
import { Agent } from './people.ts'
import { Wire } from './proxy.ts'
import { Server } from './server.ts'

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

const phone = { width: 390, height: 844 }

test('[flow 27] [F14] [F94] the reading pane shows ID#, owner, group, number, time stamps and the person', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await maya.open('Omar Haddad')
  const pane = maya.page.getByRole('region', { name: 'Reading pane' })
  await expect(pane.getByRole('button', { name: /^Conversation ID#\d{4}, copy/ })).toBeVisible()
  await expect(pane.getByRole('button', { name: 'Owner: Maya' })).toBeVisible()
  await expect(pane.getByText('via Sales')).toBeVisible()
  await expect(pane.getByRole('log').getByRole('time').first()).toBeVisible()
  const info = pane.getByRole('complementary', { name: 'Mobile User Info' })
  await expect(info.getByLabel('Company Name')).toHaveValue('Haddad Catering')
  for (const words of ['(217) 555-0111', 'Group', 'Company Number'])
    await expect(info.getByText(words)).toBeVisible()
  await maya.close()
})

test('[F4] [F5] [F15] what an agent and a mobile user write stands under their names, and the compose field takes the reply', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await maya.open('Marcus Bell')
  await expect(maya.thread().getByText('Marcus Bell').first()).toBeVisible()
  await expect(maya.thread().getByText('Maya', { exact: true }).first()).toBeVisible()
  await maya.reply('Until tomorrow, then.')
  await expect(maya.page.getByRole('textbox', { name: 'Compose a Message' })).toHaveValue('')
  await maya.close()
})

test('[F9] [F11] a thread holds all conversations of a person; an owner is an agent or a group', async ({
  browser,
}) => {
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  await sam.open('Noah Kim')
  const history = sam.page.getByRole('region', { name: 'History' })
  await expect(history).toBeVisible()
  await history.getByRole('button').first().click()
  await expect(history.getByRole('button')).toHaveCount(4)
  await history.getByRole('button').nth(1).click()
  await expect(history.getByText('Booking for a tire change please')).toBeVisible()
  await sam.open('Theo Lindqvist')
  await expect(sam.page.getByRole('button', { name: 'Owner: Service' })).toBeVisible()
  await sam.open('Omar Haddad')
  await expect(sam.page.getByRole('button', { name: 'Owner: Maya' })).toBeVisible()
  await sam.close()
})

test('[flow 24] [F52] [F53] [F54] an arrow where an agent spoke last, none where the customer did, a lock where it is closed', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await expect(maya.item('Omar Haddad').getByRole('img', { name: 'An agent spoke last' })).toBeVisible()
  await expect(maya.item('Dana Cruz').getByRole('img', { name: 'An agent spoke last' })).toHaveCount(0)
  await expect(maya.item('Dana Cruz').getByRole('img', { name: 'Closed' })).toHaveCount(0)
  await maya.view('Closed').click()
  await expect(
    maya.page.getByRole('list', { name: 'Conversations' }).getByRole('img', { name: 'Closed' }).first(),
  ).toBeVisible()
  await maya.close()
})

test('[flow 15] [F57] [F67] a view opens by its name and by its unread number', async ({ browser }) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  for (const name of ['Just Mine', 'Unassigned', 'Open']) {
    await maya.view(name).getByText(name).click()
    await expect(maya.page.getByRole('heading', { name, level: 2 })).toBeVisible()
    await expect(maya.view(name)).toHaveAttribute('aria-current', 'page')
  }
  await maya.view('Unassigned').locator('.bubble-count').click()
  await expect(maya.page.getByRole('heading', { name: 'Unassigned', level: 2 })).toBeVisible()
  await maya.close()
})

test('[flow 38] [F58] [DC11] [DC24] a started conversation is its author’s alone until its first message, in inbox and pane at once', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  // Also where the list shows what cannot have it.
  await maya.view('Closed').click()
  await maya.page.getByRole('button', { name: 'New', exact: true }).click()
  await maya.page.getByRole('combobox', { name: 'To', exact: true }).fill('(309) 555-0189')
  await maya.page.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(maya.row('(309) 555-0189')).toBeVisible()
  await expect(maya.page.getByRole('textbox', { name: 'Compose a Message' })).toBeVisible()
  await server.hook('day-1', 'A text in between', { from: '+13095550177' })
  await expect(sam.row('(309) 555-0177')).toBeVisible()
  await expect(sam.row('(309) 555-0189')).toHaveCount(0)
  await maya.reply('Now it exists')
  await expect(sam.row('(309) 555-0189')).toBeVisible()
  await maya.close()
  await sam.close()
})

test.describe(() => {
  test.use({ serviceWorkers: 'allow' })

  test('[flow 36] [F103] [F104] [F105] [F107] New takes a number from and to, and Start opens the conversation, also without a connection', async ({
    browser,
  }) => {
    const maya = await Agent.signIn(browser, server.origin, 'maya')
    const sam = await Agent.signIn(browser, server.origin, 'sam', phone, false)
    await maya.context.setOffline(true)
    await maya.page.getByRole('button', { name: 'New', exact: true }).click()
    await maya.page.getByLabel('From Number').selectOption({ label: 'Service, (309) 555-0101' })
    await maya.page.getByRole('combobox', { name: 'To', exact: true }).fill('309 555 0188')
    await maya.page.getByRole('button', { name: 'Start', exact: true }).click()
    const pane = maya.page.getByRole('region', { name: 'Reading pane' })
    await expect(pane.getByRole('heading', { name: '(309) 555-0188' })).toBeVisible()
    await expect(maya.row('(309) 555-0188')).toBeVisible()
    // Who it is stands there before anything is known of them.
    const info = maya.page.getByRole('complementary', { name: 'Mobile User Info' })
    await expect(info.getByText('(309) 555-0188')).toBeVisible()
    await info.getByLabel('First Name').fill('Nora')
    await info.getByRole('button', { name: 'SAVE' }).click()
    await expect(pane.getByRole('heading', { name: 'Nora' })).toBeVisible()
    // One pane at a time has room for it as well.
    await maya.page.setViewportSize(phone)
    await maya.reply('Your car is ready.')
    await expect(sam.row('Nora')).toHaveCount(0)
    await maya.context.setOffline(false)
    await expect(sam.row('Nora')).toBeVisible({ timeout: 40_000 })
    await expect
      .poll(async () => (await server.sent()).find(({ text }) => text === 'Your car is ready.'))
      .toMatchObject({ from: '+13095550101', to: '+13095550188' })
    await maya.close()
    await sam.close()
  })

  test('[flow 51] [F118] [F218] [F219] [F220] END CONVERSATION beside SET OWNER asks, and only OK takes the reply box away, also from a colleague on a phone who was offline', async ({
    browser,
  }) => {
    const wire = await Wire.to(server.port)
    const maya = await Agent.signIn(browser, server.origin, 'maya')
    const sam = await Agent.signIn(browser, wire.origin, 'sam', phone, false)
    await server.hook('day-end', 'That was all', { from: '+13095550174' })
    await maya.open('(309) 555-0174')
    await sam.open('(309) 555-0174')
    await sam.write('Half a sentence')
    wire.cut()
    await sam.page.reload()
    await expect(sam.page.getByRole('textbox', { name: 'Compose a Message' })).toHaveValue('Half a sentence')
    const [owner, end] = [
      maya.page.getByRole('button', { name: 'SET OWNER' }),
      maya.page.getByRole('button', { name: 'END CONVERSATION' }),
    ]
    expect(
      Math.abs(((await owner.boundingBox())?.y ?? 0) - ((await end.boundingBox())?.y ?? 1e6)),
    ).toBeLessThan(4)
    await end.click()
    const question = maya.page.getByRole('alertdialog')
    await expect(
      question.getByText('Are you sure you want to CLOSE this conversation?', { exact: true }),
    ).toBeVisible()
    await question.getByRole('button', { name: 'Cancel' }).click()
    await expect(maya.page.getByRole('textbox', { name: 'Compose a Message' })).toBeVisible()
    await maya.end()
    await expect(maya.page.getByRole('textbox', { name: 'Compose a Message' })).toHaveCount(0)
    await expect(sam.page.getByRole('textbox', { name: 'Compose a Message' })).toBeVisible()
    wire.mend()
    await expect(sam.page.getByRole('button', { name: 'Start a New Conversation' })).toBeVisible({
      timeout: 40_000,
    })
    await expect(sam.page.getByRole('textbox', { name: 'Compose a Message' })).toHaveCount(0)
    await Promise.all([maya.close(), sam.close()])
    await wire.close()
  })
})

/** "yellow" where red and green make a background and blue is least; what else it is, in numbers. */
async function hueOf(of: Locator): Promise<string> {
  const color = await of.evaluate((drawn) => getComputedStyle(drawn).backgroundColor)
  const [red = 0, green = 0, blue = 0, alpha = 1] = (color.match(/[\d.]+/g) ?? []).map(Number)
  const isYellow = alpha === 1 && red >= green && green - blue > 2 * (red - green) && green > blue + 15
  return isYellow ? 'yellow' : color
}

test('[flow 52] [F147] [F222] [F223] [F224] a closed one has a red line and a yellow note, stands in Closed, and offers a new start', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await server.hook('day-closed', 'Closing time', { from: '+13095550175' })
  await maya.open('(309) 555-0175')
  await maya.end()
  await maya.view('Closed').click()
  await maya.open('(309) 555-0175')
  const line = maya.thread().locator('.chapter-body.closed').first()
  const [red, green, blue] = await line.evaluate((element) => {
    const style = getComputedStyle(element)
    const color =
      [style.borderInlineStartColor, getComputedStyle(element, '::before').backgroundColor].find((text) =>
        /[1-9]/.test(text),
      ) ?? ''
    return (/(\d+)[ ,]+(\d+)[ ,]+(\d+)/.exec(color) ?? []).slice(1).map(Number)
  })
  expect(red).toBeGreaterThan(Math.max(green ?? 0, blue ?? 0) + 60)
  const note = maya.thread().locator('.note', { hasText: /^Maya ended this conversation, .*\d{1,2}:\d{2}$/ })
  for (const colorScheme of ['light', 'dark'] as const) {
    await maya.page.emulateMedia({ colorScheme })
    await expect.poll(() => hueOf(note)).toBe('yellow')
  }
  for (const term of ['Conversation ID#', 'Owner', 'Group', 'Number'])
    await expect(
      maya
        .thread()
        .getByRole('term')
        .filter({ hasText: new RegExp(`^${term}$`) }),
    ).toBeVisible()
  // On a phone, without a connection: the new one is there at once, and has its ID# when it could be sent.
  const id = maya.page.getByRole('button', { name: /^Conversation ID#\d{4}, copy/ })
  const before = await id.getAttribute('aria-label')
  await maya.page.setViewportSize(phone)
  await maya.context.setOffline(true)
  await maya.page.getByRole('button', { name: 'Start a New Conversation' }).click()
  await expect(maya.page).toHaveURL(/\/inbox\/open\//)
  await maya.reply('One more thing.')
  await expect(maya.page.getByRole('region', { name: 'History' })).toBeVisible()
  await expect(id).toHaveCount(0)
  await maya.context.setOffline(false)
  await expect(id).toBeVisible({ timeout: 40_000 })
  expect(await id.getAttribute('aria-label')).not.toBe(before)
  await maya.close()
})

test('[F168] [F169] an agent is online exactly while the Message Center is open', async ({ browser }) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  await sam.page.getByRole('button', { name: 'Online' }).first().click()
  const list = sam.page.getByRole('dialog', { name: 'Online agents' })
  await expect(list.getByText('maya@demo.test')).toBeVisible()
  await maya.page.close({ runBeforeUnload: false })
  await expect(list.getByText('maya@demo.test')).toHaveCount(0, { timeout: 40_000 })
  await maya.close()
  await sam.close()
})

test('[flow 48] [DC9] the transfer list offers who is here and every group, and marks a group with nobody online', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await maya.open('Omar Haddad')
  await maya.page.getByRole('button', { name: 'SET OWNER' }).click()
  const owner = maya.page.getByRole('dialog', { name: 'Owner' })
  await expect(owner.getByRole('radio', { name: /^Service/ })).toBeVisible()
  // Whoever closed their window in a test before counts as here for another half minute [E25].
  await expect(owner.getByRole('radio', { name: /^Sam/ })).toHaveCount(0, { timeout: 45_000 })
  await expect(owner.getByText(/nobody online/i).first()).toBeVisible()
  const sam = await Agent.signIn(browser, server.origin, 'sam', phone, false)
  await expect(owner.getByRole('radio', { name: /^Sam/ })).toBeVisible()
  await expect(owner.getByRole('radio', { name: /^Admin/ })).toHaveCount(0)
  // Without a connection nobody can be seen, so everybody is offered and no group is called empty.
  await maya.context.setOffline(true)
  await expect(owner.getByRole('radio', { name: /^Admin/ })).toBeVisible({ timeout: 40_000 })
  await expect(owner.getByText(/nobody online/i)).toHaveCount(0)
  await owner.getByRole('radio', { name: /^Service/ }).check({ force: true })
  await owner.getByRole('button', { name: 'TRANSFER' }).click()
  await expect(maya.page.getByRole('button', { name: 'Owner: Service' })).toBeVisible()
  await maya.context.setOffline(false)
  await sam.open('Omar Haddad')
  await expect(sam.page.getByRole('button', { name: 'Owner: Service' })).toBeVisible({ timeout: 40_000 })
  await sam.claim()
  await expect(maya.page.getByRole('button', { name: /^Owner: Sam/ })).toBeVisible({ timeout: 40_000 })
  await maya.close()
  await sam.close()
})

test('[flow 83] [P1] a text to a number that the channel does not have is kept, in sight of the admin alone', async ({
  browser,
}) => {
  expect(
    (await server.hook('day-stray', 'Is this the pizza place?', { from: '+13095550176', to: '+13095559999' }))
      .ok,
  ).toBe(true)
  const admin = await Agent.signIn(browser, server.origin, 'admin')
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await admin.page.getByRole('button', { name: 'Texts to unknown numbers' }).click()
  await expect(admin.page.getByRole('dialog').getByText('Is this the pizza place?')).toBeVisible()
  await expect(maya.page.getByRole('button', { name: 'Texts to unknown numbers' })).toHaveCount(0)
  await admin.close()
  await maya.close()
})

test('[flow 29] [F231] [F232] a thread of 400 texts pages back to its first one, out of the durable history', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await maya.open('Tom Whitfield')
  await expect(maya.thread().getByText(/\(400\)$/)).toBeVisible()
  await expect(maya.thread().getByText(/\(1\)$/)).toHaveCount(0)
  const earlier = maya.thread().getByRole('button', { name: /^Show earlier/ })
  const first = maya.thread().getByText('Tom from Whitfield Farms. We need to plan the whole fleet.')
  // Scrolling is all that somebody does who reads back: each page comes before its place is reached.
  await expect(async () => {
    await maya.thread().evaluate((box) => box.scrollBy({ top: -box.clientHeight, behavior: 'instant' }))
    await expect(first).toBeInViewport({ timeout: 100 })
  }).toPass({ timeout: 60_000, intervals: [50] })
  await expect(maya.thread().getByText(/\(1\)$/)).toBeVisible()
  await expect(earlier).toHaveCount(0)
  await maya.close()
})
