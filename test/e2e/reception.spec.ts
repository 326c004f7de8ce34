import { expect, test } from '@playwright/test'
import { Agent } from './people.ts'
import { Server } from './server.ts'

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

const phone = { width: 390, height: 844 }
const owner = (agent: Agent, name: string) => agent.page.getByRole('button', { name: `Owner: ${name}` })

async function transfer(agent: Agent, to: RegExp): Promise<void> {
  await agent.page.getByRole('button', { name: /^Owner: / }).click()
  const dialog = agent.page.getByRole('dialog', { name: 'Owner' })
  await dialog.getByRole('radio', { name: to }).check({ force: true })
  await dialog.getByRole('button', { name: 'TRANSFER' }).click()
}

test('[flow 86] [F51] [F84] [F144] [F158] reception answers for everybody, leaves a note and hands over to a colleague', async ({
  browser,
}) => {
  const talk = '(309) 555-3301'
  const [maya, sam] = [
    await Agent.signIn(browser, server.origin, 'maya'),
    await Agent.signIn(browser, server.origin, 'sam', phone, false),
  ]
  await server.hook('reception-1', 'My brakes squeal. Who can look at them?', { from: '+13095553301' })
  for (const agent of [maya, sam]) {
    await expect(agent.item(talk)).toContainText('My brakes squeal')
    await expect(agent.item(talk).getByRole('img', { name: 'Customer Replied' })).toBeVisible()
  }
  await maya.view('Unassigned').click()
  await maya.open(talk)
  await maya.reply('Sam knows brakes best. One moment!')
  await expect(sam.item(talk).getByRole('img', { name: 'An agent spoke last' })).toBeVisible()
  await maya.note('Front axle was done in May, look at the rear.')
  await transfer(maya, /^Sam/)
  await expect(maya.item(talk)).toHaveCount(0)
  await sam.page.getByRole('button', { name: 'Choose a view' }).click()
  await sam.view('Just Mine').click()
  await sam.open(talk)
  await expect(sam.bubble('Front axle was done in May, look at the rear.')).toBeVisible()
  await expect(owner(sam, 'Sam')).toBeVisible()
  // What agents write for each other is theirs: the customer's handset has the answer alone.
  const texts = (await server.sent()).filter(({ to }) => to === '+13095553301').map(({ text }) => text)
  expect(texts).toEqual(['Sam knows brakes best. One moment!'])
  await Promise.all([maya.close(), sam.close()])
})

test('[flow 87] [F154] [F155] [F78] [F88] a group owns together: whoever of it takes a conversation leaves it in sight of the others', async ({
  browser,
}) => {
  const talk = '(309) 555-3302'
  await server.hook('reception-2', 'Is my invoice ready?', { from: '+13095553302' })
  const [maya, sam] = [
    await Agent.signIn(browser, server.origin, 'maya'),
    await Agent.signIn(browser, server.origin, 'sam'),
  ]
  await maya.open(talk)
  await transfer(maya, /^Sales/)
  await expect(owner(maya, 'Sales')).toBeVisible()
  for (const agent of [maya, sam]) {
    await agent.view('My Groups').click()
    await expect(agent.item(talk)).toBeVisible()
  }
  await server.simulator('/api/clock', { account: 'northwind', ms: 16 * 60_000 })
  for (const agent of [maya, sam])
    await expect(agent.item(talk).getByRole('img', { name: 'Waiting for Reply' })).toBeVisible()
  for (const agent of [maya, sam]) await agent.open(talk)
  await sam.claim()
  await expect(owner(maya, 'Sam · Sales')).toBeVisible()
  await sam.reply('It is, I am sending it now.')
  await expect(maya.item(talk).getByRole('img', { name: 'Waiting for Reply' })).toHaveCount(0)
  await expect(maya.item(talk).getByRole('img', { name: 'An agent spoke last' })).toBeVisible()
  await Promise.all([maya.close(), sam.close()])
})

test('[flow 88] [F82] [F87] what Parley answers by itself wears the gear and is no answer: who waits stands in every view of open conversations', async ({
  browser,
}) => {
  const talk = '(309) 555-3303'
  const [from, to] = ['+13095553303', '+13095550101']
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  await server.hook('reception-3', 'Do you open on Sunday?', { from, to })
  await expect(sam.item(talk).getByRole('img', { name: 'Customer Replied' })).toBeVisible()
  await server.hook('reception-4', 'HELP', { from, to })
  await expect(sam.item(talk).getByRole('img', { name: 'Auto-Replied' })).toBeVisible()
  // Who waits longest stands first in Waiting, so that only its end tells who is not there.
  const list = sam.page.getByRole('list', { name: 'Conversations' })
  const look = async (view: string) => {
    await sam.view(view).click()
    await expect(sam.page.getByRole('heading', { name: view, level: 2 })).toBeVisible()
    if (view !== 'Waiting') return
    await expect(async () => {
      await list.evaluate((list) => list.scrollIntoView({ block: 'end' }))
      const places = await list
        .getByRole('listitem')
        .evaluateAll((rows) => rows.map((row) => row.ariaPosInSet === row.ariaSetSize))
      expect(places).toContain(true)
    }).toPass()
  }
  await look('Waiting')
  await expect(sam.item(talk)).toHaveCount(0)
  await server.simulator('/api/clock', { account: 'northwind', ms: 16 * 60_000 })
  for (const view of ['Waiting', 'Open', 'My Groups', 'Service']) {
    await look(view)
    await expect(sam.item(talk).getByRole('img', { name: 'Waiting for Reply' })).toBeVisible()
  }
  await sam.open(talk)
  await sam.reply('On the first one of a month.')
  await expect(sam.item(talk).getByRole('img', { name: 'Waiting for Reply' })).toHaveCount(0)
  await look('Waiting')
  await expect(sam.item(talk)).toHaveCount(0)
  await sam.close()
})
