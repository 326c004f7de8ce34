import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { down, type Down } from '#shared/wire/down.ts'
import { DexieStore } from '#client/db/dexie-store.ts'
import { Hearing } from '#client/sync/hearing.ts'
import { InTurn } from '#client/sync/in-turn.ts'
import { forgetDatabases } from './kit/page.ts'

/** A frame of one row a commit. */
function frame(from: number, to: number, rows = to - from): Down {
  const row = (index: number) => ({ table: 'groups', id: `g${index}`, seq: to, row: null })
  return down.parse({
    t: 'frame',
    n: to,
    from,
    to: { seq: to, tag: `tag ${to}` },
    parts: [{ audience: 'all', rows: Array.from({ length: rows }, (_, index) => row(index)), threads: [] }],
    acks: [],
  })
}

/** Says all of it while the first thing is still being handled, and answers what was handled. */
async function handled(...said: Down[]): Promise<string[]> {
  const seen: string[] = []
  let goOn = () => {}
  const held = new Promise<void>((resolve) => (goOn = resolve))
  const inTurn = new InTurn((fault) => {
    throw fault
  })
  const hearing = new Hearing(inTurn, async (message, size) => {
    seen.push(message.t === 'frame' ? `${message.from}-${message.to.seq} (${size})` : message.t)
    await held
  })
  hearing.heard(frame(0, 1), 1)
  await Promise.resolve()
  await Promise.resolve()
  for (const message of said) hearing.heard(message, 10)
  goOn()
  await inTurn.settled()
  return seen.slice(1)
}

describe('what a socket says', () => {
  it('[E4] frames that wait and follow one another are stored as one', async () =>
    expect(await handled(frame(1, 2), frame(2, 4), frame(4, 5))).toEqual(['1-5 (30)']))
  it('[E4] a frame after a missing one is not taken for its sequel', async () =>
    expect(await handled(frame(1, 2), frame(3, 4))).toEqual(['1-2 (10)', '3-4 (10)']))
  it('[E4] a frame that came again stays behind the newer one', async () =>
    expect(await handled(frame(2, 4), frame(1, 2))).toEqual(['2-4 (10)', '1-2 (10)']))
  it('[E7] nothing passes what came between two frames', async () =>
    expect(await handled(frame(1, 2), { t: 'changed', table: 'groups', seq: 9 }, frame(2, 3))).toEqual([
      '1-2 (10)',
      'changed',
      '2-3 (10)',
    ]))
  it('[E19] no more is stored at once than a press can wait for', async () =>
    expect(await handled(frame(1, 2, 300), frame(2, 3, 200), frame(3, 4, 1))).toEqual([
      '1-3 (20)',
      '3-4 (10)',
    ]))
})

it('[E8] of many keys at once those are answered that are there, in the order they were asked for', async () => {
  await forgetDatabases()
  const store = await DexieStore.open('many')
  const named = (index: number) => `p${String(index).padStart(4, '0')}`
  const record = (index: number) => ({ id: named(index), seq: index, row: null })
  const every = (step: number, count: number) => Array.from({ length: count }, (_, index) => index * step)
  await store.write((tx) => tx.put('heads', every(2, 1_500).map(record)))
  const ask = (keys: number[]) => store.read((tx) => tx.many('heads', keys.map(named)))
  const expected = (keys: number[]) =>
    keys.map((key) => (key % 2 === 0 && key < 3_000 ? record(key) : undefined))
  for (const keys of [
    every(1, 400),
    every(9, 400),
    every(7, 400).toReversed(),
    every(1, 400).map((key) => key + 5_000),
  ])
    expect(await ask(keys)).toEqual(expected(keys))
  store.close()
})
