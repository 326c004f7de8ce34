import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
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
