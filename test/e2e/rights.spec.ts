import { expect, test } from '@playwright/test'
import { makeIds } from '#shared/base/ids.ts'
import { rowsFingerprint, wireVersion } from '#shared/wire/version.ts'
import { makeRandom } from '#test/kit/random.ts'
import { Agent } from './people.ts'
import { Server } from './server.ts'

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

test('[flow 77] [F40] [F41] a permission that is withdrawn takes its screen away where it stands, and what is typed elsewhere stays', async ({
  browser,
}) => {
  const admin = await Agent.signIn(browser, server.origin, 'admin')
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const settings = await maya.tab(server.origin)
  await maya.open('Omar Haddad')
  await maya.write('Half a sentence')
  await setRole(admin, 'maya', 'admin')
  await settings.page.goto(`${server.origin}/settings/numbers`)
  await expect(settings.page.getByRole('heading', { level: 2, name: 'Numbers', exact: true })).toBeVisible()
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
