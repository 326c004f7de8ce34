import { day } from '#shared/base/time.ts'
import { readNumber } from './memory.ts'
import type { Sql } from './sql.ts'
import { uploadsKept } from './uploads.ts'

/** How long what is only needed for late repetitions is kept [E11, E27]. */
const answersKept = 35 * day
const tagsKept = 30 * day
const auditKept = 90 * day

/** Forgets what no repetition can ask for any more. Dedupe keys of inbound texts and last numbers of clients stay. */
export function tidy(sql: Sql, now: number): void {
  sql.transaction(() => {
    sql.run(`DELETE FROM commands WHERE at < ?`, now - answersKept)
    sql.run(
      `DELETE FROM messages WHERE at < ? AND id NOT IN (SELECT message FROM outbox)
         AND id NOT IN (SELECT ref FROM timers)`,
      now - answersKept,
    )
    sql.run(`DELETE FROM parked_receipts WHERE at < ?`, now - answersKept)
    sql.run(`DELETE FROM draft_closings WHERE at < ?`, now - answersKept)
    sql.run(`DELETE FROM uploads WHERE at < ?`, now - uploadsKept)
    sql.run(`DELETE FROM receipt_keys WHERE at < ?`, now - answersKept)
    // A broadcast's lines go together, once D1 has them all: its row counts what stands here.
    sql.run(
      `DELETE FROM ledger WHERE broadcast IN (
         SELECT id FROM rows WHERE tbl = 'broadcasts' AND json_extract(body, '$.at') < ?
           AND json_extract(body, '$.state') IN ('done', 'stopped')
           AND NOT EXISTS (SELECT 1 FROM ledger WHERE broadcast = rows.id AND version > flushed))`,
      now - answersKept,
    )
    sql.run(`DELETE FROM lookups WHERE message NOT IN (SELECT id FROM messages)`)
    // D1 has it first, however long that takes.
    sql.run(
      `DELETE FROM audit WHERE at < ? AND id <= ?`,
      now - auditKept,
      readNumber(sql, 'flushed audit', 0),
    )
    // The newest tag stays, however old, since the head is known by it.
    sql.run(`DELETE FROM commits WHERE at < ?1 AND seq < (SELECT MAX(seq) FROM commits)`, now - tagsKept)
    sql.run(
      `DELETE FROM rows WHERE body IS NULL AND seq < (SELECT COALESCE(MIN(seq), 0) FROM commits)
         AND (tbl NOT IN ('conversations', 'mobileUsers') OR seq <= ?)`,
      readNumber(sql, 'flushed seq', 0),
    )
  })
}
