import { expect, test } from '@playwright/test'
import { Agent } from './people.ts'
import { Wire } from './proxy.ts'
import { Server } from './server.ts'

test.use({ serviceWorkers: 'allow' })

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

/** Maya's reply and Sam's end cross on the wire, so that the reply is prompt and finds the conversation closed. */
async function cross(maya: Agent, sam: Agent, title: string, text: string): Promise<void> {
  await sam.open(title)
  await maya.open(title)
  await maya.write(text)
  await maya.live()
  wire.latency = 4_000
  await sam.end()
  await expect(sam.row(title)).toHaveCount(0)
  await maya.page.getByRole('button', { name: 'SEND', exact: true }).click()
}

test('[flow 53] [E13] [F226] a reply that crosses the end is refused, and its text stands in a new conversation with the reason', async ({
  browser,
}) => {
  await server.hook('cross-1', 'Are you there?', { from: '+13095550191' })
  const maya = await Agent.signIn(browser, wire.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  const box = maya.page.getByRole('textbox', { name: 'Compose a Message' })
  await cross(maya, sam, '(309) 555-0191', 'Yes, here I am')

  await expect(maya.page.getByText('Sam ended this conversation. Your text was not sent.')).toBeVisible()
  await expect(box).toHaveValue('Yes, here I am')
  await expect(box).toBeFocused()
  await expect(maya.page.getByText('Nothing was sent yet.')).toBeVisible()
  expect((await server.sent()).filter(({ text }) => text === 'Yes, here I am')).toEqual([])
  wire.latency = 0
  // It is still there after a reload.
  await maya.page.reload()
  await expect(box).toHaveValue('Yes, here I am')
  await expect(maya.page.getByText('Sam ended this conversation. Your text was not sent.')).toBeVisible()

  await maya.page.getByRole('button', { name: 'SEND', exact: true }).click()
  await expect
    .poll(async () => (await server.sent()).filter(({ text }) => text === 'Yes, here I am').length)
    .toBe(1)
  await expect(maya.sign(/^Delivered/).first()).toBeVisible()
  await maya.close()
  await sam.close()
})

test('[E13] [F226] who looked at another conversation meanwhile finds the text with "Start a New Conversation"', async ({
  browser,
}) => {
  await server.hook('cross-2', 'Are you there?', { from: '+13095550192' })
  await server.hook('cross-3', 'Somebody else', { from: '+13095550193' })
  const maya = await Agent.signIn(browser, wire.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  await cross(maya, sam, '(309) 555-0192', 'Looked away')
  await maya.open('(309) 555-0193')
  wire.latency = 0
  await maya.page.getByRole('button', { name: '1 change was refused' }).waitFor()
  await expect(maya.page.getByRole('log', { name: 'Conversation with (309) 555-0193' })).toBeVisible()

  await maya.page.getByRole('tab', { name: '(309) 555-0192' }).click()
  await expect(maya.page.getByText('What you wrote goes along.')).toBeVisible()
  await maya.page.getByRole('button', { name: 'Start a New Conversation' }).click()
  await expect(maya.page.getByRole('textbox', { name: 'Compose a Message' })).toHaveValue('Looked away')
  await expect(maya.page.getByText('Sam ended this conversation. Your text was not sent.')).toBeVisible()
  await maya.close()
  await sam.close()
})
