import type { Conversation } from '#shared/rows/conversation.ts'
import type { World } from './world.ts'

/** Where D1 and the object differ, by what is stored in each; empty where D1 has everything. */
export function historyGaps({ edge, history }: World): string[] {
  const gaps: string[] = []
  for (const [tbl, kept] of [
    ['conversations', 'conversations'],
    ['mobileUsers', 'mobile_users'],
  ] as const) {
    const ours = edge.disk.db.prepare(`SELECT id, body FROM rows WHERE tbl = ? ORDER BY id`).all(tbl)
    const theirs = history.db.prepare(`SELECT id, body FROM ${kept} ORDER BY id`).all()
    gaps.push(...compare(tbl, ours, theirs))
  }
  const users = edge.disk.db.prepare(`SELECT id FROM rows WHERE tbl = 'mobileUsers'`).all()
  const entries = users
    .flatMap(({ id }) =>
      edge.do((account) => account.door.documents.read(String(id) as Conversation['user']).entries),
    )
    .map((entry) => ({ id: entry.id, body: JSON.stringify(entry) }))
    .sort((left, right) => (left.id < right.id ? -1 : 1))
  gaps.push(
    ...compare('entries', entries, history.db.prepare(`SELECT id, body FROM entries ORDER BY id`).all()),
  )
  return gaps
}

/** Whether the object has anything left to do. */
export function isIdle({ edge, carrier }: World): boolean {
  const left = edge.disk.db.prepare(`SELECT COUNT(*) AS n FROM outbox`).get()
  const unflushed = edge.disk.db.prepare(`SELECT COUNT(*) AS n FROM unflushed`).get()
  return left?.n === 0 && unflushed?.n === 0 && carrier.waiting === 0
}

type Row = Record<string, unknown>

function compare(table: string, ours: Row[], theirs: Row[]): string[] {
  const flat = (rows: Row[]) => new Map(rows.map(({ id, body }) => [String(id), canonical(String(body))]))
  const [left, right] = [flat(ours), flat(theirs)]
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((id) =>
    left.get(id) === right.get(id) ? [] : [`${table} ${id}: ${left.get(id)} against ${right.get(id)}`],
  )
}

/** JSON with its keys in order: SQLite writes them as it likes. */
function canonical(body: string): string {
  return JSON.stringify(JSON.parse(body), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
      : value,
  )
}
