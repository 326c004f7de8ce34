import 'fake-indexeddb/auto'
import { Dexie } from 'dexie'
import { expect, it } from 'vitest'
import { DexieStore } from '#client/db/dexie-store.ts'
import { readView, readViews } from '#client/db/views.ts'
import { conversation, maya } from '#test/kit/worlds.ts'

it('[E17] a database of an older build gets the keys of the views that came since, and what is unread stays so', async () => {
  const old = new Dexie('older')
  old.version(3).stores({
    conversations:
      'id, user, openAt, agentAt, groupAt, loneAt, closedAt, pair, followUp, unreadOpen, unreadAgent, unreadGroup, unreadLone',
    meta: 'key',
  })
  const row = conversation({ followUp: true, inboundOrder: 4, unanswered: { since: 5, waiting: true } })
  const record = {
    id: row.id,
    seq: 7,
    row,
    user: row.user,
    openAt: row.lastAt,
    loneAt: row.lastAt,
    followUp: 1,
  }
  await old.table('conversations').bulkPut([
    { ...record, unreadOpen: 1, unreadLone: 1 },
    {
      ...record,
      id: `${row.id.slice(0, -1)}7`,
      row: { ...row, id: `${row.id.slice(0, -1)}7`, inboundOrder: 9 },
    },
  ])
  old.close()
  const store = await DexieStore.open('older')
  for (const view of ['waiting', 'follow-up', 'open'] as const)
    expect((await store.read((tx) => readView(tx, maya, view, 10, 0))).rows).toHaveLength(2)
  const { unread } = await store.read((tx) => readViews(tx, maya, 0))
  expect(unread).toMatchObject({ open: 1, waiting: 1, 'follow-up': 1, unassigned: 1, mine: 0 })
  await store.destroy()
})
