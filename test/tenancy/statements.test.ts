import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

/**
 * D1 is the one store that companies share, and an object's name is what keeps them apart elsewhere. Both are read
 * here from the source, so that a new statement or a new way to an object cannot escape.
 */
const root = resolve(import.meta.dirname, '../..')
const deployed = filesIn('worker').filter((file) => !file.startsWith('worker/dev'))
const sources = deployed.map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))

/** Statements that find out which account something belongs to, so that they cannot name it. */
const directory: Record<string, string> = {
  'SELECT id, account, credentials FROM channels WHERE id = ?':
    'a webhook names its channel, which names the account',
  'SELECT account, agent FROM memberships WHERE person = ? ORDER BY used_at DESC, account':
    'who signs in chooses among their own accounts',
  'SELECT rowid AS n, account, id, user, body FROM entries WHERE rowid > ? ORDER BY rowid LIMIT ?':
    'the index takes up the texts of every account, each under its name',
  'DELETE FROM conversations WHERE deleted_at < ?': 'the sweep takes what every account deleted long ago',
  'DELETE FROM mobile_users WHERE deleted_at < ?': 'the sweep takes what every account deleted long ago',
}

/** Where an account's name may come from; none of it is a request's own word for more than routing. */
const ways = [
  // The cookie's first part routes; the object that it names is asked whether the secret is one of its sessions.
  'worker/http/api.ts cookie.account',
  'worker/http/sign-in.ts cookie.account',
  'worker/http/api.ts context.var.session.account',
  'worker/http/push.ts context.var.session.account',
  'worker/http/media.ts session.account',
  // What `replicaOf` answered, which is the session's account or nothing.
  'worker/http/api.ts asked.account',
  'worker/http/api.ts account',
  'worker/http/sign-in.ts membership.account',
  // Every account of the person whose password was changed.
  'worker/http/password.ts membership.account',
  // A channel belongs to the account that D1 names, whatever its webhook says.
  'worker/http/webhooks.ts channel.account',
  'worker/queues/arrivals.ts channel.account',
  // An operator's secret is for all accounts.
  'worker/http/operator.ts account',
  // A nudge names the account that sent it, which is asked what it wants to be done.
  'worker/queues/bulk.ts account',
]

it("[P7] [fault T1] every D1 statement on an account's table names its account", () => {
  const tables = accountTables()
  expect(tables).toEqual(
    expect.arrayContaining(['conversations', 'entries', 'mobile_users', 'channels', 'memberships']),
  )
  const found = statements().filter(({ sql }) => tables.some((table) => touches(sql, table)))
  expect(found.length).toBeGreaterThanOrEqual(7)
  for (const { file, sql } of found)
    expect(namesAccount(sql) || sql in directory, `${file}: ${sql}`).toBe(true)
  // An exception that is gone is taken off the list.
  for (const sql of Object.keys(directory)) expect(found.map((one) => one.sql)).toContain(sql)
})

it('[P7] [fault T1] an account object is reached by one function only, with the account of a session or an address', () => {
  const reaching = sources.flatMap(({ file, text }) =>
    [...text.matchAll(/ACCOUNT\s*\.\s*(get|getByName|idFromName|idFromString|newUniqueId)\b/g)].map(
      () => file,
    ),
  )
  expect(new Set(reaching)).toEqual(new Set(['worker/http/sign-in.ts']))
  const asked = sources.flatMap(({ file, text }) =>
    [...text.matchAll(/(?<!function )accountOf\(([^)]*)\)/g)].map(
      ([, args]) => `${file} ${args?.split(',')[1]?.trim()}`,
    ),
  )
  expect(asked.length).toBeGreaterThan(5)
  for (const way of asked) expect(ways).toContain(way)
})

it('[P7] [fault T1] the object keeps no table with an account in it, and asks D1 for nothing', () => {
  for (const { file, text } of sources.filter(({ file }) => file.startsWith('worker/account/'))) {
    expect(/\b(env|HISTORY|SEARCH)\s*\.\s*(prepare|batch|HISTORY)/.test(text), file).toBe(false)
    for (const [table] of text.matchAll(/CREATE TABLE[^;]*;/g))
      expect(/\baccount\b/.test(table), table).toBe(false)
  }
})

/** Tables of all migrations that have an `account` column. */
function accountTables(): string[] {
  const migrations = filesIn('migrations').map((file) => readFileSync(join(root, file), 'utf8'))
  return migrations.flatMap((text) =>
    [...text.matchAll(/CREATE (?:VIRTUAL )?TABLE (?:IF NOT EXISTS )?(\w+)([^;]*);/g)].flatMap(
      ([, name, body]) => (name && /\n?\s*account\b/.test(body ?? '') ? [name] : []),
    ),
  )
}

/** Every statement that is prepared for D1, in one line. Only literals are: no part of one is put together. */
function statements(): { file: string; sql: string }[] {
  return sources.flatMap(({ file, text }) => {
    const calls = [...text.matchAll(/\.prepare\(\s*/g)]
    return calls.map(({ index, 0: call }) => {
      const rest = text.slice(index + call.length)
      const literal = /^`((?:[^`$]|\$(?!\{))*)`/.exec(rest)?.[1]
      if (literal === undefined)
        throw new Error(`${file}: a statement is no plain literal: ${rest.slice(0, 80)}`)
      return { file, sql: literal.replace(/\s+/g, ' ').trim() }
    })
  })
}

function touches(sql: string, table: string): boolean {
  return new RegExp(`\\b(FROM|INTO|UPDATE|JOIN)\\s+${table}\\b`, 'i').test(sql)
}

/** Read and changed under a bound account, or inserted with one as the conflict's key. */
function namesAccount(sql: string): boolean {
  // The accounts themselves are named by their id.
  if (/^(SELECT .* FROM|UPDATE) accounts\b/i.test(sql)) return /\bWHERE id = \?/i.test(sql)
  if (/^(SELECT|UPDATE|DELETE)\b/i.test(sql)) return /\bWHERE\b.*\baccount = \?/i.test(sql)
  const inserts = /^INSERT( OR (IGNORE|REPLACE))? INTO \w+ \(account, /i.test(sql)
  return inserts && (!/ON CONFLICT/i.test(sql) || /ON CONFLICT \(account, /i.test(sql))
}

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).flatMap((item) =>
    item.isFile() && /\.(ts|sql)$/.test(item.name)
      ? [join(item.parentPath, item.name).slice(root.length + 1)]
      : [],
  )
}
