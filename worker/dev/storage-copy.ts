import type { Sql, SqlValue } from '../account/sql.ts'

/** Everything an object holds: what a platform keeps of a moment, and goes back to. */
export type StorageCopy = { table: string; rows: Record<string, SqlValue>[] }[]

export function copyStorage(sql: Sql): StorageCopy {
  return tablesOf(sql).map((table) => ({
    table,
    rows: sql.all<Record<string, SqlValue>>(`SELECT ${columnsOf(sql, table).join(', ')} FROM ${table}`),
  }))
}

/** Puts everything back as it was. The object has to be ended after it: its memory is of another time. */
export function putBackStorage(sql: Sql, copy: StorageCopy): void {
  sql.transaction(() => {
    for (const table of tablesOf(sql)) sql.run(`DELETE FROM ${table}`)
    for (const { table, rows } of copy)
      for (const row of rows) {
        const columns = Object.keys(row)
        const places = columns.map(() => '?').join(', ')
        sql.run(
          `INSERT INTO ${table} (${columns.map(quoted).join(', ')}) VALUES (${places})`,
          ...Object.values(row),
        )
      }
  })
}

function tablesOf(sql: Sql): string[] {
  return sql
    .all<{ name: string }>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\'`,
    )
    .map(({ name }) => name)
}

function columnsOf(sql: Sql, table: string): string[] {
  return sql
    .all<{ name: string }>(`SELECT name FROM pragma_table_info(?)`, table)
    .map(({ name }) => quoted(name))
}

// `by` is a column of ours and a word of SQL's.
function quoted(name: string): string {
  return `"${name}"`
}
