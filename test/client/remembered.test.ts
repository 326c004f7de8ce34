import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { DexieStore } from '#client/db/dexie-store.ts'
import type { Looked } from '#client/db/looked.ts'
import { Remembered } from '#client/db/moment.ts'
import type { SmallRecord } from '#client/db/records.ts'
import type { Tx } from '#client/db/store.ts'
import { makeRandom } from '#test/kit/random.ts'
import { until } from './kit/fake-device.ts'
import { forgetDatabases } from './kit/page.ts'

const tables = ['groups', 'agents'] as const
const ids = ['one', 'two', 'three', 'four'] as const
const keyOf = (table: string, id: string) => `${table}/${id}`

/** Everything that a screen could ask of these records, by each way of asking. */
async function look(tx: Tx): Promise<Record<string, number>[]> {
  const named = tables.flatMap((table) => ids.map((id) => keyOf(table, id)))
  const counted = await Promise.all(tables.map((table) => tx.count('small', 'table', table)))
  const [first, many, all, ...ranges] = await Promise.all([
    tx.get('small', keyOf('groups', 'one')),
    tx.many('small', named),
    tx.all('small'),
    ...tables.map((table) => tx.range('small', 'table', { from: table, to: table })),
  ])
  const seen = (records: readonly (SmallRecord | undefined)[]) =>
    Object.fromEntries(
      records.flatMap((record) => (record ? [[record.key, record.seq] as const] : [])).sort(),
    )
  const counts = Object.fromEntries(tables.map((table, index) => [table, counted[index] ?? 0]))
  return [seen([first]), seen(many), seen(all), seen(ranges.flat()), counts]
}

/** The same of a plain map. */
function expected(model: ReadonlyMap<string, number>): Record<string, number>[] {
  const all = Object.fromEntries([...model].sort())
  const first = model.get(keyOf('groups', 'one'))
  const counts = Object.fromEntries(
    tables.map((table) => [table, [...model.keys()].filter((key) => key.startsWith(`${table}/`)).length]),
  )
  return [first === undefined ? {} : { [keyOf('groups', 'one')]: first }, all, all, all, counts]
}

for (const seed of [1, 2, 3])
  it(`[E4] [E16] whatever two pages write, both read what stands there, and their screens end with it (${seed})`, async () => {
    await forgetDatabases()
    const random = makeRandom(seed)
    const pages = [await DexieStore.open('shared'), await DexieStore.open('shared')] as const
    const screens: Record<string, number>[][] = [[], []]
    const stops = pages.map((page, index) => page.live(look, (seen) => (screens[index] = seen)))
    const model = new Map<string, number>()
    const writing: Promise<void>[] = []
    for (let step = 1; step <= 120; step++) {
      const page = random.pick(pages)
      const [table, id] = [random.pick(tables), random.pick(ids)]
      const [key, what] = [keyOf(table, id), random.int(10)]
      writing.push(
        page
          .write(async (tx) => {
            // What a write reads before and after its own word is each time what stands there then.
            expect(await look(tx)).toEqual(expected(model))
            if (what < 3) await tx.remove('small', [key])
            else await tx.put('small', [{ key, table, id, seq: step, row: null }])
            const after = new Map(model)
            if (what < 3) after.delete(key)
            else after.set(key, step)
            expect(await look(tx)).toEqual(expected(after))
            if (what === 9) throw new Error('It is taken back.')
            return after
          })
          .then(
            (after) => {
              model.clear()
              for (const [key, seq] of after) model.set(key, seq)
            },
            (fault: unknown) => expect(String(fault)).toContain('It is taken back.'),
          ),
      )
      // Sometimes one after the other, sometimes several at once with reads between them.
      if (random.int(3) > 0) await Promise.all(writing)
      else void random.pick(pages).read(look)
      if (random.int(2) > 0) {
        await Promise.all(writing)
        expect(await random.pick(pages).read(look)).toEqual(expected(model))
      }
    }
    await Promise.all(writing)
    const last = JSON.stringify(expected(model))
    await until(() => screens.every((seen) => JSON.stringify(seen) === last))
    for (const stop of stops) stop()
    for (const page of pages) page.close()
  })

describe('what is remembered of a database', () => {
  const at = (nth: number, life = 'first') => ({ life, at: nth })
  const over = (looked: Looked) => looked.over('heads')
  const filled = () => {
    const remembered = new Remembered()
    remembered.reach(at(1))
    remembered.keep('small one', at(1), null, 'as it is')
    remembered.keep('small other', at(1), null, 'as it is')
    remembered.keep('all heads', at(1), over, 'as it is')
    return remembered
  }
  const known = (remembered: Remembered, nth: number, life = 'first') =>
    ['small one', 'small other', 'all heads'].filter((name) => remembered.find(name, at(nth, life)))

  it('[E4] stays but for what a write touched', () => {
    const remembered = filled()
    remembered.told(at(2), { small: ['one'] })
    remembered.reach(at(2))
    expect(known(remembered, 2)).toEqual(['small other', 'all heads'])
    remembered.told(at(3), { heads: ['any'] })
    remembered.reach(at(3))
    expect(known(remembered, 3)).toEqual(['small other'])
  })

  it('[E16] is all forgotten where a page wrote that did not tell of it yet', () => {
    const remembered = filled()
    remembered.told(at(3), { small: ['one'] })
    remembered.reach(at(3))
    expect(known(remembered, 3)).toEqual([])
    // It is told too late to say anything of what was read since.
    remembered.keep('small one', at(3), null, 'as it is now')
    remembered.told(at(2), { small: ['one'] })
    remembered.reach(at(3))
    expect(known(remembered, 3)).toEqual(['small one'])
  })

  it('[E4] is not for a read that began before the newest write, and takes nothing from it', () => {
    const remembered = filled()
    remembered.told(at(2), {})
    remembered.reach(at(2))
    expect(known(remembered, 1)).toEqual([])
    remembered.keep('small one', at(1), null, 'as it was')
    expect(remembered.find('small one', at(2))?.answer).toBe('as it is')
  })

  it('[fault C4] is all forgotten where the database was emptied, also at a count that it had before', () => {
    const remembered = filled()
    remembered.told(at(1, 'second'), {})
    remembered.reach(at(1, 'second'))
    expect(known(remembered, 1, 'second')).toEqual([])
    expect(known(remembered, 1)).toEqual([])
  })
})
