import type { Conversation } from '#shared/rows/conversation.ts'
import type { Company } from './company.ts'
import type { HistoryBase } from './history-base.ts'
import type { Page } from './page.ts'

/** Where D1 and a company's object differ, by what is stored in each; empty where D1 has everything. */
export function historyGaps({ edge, plan }: Company, history: HistoryBase): string[] {
  const gaps: string[] = []
  for (const [tbl, kept] of [
    ['conversations', 'conversations'],
    ['mobileUsers', 'mobile_users'],
  ] as const) {
    const ours = edge.disk.look(`SELECT id, body FROM rows WHERE tbl = ? ORDER BY id`).all(tbl)
    const theirs = history
      .statement(`SELECT id, body FROM ${kept} WHERE account = ? AND body IS NOT NULL`)
      .all(plan.account)
    gaps.push(...compare(tbl, ours, theirs))
  }
  const users = edge.disk.look(`SELECT id FROM rows WHERE tbl = 'mobileUsers'`).all()
  const entries = users
    .flatMap(({ id }) =>
      edge.do((account) => account.door.documents.read(String(id) as Conversation['user']).entries),
    )
    .map((entry) => ({ id: entry.id, body: JSON.stringify(entry) }))
  const kept = history
    .statement(`SELECT id, body FROM entries WHERE account = ? AND body IS NOT NULL`)
    .all(plan.account)
  gaps.push(...compare('entries', entries, kept))
  gaps.push(...ledgerGaps(edge, history, plan.account), ...listGaps(edge))
  return gaps
}

/** Lines of broadcasts that D1 does not have as they stand. It may have more, of a life that is lost. */
function ledgerGaps(edge: Company['edge'], history: HistoryBase, account: string): string[] {
  const ours = edge.disk.look(`SELECT message, state, version FROM ledger`).all()
  const theirs = history.statement(
    `SELECT state, version FROM broadcast_ledger WHERE account = ? AND message = ?`,
  )
  return ours.flatMap(({ message, state, version }) => {
    const kept = theirs.get(account, String(message))
    // Where the account went back D1 has what the lost life learned of it.
    return (kept?.state === state && kept?.version === version) || Number(kept?.version) > Number(version)
      ? []
      : [`ledger ${String(message)}: ${String(state)} ${String(version)} against ${JSON.stringify(kept)}`]
  })
}

/** Lists whose row says another number of people than are on them. */
function listGaps(edge: Company['edge']): string[] {
  return edge.disk
    .look(
      `SELECT id, json_extract(body, '$.count') AS said,
         (SELECT COUNT(*) FROM list_members WHERE list_members.list = rows.id) AS there
       FROM rows WHERE tbl = 'lists' AND body IS NOT NULL`,
    )
    .all()
    .flatMap(({ id, said, there }) =>
      said === there ? [] : [`list ${String(id)} says ${String(said)} and has ${String(there)}`],
    )
}

/**
 * Where a device's replica and the object differ, row by row: a device holds every living row of its agent's
 * audiences, in the object's words, and nothing else.
 */
export async function replicaGaps({ edge }: Company, { browser }: Page): Promise<string[]> {
  const { agent, store } = browser
  const rows = edge.disk.look(`SELECT tbl, id, audience, body FROM rows WHERE body IS NOT NULL`).all()
  const me = rows.find(({ tbl, id }) => tbl === 'agents' && id === agent)
  const isAdmin = JSON.parse(String(me?.body)).role === 'admin'
  const ours = rows.flatMap(({ tbl, id, audience, body }) =>
    audience === 'account' || audience === `agent:${agent}` || (audience === 'may:see strays' && isAdmin)
      ? [{ id: `${String(tbl)} ${String(id)}`, body }]
      : [],
  )
  const theirs = await store.read(async (tx) => {
    const of = (table: string, records: readonly { id: string; row: unknown }[]) =>
      records.flatMap(({ id, row }) =>
        row === null ? [] : [{ id: `${table} ${id}`, body: JSON.stringify(row) }],
      )
    return [
      ...of('conversations', await tx.all('conversations')),
      ...of('mobileUsers', await tx.all('mobileUsers')),
      ...of('threads', await tx.all('heads')),
      ...(await tx.all('small')).flatMap((record) => of(record.table, [record])),
    ]
  })
  return compare('replica', ours, theirs)
}

/** Whether the objects have anything left to do. */
export function isIdle({ edge, carrier }: Company): boolean {
  const left = edge.disk.look(`SELECT COUNT(*) AS n FROM outbox`).get()
  const unflushed = edge.disk.look(`SELECT COUNT(*) AS n FROM unflushed`).get()
  const unasked = edge.disk.look(`SELECT COUNT(*) AS n FROM lookups WHERE due IS NOT NULL`).get()
  const broadcasting = edge.disk
    .look(
      `SELECT (SELECT COUNT(*) FROM ledger WHERE state IN ('accepted', 'claimed') OR version > flushed)
         + (SELECT COUNT(*) FROM broadcast_jobs) + (SELECT COUNT(*) FROM broadcast_news) AS n`,
    )
    .get()
  if (broadcasting?.n !== 0) return false
  return left?.n === 0 && unflushed?.n === 0 && unasked?.n === 0 && carrier.post.waiting === 0
}

type Row = Record<string, unknown>

function compare(table: string, ours: Row[], theirs: Row[]): string[] {
  const flat = (rows: Row[]) => new Map(rows.map(({ id, body }) => [String(id), canonical(String(body))]))
  const [left, right] = [flat(ours), flat(theirs)]
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((id) =>
    left.get(id) === right.get(id) ? [] : [`${table} ${id}: ${left.get(id)} against ${right.get(id)}`],
  )
}

/** Bodies as they were written down last: each stands in the object, in D1 and on every device. */
const known = new Map<string, string>()

/** JSON with its keys in order: SQLite writes them as it likes. */
function canonical(body: string): string {
  const before = known.get(body)
  if (before !== undefined) return before
  if (known.size > 2000) known.clear()
  const written = inOrder(body)
  known.set(body, written)
  return written
}

function inOrder(body: string): string {
  return JSON.stringify(JSON.parse(body), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
      : value,
  )
}
