import { z } from 'zod'
import { mobileUserId } from '#shared/base/ids.ts'
import type { Copied, DurableHead, LostRow } from '../account/durable.ts'

/** D1's part in noticing that an object has gone back in time, and in bringing it up to date again [E24]. */

const headRow = z.object({
  epoch: z.number(),
  flushed_epoch: z.number(),
  flushed_seq: z.number(),
  flushed_tag: z.string(),
})

export async function readHead(db: D1Database, account: string): Promise<DurableHead | null> {
  const found = await db
    .prepare(`SELECT epoch, flushed_epoch, flushed_seq, flushed_tag FROM accounts WHERE id = ?`)
    .bind(account)
    .first()
  if (found === null) return null
  const row = headRow.parse(found)
  return {
    epoch: row.epoch,
    flushed: { epoch: row.flushed_epoch, seq: row.flushed_seq, tag: row.flushed_tag },
  }
}

/** The statement that a flush ends with: D1 has everything up to this commit. It never goes back. */
export function writeHead(
  db: D1Database,
  account: string,
  epoch: number,
  head: { seq: number; tag: string },
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE accounts SET epoch = MAX(epoch, ?2), flushed_epoch = ?2, flushed_seq = ?3, flushed_tag = ?4
       WHERE id = ?1 AND (?2, ?3) > (flushed_epoch, flushed_seq)`,
    )
    .bind(account, epoch, head.seq, head.tag)
}

const raised = z.object({ epoch: z.number() })

/** Takes the account epoch after `from`. It only grows, so no two lives of an account ever have the same. */
export async function raiseEpoch(db: D1Database, account: string, from: number): Promise<number | null> {
  const found = await db
    .prepare(`UPDATE accounts SET epoch = epoch + 1 WHERE id = ?1 AND epoch = ?2 RETURNING epoch`)
    .bind(account, from)
    .first()
  return found && raised.parse(found).epoch
}

const lost: Record<Copied, (db: D1Database) => D1PreparedStatement> = {
  conversations: (db) =>
    db.prepare(`SELECT id, user, body FROM conversations
    WHERE account = ?1 AND id > ?2 AND (epoch, seq) > (?3, ?4) AND body IS NOT NULL ORDER BY id LIMIT ?5`),
  mobileUsers: (db) =>
    db.prepare(`SELECT id, id AS user, body FROM mobile_users
    WHERE account = ?1 AND id > ?2 AND (epoch, seq) > (?3, ?4) AND body IS NOT NULL ORDER BY id LIMIT ?5`),
  entries: (db) =>
    db.prepare(`SELECT id, user, body FROM entries
    WHERE account = ?1 AND id > ?2 AND (epoch, seq) > (?3, ?4) AND body IS NOT NULL ORDER BY id LIMIT ?5`),
}
const lostRow = z.object({ id: z.string(), user: mobileUserId, body: z.string() })

/**
 * A page of what D1 has in a later version than `since`. By primary key: a restore is rare, and an index by
 * version would cost one more written row with every text.
 */
export async function readLost(
  db: D1Database,
  account: string,
  what: Copied,
  since: { epoch: number; seq: number },
  after: string,
  limit: number,
): Promise<LostRow[]> {
  const { results } = await lost[what](db).bind(account, after, since.epoch, since.seq, limit).all()
  return z.array(lostRow).parse(results)
}
