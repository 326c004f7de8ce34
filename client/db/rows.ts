import type { AgentId } from '#shared/base/ids.ts'
import { conversation } from '#shared/rows/conversation.ts'
import { mobileUser } from '#shared/rows/mobile-user.ts'
import { readMark } from '#shared/rows/read-mark.ts'
import { tables, type Rows } from '#shared/rows/tables.ts'
import { threadHead, type ThreadHead } from '#shared/rows/thread-head.ts'
import type { RowChange } from '#shared/wire/down.ts'
import { recordOf } from './conversation-record.ts'
import type { Records, SmallRecord, SmallTable } from './records.ts'
import { dropThread } from './shelf.ts'
import type { Tx, WriteTx } from './store.ts'

/** What storing rows brought to light. */
export interface RowsApplied {
  /** Threads whose head came with these rows. */
  heads: ThreadHead[]
  /** An inbound text came to a conversation that this agent owns: echoed at once [E20]. */
  ownInbound: boolean
  /** Rows that their schema did not take and that were not asked for again yet. */
  quarantined: number
}

/**
 * Stores rows and tombstones where their seq is higher than the stored one's [E8]. Every row is parsed by its
 * table's schema first; one that does not parse is put aside, never thrown through.
 */
export async function applyRows(
  tx: WriteTx,
  me: AgentId,
  changes: readonly RowChange[],
  keepTombstones: boolean,
): Promise<RowsApplied> {
  const applied: RowsApplied = { heads: [], ownInbound: false, quarantined: 0 }
  const apply = async <Name extends CopiedTable>(
    kind: Kind<Name>,
    of: (table: RowChange['table']) => boolean,
  ): Promise<void> => {
    const ofKind = changes.filter(({ table }) => of(table))
    if (ofKind.length > 0) await applyKind(tx, kind, ofKind, keepTombstones, applied)
  }
  await apply(smallRows, isSmall)
  await apply(mobileUserRows, (table) => table === 'mobileUsers')
  await apply(headRows(applied), (table) => table === 'threads')
  const conversations = changes.filter(({ table }) => table === 'conversations').map(({ id }) => id)
  const marks = await readUpTo(tx, me, conversations)
  const markOf = new Map(conversations.map((id, index) => [id, marks[index] ?? 0]))
  await apply(conversationRows(applied, me, markOf), (table) => table === 'conversations')
  await refreshUnread(tx, me, changes)
  return applied
}

/** Every row of a small table, in no particular order. */
export async function readSmall<Name extends SmallTable>(tx: Tx, table: Name): Promise<Rows[Name][]> {
  const records = await tx.range('small', 'table', { from: table, to: table })
  // Records of a table hold rows that its schema took: `applySmall` is the one way in.
  return records.flatMap(({ row }) => (row === null ? [] : [row as Rows[Name]]))
}

export async function readUpTo(tx: Tx, me: AgentId, conversations: readonly string[]): Promise<number[]> {
  const records = await tx.many(
    'small',
    conversations.map((id) => keyOf('readMarks', markId(me, id))),
  )
  return records.map((record) => (record ? (readMark.safeParse(record.row).data?.order ?? 0) : 0))
}

export function markId(me: AgentId, conversation: string): string {
  return `${me}:${conversation}`
}

function isSmall(table: RowChange['table']): table is SmallTable {
  return table !== 'conversations' && table !== 'mobileUsers' && table !== 'threads'
}

function keyOf(table: RowChange['table'], id: string): string {
  return `${table}/${id}`
}

/** How the changes of a table become its records. */
interface Kind<Name extends CopiedTable> {
  table: Name
  key(change: RowChange): string
  /** Null where the schema does not take the row. */
  record(change: RowChange, before: Records[Name] | undefined): Records[Name] | null
  tombstone(change: RowChange): Records[Name]
  /** A row is gone: what stands on this device for it goes too. */
  dropped?(tx: WriteTx, id: string): Promise<void>
}
type CopiedTable = 'conversations' | 'mobileUsers' | 'heads' | 'small'

/** Stores changes of one table, read at once and written at once; of a row that changed several times the last. */
async function applyKind<Name extends CopiedTable>(
  tx: WriteTx,
  kind: Kind<Name>,
  changes: readonly RowChange[],
  keepTombstones: boolean,
  applied: RowsApplied,
): Promise<void> {
  const last = new Map<string, RowChange>()
  for (const change of changes) {
    const key = kind.key(change)
    if ((last.get(key)?.seq ?? -1) < change.seq) last.set(key, change)
  }
  const held = await tx.many(kind.table, [...last.keys()])
  const puts: Records[Name][] = []
  const gone: string[] = []
  for (const [index, [key, change]] of [...last].entries()) {
    const before = held[index]
    if ((before?.seq ?? -1) >= change.seq) continue
    if (change.row !== null) {
      const record = kind.record(change, before)
      if (record === null) await quarantine(tx, change, applied)
      else puts.push(record)
      continue
    }
    await kind.dropped?.(tx, change.id)
    if (keepTombstones) puts.push(kind.tombstone(change))
    else gone.push(key)
  }
  await tx.put(kind.table, puts)
  await tx.remove(kind.table, gone)
}

const byId = {
  key: ({ id }: RowChange) => id,
  tombstone: ({ id, seq }: RowChange) => ({ id, seq, row: null }),
}

const smallRows: Kind<'small'> = {
  table: 'small',
  key: ({ table, id }) => keyOf(table, id),
  record: (change) => {
    const row = tables[change.table].safeParse(change.row)
    return row.success ? smallRecord(change, row.data) : null
  },
  tombstone: (change) => smallRecord(change, null),
}

function smallRecord({ table, id, seq }: RowChange, row: unknown): SmallRecord {
  if (!isSmall(table)) throw new Error(`${table} is no small table.`)
  return { key: keyOf(table, id), table, id, seq, row }
}

const mobileUserRows: Kind<'mobileUsers'> = {
  ...byId,
  table: 'mobileUsers',
  record: ({ id, seq, row }) => {
    const parsed = mobileUser.safeParse(row)
    return parsed.success ? { id, seq, row: parsed.data } : null
  },
}

function headRows(applied: RowsApplied): Kind<'heads'> {
  return {
    ...byId,
    table: 'heads',
    record: ({ id, seq, row }) => {
      const parsed = threadHead.safeParse(row)
      if (!parsed.success) return null
      applied.heads.push(parsed.data)
      return { id, seq, row: parsed.data }
    },
    dropped: dropThread,
  }
}

/** `markOf` says up to where this agent has read a conversation. */
function conversationRows(
  applied: RowsApplied,
  me: AgentId,
  markOf: ReadonlyMap<string, number>,
): Kind<'conversations'> {
  return {
    ...byId,
    table: 'conversations',
    record: ({ id, seq, row }, before) => {
      const parsed = conversation.safeParse(row)
      if (!parsed.success) return null
      const { agent, inboundOrder } = parsed.data
      if (agent === me && inboundOrder > (before?.row?.inboundOrder ?? 0)) applied.ownInbound = true
      return recordOf(parsed.data, seq, markOf.get(id) ?? 0)
    },
  }
}

/**
 * Unread is an index of the conversation, so a read mark that moved is written there as well: also where its
 * conversation came along in the same batch, since a row that is held already is not written again.
 */
async function refreshUnread(tx: WriteTx, me: AgentId, changes: readonly RowChange[]): Promise<void> {
  const prefix = markId(me, '')
  const ids = changes.flatMap(({ table, id }) =>
    table === 'readMarks' && id.startsWith(prefix) ? [id.slice(prefix.length)] : [],
  )
  const records = await tx.many('conversations', ids)
  const marks = await readUpTo(tx, me, ids)
  await tx.put(
    'conversations',
    records.flatMap((record, index) =>
      record?.row ? [recordOf(record.row, record.seq, marks[index] ?? 0)] : [],
    ),
  )
}

async function quarantine(tx: WriteTx, change: RowChange, applied: RowsApplied): Promise<void> {
  const key = `${change.table}/${change.id}`
  const before = await tx.get('quarantine', key)
  const asked = before?.seq === change.seq
  if (!asked) applied.quarantined++
  await tx.put('quarantine', [{ key, seq: change.seq, asked }])
}
