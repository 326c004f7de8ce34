import { z } from 'zod'
import { day } from '#shared/base/time.ts'
import { entry, type Entry } from '#shared/model/entry.ts'
import type { DurableHistory, HistoryBatch } from '../account/durable.ts'
import { flushLedger } from './ledger.ts'
import { raiseEpoch, readHead, readLost, writeHead } from './lives.ts'

/** D1 as an account's object uses it. */
export function durableHistory(db: D1Database): DurableHistory {
  return {
    flush: (account, batch) => flushHistory(db, account, batch),
    head: (account) => readHead(db, account),
    raise: (account, epoch) => raiseEpoch(db, account, epoch),
    ledger: (account, epoch, lines) => flushLedger(db, account, epoch, lines),
    lost: (account, what, since, after, limit) => readLost(db, account, what, since, after, limit),
  }
}

/**
 * Writes a batch to D1: one statement a table with one JSON parameter, since D1 binds at most 100, all in one
 * transaction. A row is overwritten only by a later version, the pair of epoch and seq, so that batches may
 * repeat and cross [E28].
 */
export async function flushHistory(db: D1Database, account: string, batch: HistoryBatch): Promise<void> {
  const { epoch } = batch
  const statements: D1PreparedStatement[] = []
  if (batch.conversations.length > 0)
    statements.push(
      db
        .prepare(
          `INSERT INTO conversations (account, id, user, number, no, started_at, closed_at, body, epoch, seq)
           SELECT ?2, json_extract(value, '$.row.id'), json_extract(value, '$.row.user'), json_extract(value, '$.row.number'),
             json_extract(value, '$.row.no'), json_extract(value, '$.row.startedAt'), json_extract(value, '$.row.closedAt'),
             json_extract(value, '$.row'), ?3, json_extract(value, '$.seq')
           FROM json_each(?1) WHERE true
           ON CONFLICT (account, id) DO UPDATE SET user = excluded.user, number = excluded.number, no = excluded.no,
             started_at = excluded.started_at, closed_at = excluded.closed_at, body = excluded.body, deleted_at = NULL,
             epoch = excluded.epoch, seq = excluded.seq
           WHERE (excluded.epoch, excluded.seq) > (epoch, seq)`,
        )
        .bind(JSON.stringify(batch.conversations), account, epoch),
    )
  if (batch.mobileUsers.length > 0)
    statements.push(
      db
        .prepare(
          `INSERT INTO mobile_users (account, id, address, body, epoch, seq)
           SELECT ?2, json_extract(value, '$.row.id'), json_extract(value, '$.row.address'), json_extract(value, '$.row'),
             ?3, json_extract(value, '$.seq')
           FROM json_each(?1) WHERE true
           ON CONFLICT (account, id) DO UPDATE SET address = excluded.address, body = excluded.body, deleted_at = NULL,
             epoch = excluded.epoch, seq = excluded.seq
           WHERE (excluded.epoch, excluded.seq) > (epoch, seq)`,
        )
        .bind(JSON.stringify(batch.mobileUsers), account, epoch),
    )
  // A statement's parameter holds 2 MB at most; a hundred inbound texts of 100 kB would pass that.
  for (const entries of bySize(batch.entries, 500_000))
    statements.push(
      db
        .prepare(
          `INSERT INTO entries (account, id, user, conversation, ord, at, kind, body, epoch, seq)
           SELECT ?2, json_extract(value, '$.entry.id'), json_extract(value, '$.user'), json_extract(value, '$.entry.conversation'),
             json_extract(value, '$.entry.order'), json_extract(value, '$.entry.at'), json_extract(value, '$.entry.kind'),
             json_extract(value, '$.entry'), ?3, json_extract(value, '$.seq')
           FROM json_each(?1) WHERE true
           ON CONFLICT (account, id) DO UPDATE SET ord = excluded.ord, body = excluded.body, epoch = excluded.epoch,
             seq = excluded.seq
           WHERE (excluded.epoch, excluded.seq) > (epoch, seq)`,
        )
        .bind(JSON.stringify(entries), account, epoch),
    )
  for (const [table, insert] of Object.entries(blank)) {
    const removed = batch.removed.filter((row) => row.table === table)
    if (removed.length > 0)
      statements.push(insert(db).bind(JSON.stringify(removed), account, epoch, batch.at))
  }
  if (batch.audit.length > 0)
    statements.push(
      db
        .prepare(
          `INSERT INTO audit (account, id, at, seq, what, actor, about)
           SELECT ?2, json_extract(value, '$.id'), json_extract(value, '$.at'), json_extract(value, '$.seq'),
             json_extract(value, '$.what'), json_extract(value, '$.by'), json_extract(value, '$.about')
           FROM json_each(?1) WHERE true
           ON CONFLICT (account, id, at) DO NOTHING`,
        )
        .bind(JSON.stringify(batch.audit), account),
    )
  if (batch.gone.length > 0)
    statements.push(
      db
        .prepare(
          `UPDATE entries SET body = NULL, epoch = ?3, seq = gone.version
           FROM (SELECT json_extract(value, '$.id') AS id, json_extract(value, '$.seq') AS version FROM json_each(?1)) AS gone
           WHERE entries.account = ?2 AND entries.id = gone.id AND (?3, gone.version) > (entries.epoch, entries.seq)`,
        )
        .bind(JSON.stringify(batch.gone), account, epoch),
    )
  if (batch.head) statements.push(writeHead(db, account, epoch, batch.head))
  if (statements.length > 0) await db.batch(statements)
}

/** A deletion is a higher version with blank columns, so that a batch that comes late does not bring a row back. */
const blank: Record<HistoryBatch['removed'][number]['table'], (db: D1Database) => D1PreparedStatement> = {
  conversations: (db) =>
    db.prepare(`INSERT INTO conversations (account, id, user, number, no, started_at, closed_at, body, epoch, seq, deleted_at)
     SELECT ?2, json_extract(value, '$.id'), '', '', NULL, 0, NULL, NULL, ?3, json_extract(value, '$.seq'), ?4
     FROM json_each(?1) WHERE true
     ON CONFLICT (account, id) DO UPDATE SET user = '', number = '', no = NULL, started_at = 0, closed_at = NULL,
       body = NULL, deleted_at = excluded.deleted_at, epoch = excluded.epoch, seq = excluded.seq
     WHERE (excluded.epoch, excluded.seq) > (epoch, seq)`),
  mobileUsers: (db) =>
    db.prepare(`INSERT INTO mobile_users (account, id, address, body, epoch, seq, deleted_at)
     SELECT ?2, json_extract(value, '$.id'), '', NULL, ?3, json_extract(value, '$.seq'), ?4
     FROM json_each(?1) WHERE true
     ON CONFLICT (account, id) DO UPDATE SET address = '', body = NULL, deleted_at = excluded.deleted_at,
       epoch = excluded.epoch, seq = excluded.seq
     WHERE (excluded.epoch, excluded.seq) > (epoch, seq)`),
}

/** How long a deletion stays: longer than anything may be on its way, a cursor's 30 days included [E28]. */
const deletionsKept = 40 * day

/** Takes the deletions of more than 40 days ago out for good. For the cron sweep; repeating it is harmless. */
export async function purgeDeleted(db: D1Database, now: number): Promise<void> {
  const before = now - deletionsKept
  await db.batch([
    db.prepare(`DELETE FROM conversations WHERE deleted_at < ?`).bind(before),
    db.prepare(`DELETE FROM mobile_users WHERE deleted_at < ?`).bind(before),
  ])
}

const stored = z.object({ body: z.string() })

/** A page of a thread's history, newest first, before an order. Entries that were deleted have no body. */
export async function historyPage(
  db: D1Database,
  account: string,
  user: string,
  before: number,
  limit: number,
): Promise<Entry[]> {
  const { results } = await db
    .prepare(
      `SELECT body FROM entries WHERE account = ? AND user = ? AND ord < ? AND body IS NOT NULL ORDER BY ord DESC LIMIT ?`,
    )
    .bind(account, user, before, limit)
    .all()
  return z
    .array(stored)
    .parse(results)
    .map(({ body }) => entry.parse(JSON.parse(body)))
}

function bySize<Item>(items: Item[], most: number): Item[][] {
  const groups: Item[][] = []
  let size = Infinity
  for (const item of items) {
    const length = JSON.stringify(item).length
    if (size + length > most) {
      groups.push([])
      size = 0
    }
    groups.at(-1)?.push(item)
    size += length
  }
  return groups
}
