import { expect, it } from 'vitest'
import { applyRows } from '#client/db/rows.ts'
import { MemoryStore } from '#client/db/memory-store.ts'
import { readViews } from '#client/db/views.ts'
import type { RowChange } from '#shared/wire/down.ts'
import { conversation, maya } from '#test/kit/worlds.ts'

it('[F66] [DC15] a page that repeats rows of the first paint still brings the read marks to them', async () => {
  const store = new MemoryStore()
  const row = conversation({ inboundOrder: 3 })
  const talk: RowChange = { table: 'conversations', id: row.id, seq: 5, row }
  const mark: RowChange = {
    table: 'readMarks',
    id: `${maya}:${row.id}`,
    seq: 6,
    row: { id: `${maya}:${row.id}`, agent: maya, conversation: row.id, order: 3 },
  }
  await store.write((tx) => applyRows(tx, maya, [talk], true))
  expect((await store.read((tx) => readViews(tx, maya, 0))).unread.open).toBe(1)
  await store.write((tx) => applyRows(tx, maya, [talk, mark], true))
  expect((await store.read((tx) => readViews(tx, maya, 0))).unread.open).toBe(0)
})
