import { expect, test } from '@playwright/test'
import { Agent } from './people.ts'
import { Server } from './server.ts'

test.use({ serviceWorkers: 'allow' })

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())
test.afterEach(async () => {
  await server.simulator('/api/faults', { channel: 'northwind', mode: 'none', receipts: 'auto' })
})

test('[flow 14] [P6] [F60] a text in stands on both screens without a reload', async ({ browser }) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  await server.hook('a-1', 'Is anybody there?', { from: '+13095550177' })
  for (const agent of [maya, sam]) {
    await expect(agent.row('(309) 555-0177')).toBeVisible()
    await agent.open('(309) 555-0177')
    await expect(agent.bubble('Is anybody there?')).toBeVisible()
  }
  await maya.close()
  await sam.close()
})

test('[flow 34] [F108] a reply goes out once, and its signs turn on laptop and phone; one without a connection waits for it', async ({
  browser,
}) => {
  await server.simulator('/api/faults', { channel: 'northwind', mode: 'none', receipts: 'manual' })
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam', { width: 390, height: 844 }, false)
  await server.hook('b-1', 'Do you open on Sunday?', { from: '+13095550178' })
  await maya.open('(309) 555-0178')
  await sam.open('(309) 555-0178')
  await maya.reply('We do, from ten.')
  for (const agent of [maya, sam]) await expect(agent.sign(/Sent to carrier/)).toBeVisible()
  const sent = (await server.sent()).filter(({ text }) => text === 'We do, from ten.')
  expect(sent).toHaveLength(1)
  await fetch(`${server.origin}/hooks/simulator/northwind/status`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-simulator-secret': 'simulator' },
    body: JSON.stringify({ id: sent[0]?.id, state: 'delivered' }),
  })
  for (const agent of [maya, sam]) await expect(agent.sign(/Delivered/)).toBeVisible()
  await sam.context.setOffline(true)
  await sam.reply('And until six.')
  await expect(sam.sign(/^Waiting for connection, will send when online$/).first()).toBeVisible()
  await expect(maya.bubble('And until six.')).toHaveCount(0)
  await sam.context.setOffline(false)
  for (const agent of [maya, sam])
    await expect(agent.sign(/Sent to carrier/)).toBeVisible({ timeout: 40_000 })
  expect((await server.sent()).filter(({ text }) => text === 'And until six.')).toHaveLength(1)
  await maya.close()
  await sam.close()
})

test('[P2] the same webhook twenty times at once and again after a restart is one bubble, one conversation, one unread', async ({
  browser,
}) => {
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  const unread = async () =>
    Number(
      /(\d+) unread/.exec(
        (await sam.view('My Groups').getAttribute('aria-label')) ?? (await sam.view('My Groups').innerText()),
      )?.[1] ?? Number.NaN,
    )
  const before = await unread()
  const post = () => server.hook('c-1', 'Twenty times the same', { from: '+13095550179', to: '+13095550101' })
  const answers = await Promise.all(Array.from({ length: 20 }, post))
  expect(answers.map(({ ok }) => ok)).not.toContain(false)
  await expect(sam.row('(309) 555-0179')).toBeVisible()
  await server.kill()
  await server.boot()
  expect((await post()).ok).toBe(true)
  await sam.live()
  await expect(sam.row('(309) 555-0179')).toHaveCount(1)
  expect(await unread()).toBe(before + 1)
  await sam.open('(309) 555-0179')
  await expect(sam.bubble('Twenty times the same')).toHaveCount(1)
  await expect(sam.thread().getByText(/assigned/i)).toHaveCount(1)
  await sam.close()
})

test('[flow 35] [P3] [F299] a carrier that accepts without answering: unconfirmed, sent once, later texts wait and leave once', async ({
  browser,
}) => {
  test.setTimeout(180_000)
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await server.hook('e-1', 'Hello?', { from: '+13095550180' })
  await maya.open('(309) 555-0180')
  const carrier = (mode: string) =>
    server.simulator('/api/faults', { channel: 'northwind', mode, receipts: 'manual' })
  await carrier('timeout-after-accept')
  const timesSent = async (text: string) => (await server.sent()).filter((sent) => sent.text === text).length
  await maya.reply('First try')
  await expect(maya.sign(/did not answer/).first()).toBeVisible({ timeout: 30_000 })
  // Nobody has to wait ten minutes for the carrier's list to be asked.
  await carrier('none')
  await maya.page.getByRole('button', { name: 'Check', exact: true }).click()
  await expect(maya.sign(/Sent to carrier/)).toHaveCount(1)
  await carrier('timeout-after-accept')
  await maya.reply('Second try')
  // The sign and its words.
  await expect(maya.sign(/did not answer/)).toHaveCount(2, { timeout: 30_000 })
  await maya.reply('Third try')
  await expect(maya.page.getByText('The carrier cannot be reached').first()).toBeVisible()
  await server.kill()
  await server.boot()
  await maya.live()
  await server.simulator('/api/clock', { account: 'northwind', ms: 600_000 })
  expect(await timesSent('First try')).toBe(1)
  expect(await timesSent('Third try')).toBe(0)
  const first = (await server.sent()).find(({ text }) => text === 'First try')
  const settle = await fetch(`${server.origin}/hooks/simulator/northwind/status?message=${first?.ref}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-simulator-secret': 'simulator' },
    body: JSON.stringify({ id: first?.id, state: 'delivered' }),
  })
  expect(settle.ok).toBe(true)
  await expect(maya.sign(/Delivered/)).toHaveCount(1)
  await server.simulator('/api/faults', { channel: 'northwind', mode: 'none', receipts: 'auto' })
  await server.simulator('/api/clock', { account: 'northwind', ms: 10_000 })
  await expect.poll(() => timesSent('Third try'), { timeout: 30_000 }).toBe(1)
  expect(await timesSent('First try')).toBe(1)
  expect(await timesSent('Second try')).toBe(1)
  await maya.close()
})

test('[flow 3] [P6] [F21] [DC21] a server that was away for a minute says so in the words of the guide, and every screen is right again by itself', async ({
  browser,
}) => {
  test.setTimeout(180_000)
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  await server.hook('f-1', 'Before the break', { from: '+13095550181' })
  await maya.open('(309) 555-0181')
  await server.kill()
  await expect(maya.dot(/Working offline/)).toBeVisible({ timeout: 30_000 })
  const trouble = maya.page.getByText(
    'The application is having trouble sending and receiving messages, please refresh the page.',
  )
  await expect(trouble).toHaveCount(0)
  await expect(trouble).toBeVisible({ timeout: 90_000 })
  await server.boot()
  await server.hook('f-2', 'After the break', { from: '+13095550181' })
  await maya.live()
  await sam.live()
  await expect(trouble).toHaveCount(0)
  await expect(maya.bubble('After the break')).toBeVisible()
  await sam.open('(309) 555-0181')
  await expect(sam.bubble('After the break')).toBeVisible()
  await maya.close()
  await sam.close()
})

test('[flow 1] [F24] [P7] a wrong password stays out, and Contoso sees nothing of Northwind', async ({
  browser,
}) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(server.origin)
  await page.getByLabel('Email').fill('rita@demo.test')
  await page.getByLabel('Password').fill('not it')
  await page.getByRole('button', { name: 'Log In' }).click()
  await expect(page.getByRole('alert')).toContainText('do not match')
  await page.getByLabel('Password').fill('parley-demo')
  await page.getByRole('button', { name: 'Log In' }).click()
  await expect(page.getByText('Can I move my cleaning to Friday?').first()).toBeVisible()
  await expect(page.getByText('Marcus Bell')).toHaveCount(0)
  await context.close()
})

test('[flow 2] [P5] what stands in the composer survives a reload', async ({ browser }) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await maya.open('Marcus Bell')
  await maya.write('Half a sentence')
  await maya.page.reload()
  await expect(maya.page.getByRole('textbox', { name: 'Compose a Message' })).toHaveValue('Half a sentence')
  await maya.close()
})

test('[flow 2] [P5] a half-written note is what a reload comes back to, not an empty reply', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await maya.open('Dana Cruz')
  await maya.page.getByRole('button', { name: 'Note', exact: true }).click()
  const note = maya.page.getByRole('textbox', { name: 'Note', exact: true })
  await note.fill('For colleagues only')
  await maya.page.reload()
  await expect(note).toHaveValue('For colleagues only')
  // Also beside a half-written reply: whoever goes on typing writes to whom they wrote.
  const reply = maya.page.getByRole('textbox', { name: 'Compose a Message' })
  await maya.page.getByRole('button', { name: 'Reply', exact: true }).click()
  await reply.fill('For the customer')
  await maya.page.getByRole('button', { name: 'Note', exact: true }).click()
  await maya.page.reload()
  await expect(note).toHaveValue('For colleagues only')
  await maya.page.getByRole('button', { name: 'Reply', exact: true }).click()
  await maya.page.reload()
  await expect(reply).toHaveValue('For the customer')
  await reply.fill('')
  await maya.page.getByRole('button', { name: 'Note', exact: true }).click()
  await note.fill('')
  await maya.page.reload()
  await expect(maya.page.getByRole('textbox', { name: 'Compose a Message' })).toBeVisible()
  await maya.close()
})

test('[flow 35] [P3] Check that finds nothing says so under the text: when it was asked, also while nobody could be asked', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await server.hook('e-2', 'Are you there?', { from: '+13095550187' })
  await maya.open('(309) 555-0187')
  await server.simulator('/api/faults', {
    channel: 'northwind',
    mode: 'drop-before-accept',
    receipts: 'manual',
  })
  await maya.reply('We are')
  await expect(maya.sign(/did not answer/).first()).toBeVisible({ timeout: 30_000 })
  await server.simulator('/api/faults', { channel: 'northwind', mode: 'none', receipts: 'manual' })
  await maya.context.setOffline(true)
  const check = maya.page.getByRole('button', { name: 'Check', exact: true })
  await check.click()
  await expect(maya.sign(/^Asked at \d+:\d\d, waiting for connection$/)).toBeVisible()
  await maya.context.setOffline(false)
  const checked = maya.sign(/^Checked at \d+:\d\d: the carrier has not confirmed it$/)
  await expect(checked).toBeVisible({ timeout: 40_000 })
  // It stands there as long as the page does, and the text can be asked about again.
  await maya.page
    .getByRole('link', { name: /^Dana Cruz/ })
    .first()
    .click()
  await expect(checked).toHaveCount(0)
  await maya.open('(309) 555-0187')
  await expect(checked).toBeVisible()
  await expect(check).toBeVisible()
  expect((await server.sent()).filter(({ text }) => text === 'We are')).toEqual([])
  await maya.close()
})
