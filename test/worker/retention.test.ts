import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { conversationId } from '#shared/base/ids.ts'
import { day } from '#shared/base/time.ts'
import { removeRow } from '#worker/account/rows.ts'
import { storageSql } from '#worker/account/sql.ts'
import type { DevAccount } from '#worker/dev/dev-account.ts'
import worker from '#worker/dev.ts'
import { flushHistory, purgeDeleted } from '#worker/history/store.ts'
import { FakeCarrier } from './carrier.ts'
import { Company, env, eventually, maya } from './company.ts'

const carrier = new FakeCarrier()
beforeEach(() => carrier.install())
afterEach(() => carrier.remove())

/** A company in which a text came, was answered and delivered, and somebody ended the conversation. */
async function busy(name: string): Promise<Company> {
  const company = await Company.found(name)
  await company.inbound('in-1', 'Hello?')
  const [row] = await company.conversations()
  const conversation = conversationId.parse(row?.id)
  const client = await company.connect(maya)
  await client.ack(client.command({ name: 'SendReply', conversation, text: 'Hi' }))
  await eventually(async () => (await company.query(`SELECT message FROM outbox`)).length === 0)
  await company.receipt(`s-${carrier.sent.at(-1)?.ref}`, 'delivered')
  await company.receipt('unknown', 'sent')
  await client.ack(client.command({ name: 'MarkRead', conversation, order: 1 }))
  await client.ack(client.command({ name: 'EndConversation', conversation }))
  // The newest commit keeps its tag, and what it deleted with it.
  await company.inbound('in-2', 'One more thing')
  await flushed(company)
  return company
}

const flushed = (company: Company) =>
  eventually(async () => {
    await company.live.shiftClock(2000)
    const [seq] = await company.query<{ value: number }>(`SELECT value FROM meta WHERE key = 'flushed seq'`)
    const [head] = await company.query<{ seq: number }>(`SELECT MAX(seq) AS seq FROM commits`)
    return seq?.value === head?.seq
  })

const count = async (company: Company, from: string) =>
  (await company.query<{ n: number }>(`SELECT COUNT(*) AS n FROM ${from}`))[0]?.n

it.each([
  ['commands', 35],
  ['messages', 35],
  ['receipt_keys', 35],
  ['parked_receipts', 35],
  ['rows WHERE body IS NULL', 30],
  ['audit', 90],
] as const)('[E27] %s stay %i days and not longer', async (table, days) => {
  const company = await busy(`kept-${table.replaceAll(/[^a-z]/g, '')}`)
  const before = await count(company, table)
  expect(before).toBeGreaterThan(0)
  await company.live.shiftClock((days - 1) * day)
  expect(await count(company, table)).toBe(before)
  await company.live.shiftClock(2 * day)
  expect(await count(company, table)).toBe(0)
})

it('[E27] of cursor tags the newest stays however old it is, and the key of a text for ever', async () => {
  const company = await busy('tags')
  await company.live.shiftClock(400 * day)
  expect(await count(company, 'commits')).toBe(1)
  expect(await count(company, 'clients')).toBe(1)
  await company.inbound('in-1', 'Hello?')
  expect((await company.thread()).filter(({ kind }) => kind === 'inbound')).toHaveLength(2)
})

it('[E27] the audit log goes to D1 before it leaves the object, however long D1 is away', async () => {
  const company = await Company.found('audited')
  await env.HISTORY.exec(`ALTER TABLE audit RENAME TO audit_away`)
  await company.inbound('stop', 'STOP')
  const events = await company.query<{ at: number; what: string; about: string }>(
    `SELECT at, what, about FROM audit`,
  )
  expect(events).toMatchObject([{ what: 'opted out' }])
  await company.live.shiftClock(100 * day)
  await company.live.shiftClock(2 * day)
  expect(await count(company, 'audit')).toBe(1)
  await env.HISTORY.exec(`ALTER TABLE audit_away RENAME TO audit`)
  await flushed(company)
  await company.live.shiftClock(2 * day)
  expect(await count(company, 'audit')).toBe(0)
  const { results } = await env.HISTORY.prepare(`SELECT at, what, about FROM audit WHERE account = ?`)
    .bind('audited')
    .all()
  expect(results).toEqual(events)
})

const inD1 = async (table: string, account: string) =>
  (await env.HISTORY.prepare(`SELECT * FROM ${table} WHERE account = ?`).bind(account).all()).results

it('[E28] a row that is deleted leaves a later version with blank columns in D1, and D1 has it before it is forgotten', async () => {
  const company = await busy('deleting')
  await env.HISTORY.exec(`ALTER TABLE mobile_users RENAME TO mobile_users_away`)
  await runInDurableObject(company.live, (_: DevAccount, state) => {
    const sql = storageSql(state.storage)
    const next = (sql.one<{ seq: number }>(`SELECT MAX(seq) AS seq FROM commits`)?.seq ?? 0) + 1
    const [user] = sql.all<{ id: string }>(`SELECT id FROM rows WHERE tbl = 'mobileUsers'`)
    sql.transaction(() => {
      removeRow(sql, 'mobileUsers', user?.id ?? '', next)
      sql.run(`INSERT INTO commits (seq, tag, at) VALUES (?, 'gone', 0)`, next)
    })
  })
  // So that memory is read again.
  await evictDurableObject(company.live)
  await company.live.shiftClock(40 * day)
  await company.live.shiftClock(2 * day)
  expect(await count(company, `rows WHERE tbl = 'mobileUsers' AND body IS NULL`)).toBe(1)
  await env.HISTORY.exec(`ALTER TABLE mobile_users_away RENAME TO mobile_users`)
  await flushed(company)
  const [row] = await inD1('mobile_users', 'deleting')
  expect(row).toMatchObject({ address: '', body: null, deleted_at: expect.any(Number) })
  await company.live.shiftClock(2 * day)
  expect(await count(company, `rows WHERE tbl = 'mobileUsers'`)).toBe(0)
})

it('[E28] a batch that comes late does not bring a deleted row back, a later one does', async () => {
  await Company.found('crossing')
  const row = { id: 'up13125550142', address: '+13125550142' } as never
  const batch = (seq: number, deleted: boolean) =>
    flushHistory(env.HISTORY, 'crossing', {
      epoch: 1,
      conversations: [],
      mobileUsers: deleted ? [] : [{ seq, row }],
      entries: [],
      removed: deleted ? [{ table: 'mobileUsers', id: 'up13125550142', seq }] : [],
      at: 1000,
      audit: [],
      gone: [],
      head: null,
    })
  await batch(5, true)
  await batch(4, false)
  expect(await inD1('mobile_users', 'crossing')).toMatchObject([
    { body: null, address: '', deleted_at: 1000 },
  ])
  await batch(6, false)
  await batch(5, true)
  expect(await inD1('mobile_users', 'crossing')).toMatchObject([
    { address: '+13125550142', deleted_at: null },
  ])
})

it('[E28] the cron sweep takes deletions out after 40 days, and nothing else', async () => {
  await Company.found('purging')
  const now = Date.UTC(2026, 10, 24)
  const deletion = (id: string, at: number) =>
    flushHistory(env.HISTORY, 'purging', {
      epoch: 1,
      conversations: [],
      mobileUsers: [{ seq: 1, row: { id: 'up1', address: '+1' } as never }],
      entries: [],
      removed: (['conversations', 'mobileUsers'] as const).map((table) => ({ table, id, seq: 1 })),
      at,
      audit: [],
      gone: [],
      head: null,
    })
  await deletion('old', now - 41 * day)
  await deletion('young', now - 39 * day)
  const event = { scheduledTime: now, cron: '* * * * *', noRetry() {} }
  await worker.scheduled(event as unknown as ScheduledController, env)
  const ids = async (table: string) => (await inD1(table, 'purging')).map(({ id }) => id)
  expect(await ids('conversations')).toEqual(['young'])
  expect(await ids('mobile_users')).toEqual(['up1', 'young'])
  await purgeDeleted(env.HISTORY, now + 2 * day)
  expect(await ids('mobile_users')).toEqual(['up1'])
})
