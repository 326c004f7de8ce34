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

test("[E15] [E25] two write one reply, on a laptop and a phone: each sees the other's cursor and name, also after one was offline", async ({
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
