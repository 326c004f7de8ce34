import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readReplica } from '#client/db/meta.ts'
import { readView, readViews } from '#client/db/views.ts'
import { conversationOf, customer, seededEdge } from './kit/fake-edge.ts'
import { rest, until } from './kit/fake-device.ts'
import { forgetDatabases, maya, openPage, type Page } from './kit/page.ts'

let page: Page | null = null
beforeEach(forgetDatabases)
afterEach(() => page?.close())

const replica = () => (page as Page).store.read(readReplica)

for (const memory of [false, true])
  describe(`a first copy in ${memory ? 'memory' : 'Dexie'}`, () => {
    it('[E8] fills the replica page by page and writes the cursor of the welcome', async () => {
      const edge = seededEdge(12)
      edge.pageSize = 5
      page = await openPage(edge, { memory })
      await page.live()
      const { boot, cursor, epoch } = await replica()
      expect({ boot, cursor, epoch }).toEqual({
        boot: null,
        cursor: { seq: edge.seq, tag: `tag${edge.seq}` },
        epoch: 1,
      })
      const open = await page.store.read((tx) => readView(tx, maya.agent, 'open', 50, 0))
      expect(open.rows.map(({ user }) => user?.address)).toEqual(
        Array.from({ length: 12 }, (_, index) => customer(11 - index)),
      )
    })

    it('[F66] counts unread by index, per view, and follows the read mark', async () => {
      const edge = seededEdge(3)
      page = await openPage(edge, { memory })
      await page.live()
      const read = async () => (await (page as Page).store.read((tx) => readViews(tx, maya.agent, 0))).unread
      expect(await read()).toMatchObject({ open: 3, mine: 0, groups: 0, unassigned: 3, closed: 0 })
      edge.holding = true
      await page.actions.markRead(conversationOf(edge, 0).id, 1)
      expect(await read()).toMatchObject({ open: 2, unassigned: 2 })
      edge.release()
      await until(async () => (await (page as Page).pending()).length === 0)
      expect(await read()).toMatchObject({ open: 2, unassigned: 2 })
    })
  })

describe('an interrupted first copy', () => {
  it('[E8] goes on from its key, and what changed meanwhile comes as a delta', async () => {
    const edge = seededEdge(20)
    edge.pageSize = 10
    page = await openPage(edge)
    await until(async () => ((await replica()).boot?.done ?? 0) >= 20)
    page.close()
    const { boot } = await replica().catch(() => ({ boot: null }))
    edge.fetched.length = 0
    edge.inbound(customer(3), 'While you were away')
    page = await openPage(edge, { seed: 2 })
    const resumed = await replica()
    expect(boot ?? resumed.boot).not.toBeNull()
    await page.live()
    expect(edge.fetched.some((path) => path.startsWith('/api/rows/first'))).toBe(false)
    const open = await page.open(conversationOf(edge, 3).id)
    expect(open?.conversation.preview).toBe('While you were away')
    const list = await page.store.read((tx) => readView(tx, maya.agent, 'open', 50, 0))
    expect(list.rows).toHaveLength(20)
  })

  it('[E8] a live frame is not undone by an older page, nor a tombstone', async () => {
    const edge = seededEdge(6)
    const gone = conversationOf(edge, 5)
    const late = conversationOf(edge, 4)
    // The pages were read before these two changes and arrive after them.
    const stale = [...edge.rows.values()].map((row) => structuredClone(row))
    let asked: (() => void) | null = null
    const fetch = edge.fetch.bind(edge)
    edge.fetch = async (path) => {
      if (!path.startsWith('/api/rows')) return fetch(path)
      if (path.startsWith('/api/rows/first')) return fetch(path)
      await new Promise<void>((resolve) => (asked = resolve))
      return { status: 200, json: async () => ({ rows: stale, next: null }), header: () => null }
    }
    page = await openPage(edge)
    await until(() => asked !== null)
    edge.remove('conversations', gone.id)
    edge.inbound(customer(4), 'Newer')
    await until(async () => (await replica()).cursor.seq === edge.seq)
    ;(asked as unknown as () => void)()
    await page.live()
    expect((await page.open(late.id))?.conversation.preview).toBe('Newer')
    expect(await page.open(gone.id)).toBeNull()
    // Done: nothing is left of the tombstone.
    expect(await page.store.read((tx) => tx.get('conversations', gone.id))).toBeUndefined()
  })
})

describe('what cannot be read', () => {
  it('[E8] a row that its schema does not take is left out, asked for once, and stops nothing', async () => {
    const edge = seededEdge(2)
    page = await openPage(edge)
    await page.live()
    const id = conversationOf(edge, 0).id
    edge.commit([
      { kind: 'row', table: 'conversations', row: { ...conversationOf(edge, 0), status: 'odd' as 'open' } },
      { kind: 'row', table: 'conversations', row: { ...conversationOf(edge, 1), preview: 'fine' } },
    ])
    await until(async () => (await replica()).cursor.seq === edge.seq)
    await rest()
    expect((await page.open(conversationOf(edge, 1).id))?.conversation.preview).toBe('fine')
    expect((await page.open(id))?.conversation.status).toBe('open')
    expect(edge.said('catch up')).toHaveLength(1)
    expect(await page.store.read((tx) => tx.all('quarantine'))).toMatchObject([
      { key: `conversations/${id}`, asked: true },
    ])
  })
})
