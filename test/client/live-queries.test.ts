import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ownDraft } from '#client/db/composer.ts'
import { DexieStore } from '#client/db/dexie-store.ts'
import { MemoryStore } from '#client/db/memory-store.ts'
import type { ComposerRecord } from '#client/db/records.ts'
import type { Store, Tx } from '#client/db/store.ts'
import { rest, until } from './kit/fake-device.ts'
import { forgetDatabases } from './kit/page.ts'

const typed = (text: string, version = 1): ComposerRecord => ({
  key: `c${'a'.repeat(26)}:reply`,
  conversation: `c${'a'.repeat(26)}` as ComposerRecord['conversation'],
  kind: 'reply',
  version,
  text,
  held: ownDraft(0),
  sent: null,
  beside: null,
})

for (const kind of ['dexie', 'memory'] as const)
  describe(`queries over a replica in ${kind}`, () => {
    let store: Store
    let stop: () => void = () => undefined
    beforeEach(async () => {
      await forgetDatabases()
      store = kind === 'dexie' ? await DexieStore.open('live') : new MemoryStore()
    })
    afterEach(() => {
      stop()
      store.close()
      vi.restoreAllMocks()
    })

    it('[E4] a read is followed however deep behind awaits it was made', async () => {
      const deep = async (tx: Tx, depth: number): Promise<string> => {
        await tx.get('meta', 'owner')
        await Promise.resolve()
        return depth === 0 ? ((await tx.get('composer', typed('').key))?.text ?? '') : deep(tx, depth - 1)
      }
      const seen: string[] = []
      stop = store.live(
        (tx) => deep(tx, 5),
        (text) => seen.push(text),
      )
      await until(() => seen.length === 1)
      await store.write((tx) => tx.put('composer', [typed('now')]))
      await until(() => seen.at(-1) === 'now')
    })

    it('[E4] a write that touches nothing of it asks nothing again', async () => {
      let runs = 0
      stop = store.live(
        (tx) => tx.get('composer', 'another'),
        () => runs++,
      )
      await until(() => runs === 1)
      await store.write((tx) => tx.put('composer', [typed('elsewhere')]))
      await store.write((tx) => tx.remove('pending', ['none']))
      await rest()
      expect(runs).toBe(1)
    })

    it('[E4] a write during a run is not missed, and the last answer is the newest', async () => {
      const seen: number[] = []
      stop = store.live(
        (tx) => tx.all('composer'),
        (all) => seen.push(all[0]?.version ?? 0),
      )
      for (let version = 1; version <= 30; version++)
        await store.write((tx) => tx.put('composer', [typed('x', version)]))
      await until(() => seen.at(-1) === 30)
      expect(seen).toEqual(seen.toSorted((left, right) => left - right))
    })

    it('[E4] a write that throws leaves nothing and tells nobody', async () => {
      let runs = 0
      stop = store.live(
        (tx) => tx.all('composer'),
        () => runs++,
      )
      await until(() => runs === 1)
      const failing = store.write(async (tx) => {
        await tx.put('composer', [typed('half')])
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      await rest()
      expect(runs).toBe(1)
      expect(await store.read((tx) => tx.all('composer'))).toEqual([])
    })

    it('[E4] queries that a write calls for share a moment: what they have in common is worked out once', async () => {
      let made = 0
      const text = (tx: Tx) =>
        tx.once('text', async (tx) => {
          made++
          return (await tx.get('composer', typed('').key))?.text ?? ''
        })
      const seen: Record<string, string[]> = { one: [], other: [] }
      const stops = Object.values(seen).map((list) => store.live(text, (answer) => list.push(answer)))
      stop = () => stops.forEach((stop) => stop())
      await until(() => seen.one?.length === 1 && seen.other?.length === 1)
      expect(made).toBe(1)
      // What the one read for both is followed for both.
      await store.write((tx) => tx.put('composer', [typed('now')]))
      await until(() => seen.one?.at(-1) === 'now' && seen.other?.at(-1) === 'now')
      expect(made).toBe(2)
    })

    it('[E4] in a transaction that writes nothing is remembered', async () => {
      const texts = await store.write(async (tx) => {
        const read = () =>
          tx.once('text', async (tx) => (await tx.get('composer', typed('').key))?.text ?? 'nothing')
        const before = await read()
        await tx.put('composer', [typed('written')])
        return [before, await read(), (await tx.many('composer', [typed('').key]))[0]?.text]
      })
      expect(texts).toEqual(['nothing', 'written', 'written'])
    })

    it('[E4] who read one small table is not asked again for a row of another', async () => {
      const record = (table: 'groups' | 'readMarks', seq: number) => ({
        key: `${table}/one`,
        table,
        id: 'one',
        seq,
        row: null,
      })
      const seen: number[] = []
      stop = store.live(
        (tx) => tx.range('small', 'table', { from: 'groups', to: 'groups' }),
        (rows) => seen.push(rows[0]?.seq ?? 0),
      )
      await until(() => seen.length === 1)
      await store.write((tx) => tx.put('small', [record('readMarks', 1)]))
      await rest()
      expect(seen).toEqual([0])
      await store.write((tx) => tx.put('small', [record('groups', 2)]))
      await until(() => seen.at(-1) === 2)
    })

    it('[E4] a query that fails takes no answer from those that are asked with it', async () => {
      const faults: unknown[] = []
      store.watch({ damaged: () => faults.push('damaged'), full: () => undefined })
      vi.spyOn(console, 'error').mockImplementation(() => undefined)
      const seen: number[] = []
      const stops = [
        store.live(
          async (tx) => {
            await tx.all('composer')
            throw new Error('This record is damaged.')
          },
          () => seen.push(-1),
        ),
        store.live(
          async (tx) => (await tx.all('composer')).length,
          (count) => seen.push(count),
        ),
      ]
      stop = () => stops.forEach((stop) => stop())
      await until(() => seen.length === 1 && faults.length === 1)
      await store.write((tx) => tx.put('composer', [typed('one')]))
      await until(() => seen.length === 2 && faults.length === 2)
      expect(seen).toEqual([0, 1])
    })
  })

describe('what was read before', () => {
  let store: DexieStore
  const both = (tx: Tx) => Promise.all([tx.many('composer', [typed('').key]), tx.all('composer')])
  beforeEach(async () => {
    await forgetDatabases()
    store = await DexieStore.open('live')
    await store.write((tx) => tx.put('composer', [typed('first')]))
  })
  afterEach(() => {
    store.close()
    vi.restoreAllMocks()
  })

  it('[E4] is not asked of the database again until something of it was written', async () => {
    await store.read(both)
    const asked = [
      vi.spyOn(IDBObjectStore.prototype, 'get'),
      vi.spyOn(IDBObjectStore.prototype, 'getAll'),
      vi.spyOn(IDBObjectStore.prototype, 'openCursor'),
    ]
    const count = () => asked.reduce((sum, spy) => sum + spy.mock.calls.length, 0)
    await store.read(both)
    // Which write was the last.
    expect(count()).toBe(1)
    await store.write((tx) => tx.put('composer', [typed('second', 2)]))
    const [[one], all] = await store.read(both)
    expect([one?.text, all[0]?.text]).toEqual(['second', 'second'])
  })

  it('[E4] [E16] is asked again where another page wrote, also before that page told of it', async () => {
    const other = await DexieStore.open('live')
    await store.read(both)
    for (const text of ['over there', 'and again']) {
      await other.write((tx) => tx.put('composer', [typed(text)]))
      const [[one], all] = await store.read(both)
      expect([one?.text, all[0]?.text]).toEqual([text, text])
    }
    other.close()
  })

  it('[P6] [fault C4] is asked again of a database that was emptied behind the page, however much is written to it then', async () => {
    await store.write((tx) => tx.put('composer', [typed('second', 2)]))
    await store.read(both)
    for (const table of store.db.tables) await table.clear()
    for (let round = 0; round < 5; round++) {
      await store.write((tx) => tx.put('meta', [{ key: 'press', next: round }]))
      expect((await store.read(both))[1]).toEqual([])
      expect(await store.write((tx) => tx.get('composer', typed('').key))).toBeUndefined()
    }
  })

  it('[E4] is as it was where a write failed', async () => {
    await store.read(both)
    const failing = store.write(async (tx) => {
      await tx.put('composer', [typed('half')])
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect((await store.read(both))[1][0]?.text).toBe('first')
  })
})

describe('two pages', () => {
  it('[E16] what one stores, the other draws', async () => {
    await forgetDatabases()
    const [first, second] = [await DexieStore.open('live'), await DexieStore.open('live')]
    const seen: string[] = []
    const stop = second.live(
      (tx) => tx.all('composer'),
      (all) => seen.push(all[0]?.text ?? ''),
    )
    await until(() => seen.length === 1)
    await first.write((tx) => tx.put('composer', [typed('over there')]))
    await until(() => seen.at(-1) === 'over there')
    stop()
    first.close()
    second.close()
  })
})
