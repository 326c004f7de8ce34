import { expect, test } from '@playwright/test'
import { browserArgs, chromium } from '../../scripts/chromium.ts'
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
test.afterEach(async () => {
  await wire.close()
  await server.simulator('/api/faults', { channel: 'northwind', mode: 'none', receipts: 'auto' })
})
test.afterAll(() => server.stop())

const timesSent = async (text: string) => (await server.sent()).filter((sent) => sent.text === text).length

/** Offline as it is meant here: the browser's network is off and the wire resets everything. */
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

test('[flow 60] [P5] [E6] [E13] offline: answers, a note, an end and a claim are applied once, or refused with the name', async ({
  browser,
}) => {
  test.setTimeout(180_000)
  for (const [index, text] of ['one?', 'two?', 'three?', 'four?'].entries())
    await server.hook(`off-${index}`, text, { from: `+1309555014${index}` })
  const maya = await Agent.signIn(browser, wire.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  await expect(maya.row('(309) 555-0143')).toBeVisible()
  // In the background the device pulls the threads it may need: give it the moment that a person would.
  await maya.page.waitForTimeout(3_000)
  await goOffline(maya)

  await maya.open('(309) 555-0140')
  await maya.reply('Answer one')
  await maya.open('(309) 555-0141')
  await maya.reply('Answer two')
  await maya.note('Called them as well')
  await maya.open('(309) 555-0142')
  await expect(maya.bubble('three?')).toBeVisible()
  await maya.end()
  await maya.open('(309) 555-0143')
  await expect(maya.bubble('four?')).toBeVisible()
  await maya.claim()
  await expect(maya.dot(/Working offline, 5 changes waiting/)).toBeVisible()
  await maya.page.reload()
  await expect(maya.dot(/Working offline, 5 changes waiting/)).toBeVisible({ timeout: 30_000 })

  await sam.open('(309) 555-0143')
  await sam.claim()
  await expect(sam.thread().getByText(/Sam claimed/)).toBeVisible()
  await comeBackTo(maya)

  await expect.poll(() => timesSent('Answer one'), { timeout: 30_000 }).toBe(1)
  await expect.poll(() => timesSent('Answer two'), { timeout: 30_000 }).toBe(1)
  await sam.open('(309) 555-0141')
  await expect(sam.bubble('Called them as well')).toBeVisible()
  await expect(sam.row('(309) 555-0142')).toHaveCount(0)
  await maya.page
    .getByRole('button', { name: /refused|change/i })
    .first()
    .click()
  await expect(maya.page.getByText(/Sam was first/)).toBeVisible()
  expect(await timesSent('Answer one')).toBe(1)
  await maya.close()
  await sam.close()
})

async function comeBackTo(agent: Agent): Promise<void> {
  wire.mend()
  await agent.context.setOffline(false)
  // A refused change turns the dot red, so "Connected" is not what is waited for.
  await expect(agent.dot(/Working offline/)).toHaveCount(0, { timeout: 40_000 })
}

test('[flow 61] [P5] [E13] a reply overtaken by the customer is held with their words; send, edit and discard', async ({
  browser,
}) => {
  test.setTimeout(240_000)
  const maya = await Agent.signIn(browser, wire.origin, 'maya')
  for (const [index, choice] of (['Send', 'Edit', 'Discard'] as const).entries()) {
    const from = `+1309555015${index}`
    const title = `(309) 555-015${index}`
    await server.hook(`held-${index}`, 'When are you open?', { from })
    await maya.open(title)
    await expect(maya.bubble('When are you open?')).toBeVisible()
    await goOffline(maya)
    await maya.reply(`We open at eight ${index}`)
    await maya.page.reload()
    await expect(maya.bubble(`We open at eight ${index}`)).toBeVisible({ timeout: 30_000 })
    await server.hook(`held-again-${index}`, 'Never mind, found it', { from })
    await comeBack(maya)
    await expect(
      maya
        .thread()
        .getByText(/Not sent/)
        .first(),
    ).toBeVisible()
    await expect(maya.bubble('Never mind, found it').first()).toBeVisible()
    expect(await timesSent(`We open at eight ${index}`)).toBe(0)
    await maya.thread().getByRole('button', { name: choice, exact: true }).click()
    if (choice === 'Send') await expect.poll(() => timesSent(`We open at eight ${index}`)).toBe(1)
    if (choice === 'Edit')
      await expect(maya.page.getByRole('textbox', { name: 'Compose a Message' })).toHaveValue(
        `We open at eight ${index}`,
      )
    if (choice !== 'Send') expect(await timesSent(`We open at eight ${index}`)).toBe(0)
  }
  await maya.close()
})

test('[flow 62] [E13] an end written offline is refused when the customer wrote meanwhile', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, wire.origin, 'maya')
  await server.hook('end-1', 'Thanks, bye', { from: '+13095550160' })
  await maya.open('(309) 555-0160')
  await expect(maya.bubble('Thanks, bye')).toBeVisible()
  await goOffline(maya)
  await maya.end()
  await server.hook('end-2', 'Wait, one more thing', { from: '+13095550160' })
  await comeBackTo(maya)
  await expect(maya.row('(309) 555-0160')).toBeVisible()
  await maya.page
    .getByRole('button', { name: /refused|change/i })
    .first()
    .click()
  await expect(maya.page.getByText(/Not ended: they wrote/)).toBeVisible()
  await maya.close()
})

test('[flow 4] [E16] [P3] [fault C2] two tabs of one agent: the talking one is closed with work pending, the other sends it once', async ({
  browser,
}) => {
  test.setTimeout(150_000)
  await server.hook('tabs-1', 'Two tabs?', { from: '+13095550161' })
  const first = await Agent.signIn(browser, wire.origin, 'maya')
  await first.open('(309) 555-0161')
  await expect(first.bubble('Two tabs?')).toBeVisible()
  const second = await first.tab(wire.origin)
  await second.live()
  await goOffline(first)
  await first.reply('From the first tab')
  await first.page.close()
  wire.mend()
  await second.context.setOffline(false)
  await second.live()
  await expect.poll(() => timesSent('From the first tab'), { timeout: 40_000 }).toBe(1)
  await second.page.waitForTimeout(2_000)
  expect(await timesSent('From the first tab')).toBe(1)
  await second.close()
})

test('[flow 46] [P4] [F289] [F293] [DC25] slow carrier, then STOP: what was claimed left, the rest says opted out, everywhere', async ({
  browser,
}) => {
  test.setTimeout(150_000)
  await server.hook('stop-1', 'Send me offers', { from: '+13095550162' })
  await server.hook('stop-2', 'Send me service offers', { from: '+13095550162', to: '+13095550101' })
  const maya = await Agent.signIn(browser, wire.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  await maya.page.getByRole('link', { name: /^Unassigned, / }).click()
  await maya.open('(309) 555-0162')
  await server.simulator('/api/faults', { channel: 'northwind', mode: 'slow', ms: 8000, receipts: 'manual' })
  for (const text of ['Offer one', 'Offer two', 'Offer three']) await maya.reply(text)
  await goOffline(maya)
  await maya.reply('Offer four, offline')
  expect((await server.hook('stop-3', 'stop', { from: '+13095550162' })).ok).toBe(true)
  await comeBackTo(maya)
  await expect(
    maya
      .thread()
      .getByText(/opted out/i)
      .first(),
  ).toBeVisible()
  await sam.page.getByRole('link', { name: /^Unassigned, / }).click()
  await sam.open('(309) 555-0162')
  for (const agent of [maya, sam])
    await expect(agent.page.getByRole('textbox', { name: 'Compose a Message' })).toHaveCount(0)
  // The lock holds in the person's conversation on the other number, too.
  await sam.page.getByRole('link', { name: /^My Groups, / }).click()
  await sam.open('(309) 555-0162')
  await expect(sam.page.getByRole('textbox', { name: 'Compose a Message' })).toHaveCount(0)
  await sam.page.waitForTimeout(9_000)
  const sent = (await server.sent()).filter(({ to }) => to === '+13095550162').map(({ text }) => text)
  expect(sent).toEqual(['Offer one'])
  await maya.close()
  await sam.close()
})

test('[flow 5] [E12] [P7] another agent signs in in a second tab: nothing of the first is sent as them, and it waits', async ({
  browser,
}) => {
  test.setTimeout(180_000)
  await server.hook('two-1', 'Whose turn?', { from: '+13095550163' })
  const maya = await Agent.signIn(browser, wire.origin, 'maya')
  await maya.open('(309) 555-0163')
  await expect(maya.bubble('Whose turn?')).toBeVisible()
  await goOffline(maya)
  await maya.reply("Maya's own words")
  wire.mend()
  await maya.context.setOffline(false)
  wire.cut()
  // Rita signs in in the same browser, over a wire of her own to the same origin's cookie jar.
  wire.mend()
  const answer = await maya.context.request.post(`${wire.origin}/api/sign-in`, {
    headers: { origin: wire.origin },
    data: { email: 'rita@demo.test', password: 'parley-demo' },
  })
  expect([204, 200]).toContain(answer.status())
  const rita = await maya.tab(wire.origin)
  await rita.live()
  await expect(rita.page.getByText('Marcus Bell')).toHaveCount(0)
  await expect(rita.page.getByText('Can I move my cleaning to Friday?').first()).toBeVisible()
  const sent = [...(await server.sent()), ...(await server.sent('contoso'))].filter(
    ({ text }) => text === "Maya's own words",
  )
  // She may have reconnected as herself for a moment before Rita signed in; never more than once, never as Rita.
  expect(sent.length).toBeLessThanOrEqual(1)
  expect((await server.sent('contoso')).filter(({ text }) => text === "Maya's own words")).toEqual([])
  await rita.page.close()
  await maya.context.clearCookies()
  await maya.logIn(wire.origin, 'maya')
  await expect.poll(() => timesSent("Maya's own words"), { timeout: 40_000 }).toBe(1)
  await maya.close()
})

test('[E13] with 300 ms of latency a customer text that crosses an ordinary reply never holds it', async ({
  browser,
}) => {
  test.setTimeout(240_000)
  await server.hook('lat-0', 'Start', { from: '+13095550164' })
  wire.latency = 150
  const maya = await Agent.signIn(browser, wire.origin, 'maya')
  await maya.open('(309) 555-0164')
  await expect(maya.bubble('Start')).toBeVisible()
  for (let index = 0; index < 20; index++) {
    await Promise.all([
      maya.reply(`Crossing ${index}`),
      server.hook(`lat-${index + 1}`, `Cross ${index}`, { from: '+13095550164' }),
    ])
  }
  await expect
    .poll(async () => (await server.sent()).filter(({ text }) => text.startsWith('Crossing')).length, {
      timeout: 60_000,
    })
    .toBe(20)
  await expect(maya.thread().getByText(/Not sent/)).toHaveCount(0)
  await maya.close()
})

test('[E13] [P3] a deploy between the press and its answer, and a text that crosses: never held, sent once', async ({
  browser,
}) => {
  test.setTimeout(180_000)
  await server.hook('dep-0', 'Start', { from: '+13095550166' })
  const maya = await Agent.signIn(browser, wire.origin, 'maya')
  await maya.open('(309) 555-0166')
  await expect(maya.bubble('Start')).toBeVisible()
  wire.latency = 150
  for (let index = 0; index < 5; index++) {
    await maya.live()
    await maya.reply(`Deployed ${index}`)
    wire.drop()
    await server.hook(`dep-${index + 1}`, `Crossing the deploy ${index}`, { from: '+13095550166' })
    await expect.poll(() => timesSent(`Deployed ${index}`), { timeout: 30_000 }).toBe(1)
  }
  await expect(maya.bubble('Crossing the deploy 4')).toBeVisible()
  await expect(maya.thread().getByText(/Not sent/)).toHaveCount(0)
  for (let index = 0; index < 5; index++) expect(await timesSent(`Deployed ${index}`)).toBe(1)
  await maya.close()
})

test('[E16] the talking tab sleeps in the background: the visible one takes over', async ({ browser }) => {
  test.setTimeout(120_000)
  await server.hook('frozen-1', 'Asleep?', { from: '+13095550167' })
  const first = await Agent.signIn(browser, wire.origin, 'maya')
  await first.open('(309) 555-0167')
  await expect(first.bubble('Asleep?')).toBeVisible()
  const second = await first.tab(wire.origin)
  await second.live()
  // Nothing is under way in it: a page that stands still inside a transaction would hold the database for all.
  await first.page.waitForTimeout(4_000)
  // The first page held the lock and now stands still, as the system does with hidden tabs.
  const session = await first.context.newCDPSession(first.page)
  await session.send('Debugger.enable')
  await session.send('Debugger.pause')
  // Without a screen every page counts as visible, so the browser never says that this one came to the front.
  await second.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await second.open('(309) 555-0167')
  await second.reply('Awake')
  await expect.poll(() => timesSent('Awake'), { timeout: 30_000 }).toBe(1)
  await expect(second.sign(/Delivered/).first()).toBeVisible({ timeout: 30_000 })
  expect(await timesSent('Awake')).toBe(1)
  await second.close()
})

test('[P5] [fault C3] the browser is killed with work pending and started again on the same profile: sent once', async ({
  playwright,
}) => {
  test.setTimeout(150_000)
  await server.hook('prof-1', 'Will it last?', { from: '+13095550165' })
  const { mkdtempSync, rmSync } = await import('node:fs')
  const profile = mkdtempSync('/tmp/parley-profile-')
  const launch = () =>
    playwright.chromium.launchPersistentContext(profile, {
      executablePath: chromium,
      args: browserArgs,
      viewport: { width: 1440, height: 900 },
    })
  const before = await launch()
  const maya = await Agent.in(before, wire.origin, 'maya')
  await maya.open('(309) 555-0165')
  await expect(maya.bubble('Will it last?')).toBeVisible()
  await goOffline(maya)
  await maya.reply('It lasts')
  await expect(maya.dot(/1 change waiting/)).toBeVisible()
  const session = await before.newCDPSession(maya.page)
  await session.send('Browser.crash').catch(() => undefined)
  await before.close().catch(() => undefined)
  wire.mend()
  const after = await launch()
  const page = after.pages()[0] ?? (await after.newPage())
  await page.goto(wire.origin)
  // A browser writes cookies to disk every half minute: one that dies before may have to sign in again, which it is
  // told once its replica stands on the screen.
  const asked = page.getByLabel('Email')
  await expect
    .poll(async () => (await asked.isVisible()) || (await timesSent('It lasts')) === 1, { timeout: 60_000 })
    .toBe(true)
  if (await asked.isVisible()) await Agent.in(after, wire.origin, 'maya')
  await expect.poll(() => timesSent('It lasts'), { timeout: 60_000 }).toBe(1)
  await after.close()
  rmSync(profile, { recursive: true, force: true })
})
