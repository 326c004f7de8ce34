import type { MobileUserId } from '#shared/base/ids.ts'
import type { Documents, Written } from './documents.ts'
import type { Sql } from './sql.ts'
import type { Step } from './step.ts'

/** More entries than anybody writes behind the newest one that rows tell the order of. */
const orderGap = 1000

/**
 * Begins a thread anew whose stored bytes are damaged [E1, fault Y4]. The next epoch holds what can be read of it; all
 * else of the person's history are pages from D1, so new texts are taken again at once.
 *
 * 1. An order is never used twice: new entries stand above every order that a row, a read mark or a waiting text names.
 * 2. What cannot be read is not told to D1 as deleted: D1 keeps what it has of it.
 * 3. A waiting text of which no entry can be read is not sent: nobody could see what became of it.
 */
export function mendThread(
  sql: Sql,
  documents: Documents,
  thread: MobileUserId,
  step: Step,
  now: number,
): Written {
  const { written, kept } = documents.mend(thread, highestOrder(sql, thread) + orderGap)
  const ids = JSON.stringify(kept.map(({ id }) => id))
  sql.run(`DELETE FROM unflushed WHERE user = ? AND id NOT IN (SELECT value FROM json_each(?))`, thread, ids)
  sql.run(
    `DELETE FROM outbox WHERE user = ? AND message NOT IN (SELECT value FROM json_each(?))`,
    thread,
    ids,
  )
  sql.run(
    `INSERT INTO audit (seq, at, what, by, about) VALUES (?, ?, 'thread damaged', NULL, ?)`,
    step.seq,
    now,
    thread,
  )
  sql.run(
    `INSERT INTO counters (name, value) VALUES ('thread: damaged', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1`,
  )
  return written
}

function highestOrder(sql: Sql, thread: MobileUserId): number {
  const found = sql.one<{ highest: number | null }>(
    `WITH own AS (
       SELECT id, json_extract(body, '$.inboundOrder') AS ord FROM rows
       WHERE tbl = 'conversations' AND body IS NOT NULL AND json_extract(body, '$.user') = ?1
     )
     SELECT MAX(ord) AS highest FROM (
       SELECT ord FROM own
       UNION ALL SELECT ord FROM outbox WHERE user = ?1
       UNION ALL SELECT json_extract(marks.body, '$.order') FROM rows AS marks
         WHERE marks.tbl = 'readMarks' AND marks.body IS NOT NULL
           AND json_extract(marks.body, '$.conversation') IN (SELECT id FROM own)
     )`,
    thread,
  )
  return found?.highest ?? 0
}
