import { expect, test, type Locator } from '@playwright/test'
import { Agent } from './people.ts'
import { Wire } from './proxy.ts'
import { Server } from './server.ts'

test.use({ serviceWorkers: 'allow' })

let server: Server
let wire: Wire
test.beforeAll(async () => {
  server = await Server.start()
})
test.beforeEach(async () => {
  wire = await Wire.to(server.port)
})
test.afterEach(() => wire.close())
test.afterAll(() => server.stop())

const box = (agent: Agent): Locator => agent.page.getByRole('textbox', { name: 'Compose a Message' })
const beside = (agent: Agent): Locator => agent.page.locator('.beside')
const timesSent = async (text: string) => (await server.sent()).filter((sent) => sent.text === text).length

let customers = 0
/** A conversation that nobody has written in yet, by its title. */
async function newTalk(): Promise<string> {
  const last = 3100 + ++customers
  await server.hook(`draft-${last}`, 'Is it still there?', { from: `+1309555${last}` })
  return `(309) 555-${last}`
}

async function goOffline(agent: Agent): Promise<void> {
  wire.cut()
  await agent.context.setOffline(true)
  await expect(agent.dot(/Working offline/)).toBeVisible({ timeout: 40_000 })
}

async function comeBack(agent: Agent): Promise<void> {
  wire.mend()
  await agent.context.setOffline(false)
  await agent.live()
}

test("[flow 55] [E15] a text typed on one device stands on the agent's other one and with a colleague, letter by letter", async ({
  browser,
}) => {
  const talk = await newTalk()
  const laptop = await Agent.signIn(browser, server.origin, 'maya')
  const phone = await Agent.signIn(browser, server.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  for (const agent of [laptop, phone, sam]) await agent.open(talk)
  await box(laptop).pressSequentially('Yes, it is.')
  for (const agent of [phone, sam]) await expect(box(agent)).toHaveValue('Yes, it is.')
  // Sam writes before Maya's cursor, which stays where it was.
  await box(sam).press('Home')
  await box(sam).pressSequentially('Hello! ')
  await expect(box(laptop)).toHaveValue('Hello! Yes, it is.')
  await box(laptop).pressSequentially(' Come by.')
  for (const agent of [laptop, phone, sam])
    await expect(box(agent)).toHaveValue('Hello! Yes, it is. Come by.')
  await sam.page.getByRole('button', { name: 'SEND', exact: true }).click()
  for (const agent of [laptop, phone, sam]) {
    await expect(agent.bubble('Hello! Yes, it is. Come by.')).toBeVisible()
    await expect(box(agent)).toHaveValue('')
    await expect(beside(agent)).toHaveCount(0)
  }
  await expect.poll(() => timesSent('Hello! Yes, it is. Come by.')).toBe(1)
  for (const agent of [laptop, phone, sam]) await agent.close()
})

test('[E15] two agents write one reply, one of them offline, and both have everything afterwards', async ({
  browser,
}) => {
  const talk = await newTalk()
  const maya = await Agent.signIn(browser, wire.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  await maya.open(talk)
  await sam.open(talk)
  await box(maya).pressSequentially('Yes.')
  await expect(box(sam)).toHaveValue('Yes.')
  await goOffline(maya)
  await box(maya).press('Home')
  await box(maya).pressSequentially('Hello! ')
  await box(sam).press('End')
  await box(sam).pressSequentially(' Come by.')
  await maya.page.reload()
  await expect(box(maya)).toHaveValue('Hello! Yes.')
  await comeBack(maya)
  for (const agent of [maya, sam]) await expect(box(agent)).toHaveValue('Hello! Yes. Come by.')
  await maya.close()
  await sam.close()
})

test("[flow 56] [E15] SEND while a colleague types on: what missed it comes back to that colleague, and to nobody's next text", async ({
  browser,
}) => {
  const talk = await newTalk()
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const sam = await Agent.signIn(browser, wire.origin, 'sam')
  await maya.open(talk)
  await sam.open(talk)
  await box(maya).pressSequentially('Yes.')
  await expect(box(sam)).toHaveValue('Yes.')
  // Sam's line is slow: his letters and Maya's SEND pass each other.
  wire.latency = 3_000
  await box(sam).press('End')
  await box(sam).pressSequentially(' And now')
  await maya.page.getByRole('button', { name: 'SEND', exact: true }).click()
  await box(maya).pressSequentially('Next')
  await expect(beside(sam)).toContainText('And now', { timeout: 30_000 })
  wire.latency = 0
  await expect(box(sam)).toHaveValue('Next')
  await expect(box(maya)).toHaveValue('Next')
  expect(await timesSent('Yes.')).toBe(1)
  await sam.page.getByRole('button', { name: 'Insert', exact: true }).click()
  await expect(beside(sam)).toHaveCount(0)
  for (const agent of [maya, sam]) await expect(box(agent)).toHaveValue('Next And now')
  await maya.close()
  await sam.close()
})

test('[flow 57] [E15] what was written offline in a reply that was sent meanwhile stands beside the composer', async ({
  browser,
}) => {
  const talk = await newTalk()
  const laptop = await Agent.signIn(browser, server.origin, 'maya')
  const phone = await Agent.signIn(browser, wire.origin, 'maya')
  await laptop.open(talk)
  await phone.open(talk)
  await box(laptop).pressSequentially('Yes.')
  await expect(box(phone)).toHaveValue('Yes.')
  await goOffline(phone)
  await box(phone).press('End')
  await box(phone).pressSequentially(' From the train')
  await laptop.page.getByRole('button', { name: 'SEND', exact: true }).click()
  await expect(laptop.bubble('Yes.')).toBeVisible()
  await comeBack(phone)
  await expect(phone.page.getByText('You wrote this while offline')).toBeVisible()
  await expect(beside(phone)).toContainText('From the train')
  await expect(box(phone)).toHaveValue('')
  // It waits through a reload, and is gone when the person says so.
  await phone.page.reload()
  await expect(beside(phone)).toContainText('From the train')
  await phone.page.getByRole('button', { name: 'Discard', exact: true }).click()
  await expect(beside(phone)).toHaveCount(0)
  await expect(box(laptop)).toHaveValue('')
  await laptop.close()
  await phone.close()
})

test('[E15] [P8] a draft outlives a reload after the last key, a killed service, and a new device finds it', async ({
  browser,
}) => {
  const talk = await newTalk()
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await maya.open(talk)
  await box(maya).pressSequentially('Half a sen')
  await maya.page.reload()
  await expect(box(maya)).toHaveValue('Half a sen')
  await maya.live()
  const phone = await Agent.signIn(browser, server.origin, 'maya')
  await phone.open(talk)
  await expect(box(phone)).toHaveValue('Half a sen')
  await phone.close()
  await server.kill()
  await box(maya).press('End')
  await box(maya).pressSequentially('tence')
  await server.boot()
  await maya.live()
  const tablet = await Agent.signIn(browser, server.origin, 'maya')
  await tablet.open(talk)
  await expect(box(tablet)).toHaveValue('Half a sentence', { timeout: 30_000 })
  await maya.close()
  await tablet.close()
})
