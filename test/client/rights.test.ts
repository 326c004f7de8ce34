import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readReplica } from '#client/db/meta.ts'
import { readSmall } from '#client/db/rows.ts'
import type { Stray } from '#shared/rows/stray.ts'
import { conversationOf, seededEdge, type FakeEdge } from './kit/fake-edge.ts'
import { until } from './kit/fake-device.ts'
import { forgetDatabases, openPage, type Page } from './kit/page.ts'

let edge: FakeEdge
let page: Page
beforeEach(async () => {
  await forgetDatabases()
  edge = seededEdge(3)
  for (const text of ['one', 'two', 'three', 'four']) stray(text)
  edge.pageSize = 2
  page = await openPage(edge)
  await page.live()
})
afterEach(() => page.close())

const mine = ['account', 'agent:maya']
const all = ['account', 'may:see strays', 'agent:maya']

function stray(text: string): void {
  const id = `e${text.padEnd(26, 'a')}` as Stray['id']
  const row: Stray = { id, channel: 'northwind' as Stray['channel'], from: '+1', to: '+2', text, at: 1 }
  edge.commit([{ kind: 'row', table: 'strays', row }])
}
const strays = async () =>
  (await page.store.read((tx) => readSmall(tx, 'strays'))).map(({ text }) => text).toSorted()
const copied = () =>
  until(async () => {
    const { boot, rights } = await page.store.read(readReplica)
    return boot === null && rights?.audiences.length === edge.audiences.length
  })

/** The connection goes, the edge changes the rights, the connection comes back. */
async function away(audiences: string[]): Promise<void> {
  edge.cut()
  await until(() => page.engine.status.phase !== 'live')
  edge.audiences = audiences
  page.device.pass(20_000)
  await page.live()
  await copied()
}

describe('a change of rights', () => {
  it('[E7] what an agent may not see is not on the device, and comes in pages when they may', async () => {
    expect(await strays()).toEqual([])
    edge.fetched.length = 0
    edge.setRights(all)
    await copied()
    expect(await strays()).toEqual(['four', 'one', 'three', 'two'])
    expect(edge.fetched.length).toBeGreaterThan(1)
    for (const path of edge.fetched)
      expect(new URL(path, 'http://edge').searchParams.get('audiences')).toBe('may:see strays')
    expect(page.engine.status.phase).toBe('live')
    stray('five')
    await until(async () => (await strays()).includes('five'))
  })

  it('[E7] one instruction drops everything of a lost audience and nothing else', async () => {
    edge.setRights(all)
    await copied()
    edge.setRights(mine)
    await copied()
    expect(await strays()).toEqual([])
    expect((await page.open(conversationOf(edge, 0).id))?.conversation.preview).not.toBe('')
    expect((await page.store.read((tx) => readSmall(tx, 'agents'))).length).toBe(2)
  })

  it('[E7] what was lost or gained without a connection follows from the sets at hello', async () => {
    edge.setRights(all)
    await copied()
    await away(mine)
    expect(await strays()).toEqual([])
    await away(all)
    expect(await strays()).toHaveLength(4)
  })

  it('[E7] a page that was asked for before the right was lost brings nothing back', async () => {
    const fetch = edge.fetch.bind(edge)
    let answer: (() => void) | null = null
    edge.fetch = async (path) => {
      const reply = await fetch(path)
      if (path.includes('audiences=')) await new Promise<void>((resolve) => (answer = resolve))
      return reply
    }
    edge.setRights(all)
    await until(() => answer !== null)
    const late = answer as unknown as () => void
    edge.fetch = fetch
    edge.setRights(mine)
    late()
    await copied()
    stray('later')
    await page.engine.settled()
    expect(await strays()).toEqual([])
  })
})
