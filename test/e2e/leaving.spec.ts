import { expect, test } from '@playwright/test'
import { makeIds } from '#shared/base/ids.ts'
import { rowsFingerprint, wireVersion } from '#shared/wire/version.ts'
import { makeRandom } from '#test/kit/random.ts'
import { Agent } from './people.ts'
import { Wire } from './proxy.ts'
import { Server } from './server.ts'

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

const databases = (agent: Agent) =>
  agent.page.evaluate(async () =>
    (await indexedDB.databases()).flatMap(({ name }) => (name?.startsWith('parley:') ? [name] : [])),
  )

async function pressSignOut(agent: Agent, name: string): Promise<void> {
  await agent.page.getByRole('button', { name: `Me: ${name}` }).click()
  await agent.page.getByRole('menuitem', { name: 'Sign out' }).click()
}

test('[flow 66] [P5] a sign-out deletes the copy of the company; unsent work is asked about, and kept work is sent at the next sign-in', async ({
  browser,
}) => {
  await server.hook('out-1', 'Before you go?', { from: '+13095550430' })
  const wire = await Wire.to(server.port)
  const maya = await Agent.signIn(browser, wire.origin, 'maya')
  await maya.open('(309) 555-0430')
  wire.cut()
  await maya.context.setOffline(true)
  await maya.reply('I am on my way out')
  await pressSignOut(maya, 'Maya')
  const question = maya.page.getByRole('alertdialog')
  await expect(question).toContainText('1 change is on this device only.')
  await question.getByRole('button', { name: 'Stay signed in' }).click()
  await expect(question).toHaveCount(0)
  await expect(maya.bubble('I am on my way out')).toBeVisible()
  await pressSignOut(maya, 'Maya')
  wire.mend()
  // The sign-out itself needs the service; nothing was handed to it before.
  wire.latency = 0
  await question.getByRole('button', { name: 'Keep for later' }).click()
  await maya.context.setOffline(false)
  await expect(maya.page.getByRole('button', { name: 'Log In' })).toBeVisible({ timeout: 40_000 })
  await maya.logIn(wire.origin, 'maya')
  const sent = async () => (await server.sent()).filter(({ text }) => text === 'I am on my way out').length
  await expect.poll(sent, { timeout: 40_000 }).toBe(1)
  await pressSignOut(maya, 'Maya')
  await expect(maya.page.getByRole('button', { name: 'Log In' })).toBeVisible()
  await expect.poll(() => databases(maya)).toEqual([])
  await maya.close()
  await wire.close()
})

test('[flow 67] a shared computer keeps nothing, also on a phone', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  const page = await context.newPage()
  await page.goto(server.origin)
  await page.getByRole('checkbox', { name: 'This computer is shared' }).check()
  await expect(page.getByText(/^Nothing is kept in this browser/)).toBeVisible()
  await page.getByLabel('Email').fill('sam@demo.test')
  await page.getByLabel('Password').fill('parley-demo')
  await page.getByRole('button', { name: 'Log In' }).click()
  await expect(page.getByRole('list', { name: 'Conversations' }).getByRole('link').first()).toBeVisible()
  const kept = await page.evaluate(async () => ({
    databases: (await indexedDB.databases()).filter(({ name }) => name?.startsWith('parley:')).length,
    texts: JSON.stringify({ ...localStorage }).includes('Omar'),
  }))
  expect(kept).toEqual({ databases: 0, texts: false })
  await context.close()
})

test('[flow 68] [F40] [F41] a permission that is withdrawn takes its screen away where it stands, and what is typed elsewhere stays', async ({
  browser,
}) => {
  const admin = await Agent.signIn(browser, server.origin, 'admin')
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const settings = await maya.tab(server.origin)
  await maya.open('Omar Haddad')
  await maya.write('Half a sentence')
  await setRole(admin, 'maya', 'admin')
  await settings.page.goto(`${server.origin}/settings/numbers`)
  await expect(settings.page.getByRole('heading', { level: 2, name: 'Numbers' })).toBeVisible()
  await expect(settings.page.getByRole('main').getByText('(309) 555-0100')).toBeVisible()
  await setRole(admin, 'maya', 'agent')
  await expect(settings.page.getByRole('heading', { level: 2, name: 'User Profile' })).toBeVisible()
  await expect(settings.page.getByRole('link', { name: 'Numbers' })).toHaveCount(0)
  await expect(maya.page.getByRole('textbox', { name: 'Compose a Message' })).toHaveValue('Half a sentence')
  await maya.reply('A whole sentence')
  await Promise.all([admin.close(), maya.close()])
})

let random = 1
/** Said over a socket of the admin's own page: no screen gives roles yet. */
async function setRole(admin: Agent, agent: string, role: 'admin' | 'agent'): Promise<void> {
  const bytes = makeRandom(random++)
  const ids = makeIds(() => bytes.bytes(16))
  const hello = {
    t: 'hello',
    version: wireVersion,
    fingerprint: rowsFingerprint,
    account: 'northwind',
    agent: 'admin',
    client: ids.client(),
    epoch: 1,
    cursors: {},
  }
  const frame = {
    t: 'command',
    n: 1,
    id: ids.command(),
    command: { name: 'SetRole', agent, role },
    seen: 0,
    synced: true,
    waited: 0,
  }
  await admin.page.evaluate(
    async (frames) => {
      const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/api/socket`)
      await new Promise((resolve) => {
        socket.addEventListener('open', () => frames.forEach((frame) => socket.send(JSON.stringify(frame))))
        socket.addEventListener('close', resolve)
      })
    },
    [hello, frame, { t: 'bye' }],
  )
}
