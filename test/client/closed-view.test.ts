import { expect, it } from 'vitest'
import { MemoryStore } from '#client/db/memory-store.ts'
import { applyRows } from '#client/db/rows.ts'
import { readView, readViews } from '#client/db/views.ts'
import { makeRandom, seededIds } from '#test/kit/random.ts'
import { closed, maya, settings } from '#test/kit/worlds.ts'

it('[F64] [F65] Closed lists and counts the 150 that were closed last, never more', async () => {
  const ids = seededIds(31)
  const random = makeRandom(31)
  const rows = random.shuffle(
    Array.from({ length: 200 }, (_, index) =>
      // What was closed last is not what was written to last, and nobody has read any of it.
      closed({ id: ids.conversation(), closedAt: 1000 + index, lastAt: 900 - index, inboundOrder: 9 }),
    ),
  )
  const store = new MemoryStore()
  await store.write((tx) =>
    applyRows(
      tx,
      maya,
      [
        { table: 'settings', id: 'account', seq: 1, row: settings },
        ...rows.map((row, index) => ({ table: 'conversations' as const, id: row.id, seq: index + 2, row })),
      ],
      false,
    ),
  )
  const view = await store.read((tx) => readView(tx, maya, 'closed', 1000, 0))
  expect(view.rows.map(({ conversation }) => conversation.closedAt)).toEqual(
    Array.from({ length: 150 }, (_, index) => 1199 - index),
  )
  expect(view.complete).toBe(true)
  expect((await store.read((tx) => readViews(tx, maya, 0))).unread.closed).toBeLessThanOrEqual(150)
})
