import type { LedgerLine } from '../account/durable.ts'

/** Upserts lines of broadcasts' ledgers: a line is overwritten only by a later version of it [E19, E28]. */
export async function flushLedger(
  db: D1Database,
  account: string,
  epoch: number,
  lines: readonly LedgerLine[],
): Promise<void> {
  await db
    .prepare(
      `INSERT INTO broadcast_ledger (account, message, broadcast, user, number, conversation, body, parts, state, at, code,
         reason, epoch, version)
       SELECT ?2, json_extract(value, '$.message'), json_extract(value, '$.broadcast'), json_extract(value, '$.user'),
         json_extract(value, '$.number'), json_extract(value, '$.conversation'), json_extract(value, '$.body'),
         json_extract(value, '$.parts'), json_extract(value, '$.state'), json_extract(value, '$.at'),
         json_extract(value, '$.code'), json_extract(value, '$.reason'), ?3, json_extract(value, '$.version')
       FROM json_each(?1) WHERE true
       ON CONFLICT (account, message) DO UPDATE SET conversation = excluded.conversation, state = excluded.state,
         at = excluded.at, code = excluded.code, reason = excluded.reason, epoch = excluded.epoch, version = excluded.version
       WHERE (excluded.epoch, excluded.version) > (epoch, version)`,
    )
    .bind(JSON.stringify(lines), account, epoch)
    .run()
}
