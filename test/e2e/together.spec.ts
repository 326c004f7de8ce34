import { expect, test, type Locator } from '@playwright/test'
import { Agent } from './people.ts'
import { Wire } from './proxy.ts'
import { Server } from './server.ts'

let server: Server
let wire: Wire
test.beforeAll(async () => {
  server = await Server.start()
  wire = await Wire.to(server.port)
})
test.afterAll(async () => {
  await wire.close()
  await server.stop()
})

const phone = { width: 390, height: 844 }
const box = (agent: Agent): Locator => agent.page.getByRole('textbox', { name: 'Compose a Message' })
/** A colleague's cursor, with the letters before it on its own screen. */
const caret = (agent: Agent, name: string): Locator => agent.page.locator(`.caret[data-agent="${name}"]`)
const textBefore = (caret: Locator): Promise<string> =>
  caret.evaluate((mark) => {
    const range = document.createRange()
    range.setStart(mark.parentElement ?? mark, 0)
    range.setEndBefore(mark)
    return range.toString()
  })

let customers = 0
async function newTalk(): Promise<string> {
  const last = 3300 + ++customers
  await server.hook(`together-${last}`, 'Is it still there?', { from: `+1309555${last}` })
  return `(309) 555-${last}`
}

test("[flow 54] [E15] [E25] two write one reply, on a laptop and a phone: each sees the other's cursor and name, also after one was offline", async ({
  browser,
}) => {
  const talk = await newTalk()
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const sam = await Agent.signIn(browser, wire.origin, 'sam', phone, false)
  for (const agent of [maya, sam]) await agent.open(talk)
  await expect(maya.page.getByRole('img', { name: 'Sam is looking at this' }).first()).toBeVisible()
  await box(maya).pressSequentially('Yes, it is.')
  await expect(sam.page.getByText('Maya is writing a reply')).toBeVisible()
  await expect(box(sam)).toHaveValue('Yes, it is.')
  await expect.poll(() => textBefore(caret(sam, 'Maya'))).toBe('Yes, it is.')
  await expect(caret(sam, 'Maya').locator('[data-name="Maya"]')).toBeVisible()
  await expect(maya.page.getByRole('img', { name: 'Sam is looking at this' }).first()).toBeVisible()
  // The cursor stands where the letters of the box stand.
  const [mark, area] = [await caret(sam, 'Maya').boundingBox(), await box(sam).boundingBox()]
  expect(mark && area && mark.x > area.x + 14 && mark.x < area.x + area.width).toBe(true)
  expect(mark && area && mark.y >= area.y && mark.y < area.y + 30).toBe(true)
  await box(sam).press('Home')
  await expect.poll(() => textBefore(caret(maya, 'Sam'))).toBe('')
  wire.cut()
  await sam.context.setOffline(true)
  await box(sam).pressSequentially('Hello! ')
  await box(maya).pressSequentially(' Come by.')
  await expect(caret(sam, 'Maya')).toHaveCount(0)
  await expect(box(sam)).toHaveValue('Hello! Yes, it is.')
  wire.mend()
  await sam.context.setOffline(false)
  for (const agent of [maya, sam])
    await expect(box(agent)).toHaveValue('Hello! Yes, it is. Come by.', { timeout: 40_000 })
  await expect.poll(() => textBefore(caret(maya, 'Sam'))).toBe('Hello! ')
  await expect.poll(() => textBefore(caret(sam, 'Maya'))).toBe('Hello! Yes, it is. Come by.')
  // SEND while Sam writes is said, and not held up.
  await box(sam).pressSequentially('And ')
  await expect(maya.page.getByText('Sam is writing a reply')).toBeVisible()
  await expect(box(maya)).toHaveValue(/^Hello! And Yes/)
  await maya.page.getByRole('button', { name: 'SEND', exact: true }).click()
  await expect(maya.page.getByText('Sent while Sam was writing in it.')).toBeVisible()
  await expect(sam.bubble('Hello! And Yes, it is. Come by.')).toBeVisible()
  await maya.close()
  await sam.close()
})

test('[flow 47] [F149] [F151] @ in a note finds a colleague: offered while typing, unread under Mentions until it is opened', async ({
  browser,
}) => {
  const talk = await newTalk()
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam', phone, false)
  const mentions = (agent: Agent, unread: number) =>
    agent.page.getByRole('button', { name: `Mentions, ${unread} unread` })
  await maya.open(talk)
  await maya.page.getByRole('button', { name: 'Note', exact: true }).click()
  const note = maya.page.getByRole('textbox', { name: 'Note', exact: true })
  await note.pressSequentially('@s')
  await expect(maya.page.getByRole('option', { name: 'Sam' })).toHaveAttribute('aria-selected', 'true')
  await note.press('Enter')
  await expect(note).toHaveValue('@Sam ')
  await note.pressSequentially('the hatchback is yours')
  await note.press('Enter')
  await expect(maya.thread().locator('.mention', { hasText: '@Sam' })).toBeVisible()
  // The note stays where it is when the owner changes, and whoever comes next reads it.
  await maya.page.getByRole('button', { name: 'SET OWNER' }).click()
  await maya.page.getByRole('radio', { name: /^Sam/ }).check()
  await maya.page.getByRole('button', { name: 'TRANSFER', exact: true }).click()
  await expect(maya.page.getByRole('button', { name: 'Owner: Sam' })).toBeVisible()
  await sam.page.getByRole('button', { name: 'Choose a view' }).click()
  await mentions(sam, 1).click()
  await sam.page.getByRole('link', { name: new RegExp(`Maya: @Sam the hatchback`) }).click()
  await expect(sam.thread().locator('.mention.me', { hasText: '@Sam' })).toBeVisible()
  await sam.page.getByRole('button', { name: 'Back to the inbox' }).click()
  await expect(sam.page.getByRole('heading', { name: 'Mentions', level: 2 })).toBeVisible()
  await sam.page.getByRole('button', { name: 'Close Mentions' }).click()
  await sam.page.getByRole('button', { name: 'Choose a view' }).click()
  await expect(mentions(sam, 0)).toBeVisible()
  await expect(mentions(maya, 0)).toBeVisible()
  await maya.close()
  await sam.close()
})

test('[flow 49] [F152] [F156] [DC9] who is away or closed the Message Center leaves the transfer list; groups stay, with a mark', async ({
  browser,
}) => {
  const talk = await newTalk()
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  const choice = (name: RegExp) => maya.page.getByRole('radio', { name })
  await maya.open(talk)
  await maya.page.getByRole('button', { name: 'SET OWNER' }).click()
  await expect(choice(/^Sam\b.*Online/)).toBeVisible()
  await expect(choice(/^Service(?!.*Nobody online)/)).toBeVisible()
  await expect(choice(/^Admin/)).toHaveCount(0)
  await sam.page.getByRole('button', { name: 'Me: Sam' }).click()
  await sam.page.getByRole('menuitemcheckbox', { name: 'Away' }).click()
  await expect(choice(/^Sam/)).toHaveCount(0)
  await expect(choice(/^Service.*Nobody online/)).toBeVisible()
  await maya.page.getByRole('button', { name: /Show agents who are away/ }).click()
  await expect(choice(/^Sam.*Away/)).toBeVisible()
  await maya.page.keyboard.press('Escape')
  await maya.page.getByRole('button', { name: 'Online', exact: true }).click()
  await expect(maya.page.getByRole('listitem').filter({ hasText: 'sam@demo.test' })).toContainText('Away')
  await maya.page.keyboard.press('Escape')
  await sam.page.getByRole('button', { name: 'Me: Sam' }).click()
  await expect(sam.page.getByRole('menuitemcheckbox', { name: 'Away' })).toBeChecked()
  await sam.page.getByRole('menuitemcheckbox', { name: 'Away' }).click()
  await maya.page.getByRole('button', { name: 'SET OWNER' }).click()
  await expect(choice(/^Sam\b.*Online/)).toBeVisible()
  // Closing the page takes him off the list, and the edge would accept him all the same.
  await sam.page.goto('about:blank')
  // Where his goodbye is lost he counts as here for half a minute [E25].
  await expect(choice(/^Sam/)).toHaveCount(0, { timeout: 45_000 })
  // The group takes what nobody of it sees.
  await choice(/^Service.*Nobody online/).check()
  await maya.page.getByRole('button', { name: 'TRANSFER', exact: true }).click()
  await expect(maya.page.getByRole('button', { name: 'Owner: Service' })).toBeVisible()
  await maya.close()
  await sam.close()
})
