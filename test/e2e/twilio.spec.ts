import { expect, test } from '@playwright/test'
import { Agent } from './people.ts'
import { Server } from './server.ts'

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

test('[F2] [F6] a text in by signed Twilio webhook, the answer out through its API, receipts in', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  const arrived = await server.simulator<{ status: number }>('/api/inbound', {
    channel: 'northwind-twilio',
    from: '+13095550170',
    to: '+13095550102',
    text: 'By way of Twilio',
  })
  expect(arrived.status).toBe(200)
  await maya.open('(309) 555-0170')
  await expect(maya.bubble('By way of Twilio')).toBeVisible()
  await maya.reply('And back the same way')
  await sam.open('(309) 555-0170')
  for (const agent of [maya, sam]) await expect(agent.sign(/Delivered/)).toBeVisible()
  const sent = (await server.sent('northwind-twilio')).filter(({ text }) => text === 'And back the same way')
  expect(sent).toMatchObject([{ from: '+13095550102', to: '+13095550170' }])
  expect(await server.sent('northwind')).toEqual([])
  await maya.close()
  await sam.close()
})

test('[E21] D1 is away for ten minutes of the clock: the inbox works, the lag is shown, and it ends', async ({
  browser,
}) => {
  test.setTimeout(120_000)
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await server.simulator('/api/history', { down: true })
  await server.hook('d1-1', 'Is the database away?', { from: '+13095550171' })
  await maya.open('(309) 555-0171')
  await maya.reply('Nothing to notice here')
  await expect(maya.sign(/Delivered/)).toBeVisible()
  for (let minute = 0; minute < 10; minute++) {
    await server.simulator('/api/clock', { account: 'northwind', ms: 60_000 })
    await maya.page.waitForTimeout(100)
  }
  await maya.dot('Connected').click()
  await expect(maya.page.getByText(/history is behind since/i)).toBeVisible()
  await server.simulator('/api/history', { down: false })
  await server.simulator('/api/clock', { account: 'northwind', ms: 120_000 })
  await expect(maya.page.getByText(/history is behind since/i)).toHaveCount(0, { timeout: 30_000 })
  await maya.close()
})
