import { audienceOf, type Audience } from '#shared/rules/audience.ts'
import { tableName, type RowPut, type Rows, type TableName } from '#shared/rows/tables.ts'
import type { RowChange } from '#shared/wire/down.ts'
import type { Sql } from './sql.ts'

/** A row change with the people it is for. */
export interface Addressed {
  audience: Audience
  change: RowChange
}

interface Stored {
  tbl: string
  id: string
  seq: number
  audience: string
  body: string | null
}

/** Puts a row under a commit's seq. One that changes its audience leaves a tombstone to the old one [E7]. */
export function putRow(sql: Sql, put: RowPut, seq: number): Addressed[] {
  const audience = audienceOf(put)
  const before = sql.one<{ audience: string }>(
    `SELECT audience FROM rows WHERE tbl = ? AND id = ?`,
    put.table,
    put.row.id,
  )
  sql.run(
    `INSERT INTO rows (tbl, id, seq, audience, body) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (tbl, id) DO UPDATE SET seq = excluded.seq, audience = excluded.audience, body = excluded.body`,
    put.table,
    put.row.id,
    seq,
    audience,
    JSON.stringify(put.row),
  )
  const change = { table: put.table, id: put.row.id, seq, row: put.row }
  if (before === null || before.audience === audience) return [{ audience, change }]
  return [
    { audience: before.audience as Audience, change: { ...change, row: null } },
    { audience, change },
  ]
}

/** A row by its id, or null. Ids of other accounts do not exist here, as every account is an object of its own. */
export function getRow<Name extends TableName>(sql: Sql, table: Name, id: string): Rows[Name] | null {
  const found = sql.one<{ body: string | null }>(`SELECT body FROM rows WHERE tbl = ? AND id = ?`, table, id)
  return found?.body ? (JSON.parse(found.body) as Rows[Name]) : null
}

/** All living rows of a small table. */
export function allRows<Name extends TableName>(sql: Sql, table: Name): Rows[Name][] {
  return sql
    .all<{ body: string }>(`SELECT body FROM rows WHERE tbl = ? AND body IS NOT NULL`, table)
    .map(({ body }) => JSON.parse(body) as Rows[Name])
}

/** Rows and tombstones after `seq` for a set of audiences, oldest change first; whole commits only. */
export function rowsSince(sql: Sql, seq: number, audiences: readonly string[]): Addressed[] {
  return sql
    .all<Stored>(
      `SELECT tbl, id, seq, audience, body FROM rows
       WHERE seq > ? AND audience IN (SELECT value FROM json_each(?)) ORDER BY seq`,
      seq,
      JSON.stringify(audiences),
    )
    .map((stored) => ({ audience: stored.audience as Audience, change: toChange(stored) }))
}

/** One page of everything in primary-key order, for a bootstrap [E8]. `after` is the `next` of the page before. */
export function pageOfRows(
  sql: Sql,
  after: string,
  limit: number,
  audiences: readonly string[],
): { rows: RowChange[]; next: string | null } {
  const split = after.indexOf(':')
  const [table, id] = split < 0 ? ['', ''] : [after.slice(0, split), after.slice(split + 1)]
  const found = sql.all<Stored>(
    `SELECT tbl, id, seq, audience, body FROM rows
     WHERE (tbl, id) > (?, ?) AND audience IN (SELECT value FROM json_each(?)) ORDER BY tbl, id LIMIT ?`,
    table,
    id,
    JSON.stringify(audiences),
    limit,
  )
  const last = found.at(-1)
  return { rows: found.map(toChange), next: last && found.length === limit ? `${last.tbl}:${last.id}` : null }
}

/** What paints a first screen: the small tables and the newest open conversations with their people. */
export function firstRows(sql: Sql, audiences: readonly string[]): RowChange[] {
  const of = JSON.stringify(audiences)
  const conversations = sql.all<Stored>(
    `SELECT tbl, id, seq, audience, body FROM rows
     WHERE tbl = 'conversations' AND id IN (SELECT conversation FROM open_pairs)
     ORDER BY json_extract(body, '$.lastAt') DESC LIMIT 50`,
  )
  const people = JSON.stringify(
    conversations.flatMap(({ body }) => (body ? [(JSON.parse(body) as Rows['conversations']).user] : [])),
  )
  const rest = sql.all<Stored>(
    `SELECT tbl, id, seq, audience, body FROM rows
     WHERE audience IN (SELECT value FROM json_each(?1))
       AND (tbl IN ('settings', 'agents', 'groups', 'numbers', 'channels')
         OR (tbl IN ('mobileUsers', 'threads') AND id IN (SELECT value FROM json_each(?2))))`,
    of,
    people,
  )
  return [...rest, ...conversations].map(toChange)
}

function toChange({ tbl, id, seq, body }: Stored): RowChange {
  return { table: tableName.parse(tbl), id, seq, row: body === null ? null : JSON.parse(body) }
}

/** Turns a row into a tombstone, if it lives. */
export function removeRow(sql: Sql, table: TableName, id: string, seq: number): Addressed[] {
  const before = sql.one<{ audience: string; body: string | null }>(
    `SELECT audience, body FROM rows WHERE tbl = ? AND id = ?`,
    table,
    id,
  )
  if (!before?.body) return []
  sql.run(`UPDATE rows SET body = NULL, seq = ? WHERE tbl = ? AND id = ?`, seq, table, id)
  return [{ audience: before.audience as Audience, change: { table, id, seq, row: null } }]
}
