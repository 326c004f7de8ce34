import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { MobileUserId } from '#shared/base/ids.ts'
import { Documents } from '#worker/account/documents.ts'
import { Disk, sqlOf } from '#test/kit/world/sqlite.ts'

/** What a place holds: rows and entries by `table id`, each as JSON with its keys in order. */
export type Content = ReadonlyMap<string, string>

export function contentOf(parts: readonly (readonly [table: string, id: string, body: unknown])[]): Content {
  return new Map(parts.map(([table, id, body]) => [`${table} ${id}`, canonical(body)]))
}

/** What an account's object has stored in the files of a server that stands still. */
export function objectContent(state: string, account: string): Content {
  const disk = new Disk(fileWith(state, (db) => has(db, 'open_pairs') && channelsOf(db).includes(account)))
  const sql = sqlOf(disk, { alive: true }, () => undefined)
  const epoch = sql.one<{ value: number }>(`SELECT value FROM meta WHERE key = 'account epoch'`)?.value ?? 1
  const documents = new Documents(sql, () => epoch)
  const rows = sql.all<{ tbl: string; id: string; body: string }>(
    `SELECT tbl, id, body FROM rows WHERE tbl IN ('conversations', 'mobileUsers') AND body IS NOT NULL`,
  )
  const entries = rows
    .filter(({ tbl }) => tbl === 'mobileUsers')
    .flatMap(({ id }) => documents.read(id as MobileUserId).entries)
  const content = contentOf([
    ...rows.map(({ tbl, id, body }) => [tbl, id, JSON.parse(body)] as const),
    ...entries.map((entry) => ['entries', entry.id, entry] as const),
  ])
  disk.close()
  return content
}

/** What D1 has of it. History that the object has let go of is more than the object holds. */
export function historyContent(state: string, account: string): Content {
  const db = fileWith(state, (db) => has(db, 'entries') && has(db, 'conversations'))
  const parts = (['conversations', 'mobile_users', 'entries'] as const).flatMap((table) =>
    db
      .prepare(`SELECT id, body FROM ${table} WHERE account = ? AND body IS NOT NULL`)
      .all(account)
      .map(
        ({ id, body }) =>
          [table === 'mobile_users' ? 'mobileUsers' : table, String(id), JSON.parse(String(body))] as const,
      ),
  )
  db.close()
  return contentOf(parts)
}

/** Where one place differs from another in what the other holds, a line each. */
export function differences(name: string, place: Content, object: Content): string[] {
  return [...object].flatMap(([key, body]) =>
    place.get(key) === body ? [] : [`${name} has ${key} as ${place.get(key)}, the object as ${body}`],
  )
}

function fileWith(state: string, isIt: (db: DatabaseSync) => boolean): DatabaseSync {
  for (const file of readdirSync(state, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.sqlite')) continue
    const db = new DatabaseSync(join(state, file))
    if (isIt(db)) return db
    db.close()
  }
  throw new Error(`No such database in ${state}.`)
}

function has(db: DatabaseSync, table: string): boolean {
  return db.prepare(`SELECT 1 FROM sqlite_master WHERE name = ?`).get(table) !== undefined
}

function channelsOf(db: DatabaseSync): string[] {
  return db
    .prepare(`SELECT id FROM channels`)
    .all()
    .map(({ id }) => String(id))
}

function canonical(body: unknown): string {
  return JSON.stringify(body, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
      : value,
  )
}
