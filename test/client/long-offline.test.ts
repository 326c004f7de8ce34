import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { day } from '#shared/base/time.ts'
import type { AgentId } from '#shared/base/ids.ts'
import { until } from './kit/fake-device.ts'
import { conversationOf, customer, seededEdge, type FakeEdge } from './kit/fake-edge.ts'
import { forgetDatabases, openPage, type Page } from './kit/page.ts'

let edge: FakeEdge
let page: Page
beforeEach(async () => {
  await forgetDatabases()
  edge = seededEdge(4)
  page = await openPage(edge, { memory: true })
  await page.live()
})
afterEach(() => page.close())

/** Changes made in a day without a connection. */
const changes = 500

it('[P5] [P6] [fault C1] a day offline with 500 changes, while others changed the same: each is applied once or listed', async () => {
  edge.down = true
  edge.cut()
  await until(() => page.engine.status.phase === 'connecting')
  const ids = [0, 1, 2, 3].map((index) => conversationOf(edge, index).id)
  for (let change = 0; change < changes; change++) {
    const id = ids[change % ids.length]
    if (!id) throw new Error('No conversation.')
    if (change === 480) await page.actions.end(ids[3] ?? id)
    else await page.actions.note(id, `note ${change}`)
    if (change % 50 === 0) page.device.clock.pass(day / 10)
  }
  // A customer wrote, and a colleague took one over and ended another, meanwhile.
  edge.inbound(customer(0), 'Anybody?')
  const [first, , , last] = ids
  if (!first || !last) throw new Error('No conversation.')
  edge.inbound(customer(3), 'One more thing')
  edge.act('sam' as AgentId, { name: 'EndConversation', conversation: first })
  edge.down = false
  await until(async () => {
    page.device.pass(1000)
    return (await page.pending()).length === 0
  }, 'the changes never left')
  const sent = edge.commands()
  expect(new Set(sent.map(({ id }) => id)).size).toBe(changes)
  const refused = await page.store.read((tx) => tx.all('refusals'))
  // The end overlooked a text, so it stands in the list of what was refused.
  expect(refused.map(({ command }) => command.name)).toContain('EndConversation')
  const told = (await Promise.all(ids.map(async (id) => (await page.open(id))?.confirmed ?? []))).flatMap(
    (entries) => entries.flatMap((entry) => (entry.kind === 'note' ? [entry.text] : [])),
  )
  expect(told.toSorted()).toEqual(told.filter((text, index) => told.indexOf(text) === index).toSorted())
  expect(told.length + refused.length).toBe(changes)
}, 120_000)
