import type { AgentId } from '#shared/base/ids.ts'
import { conversation } from '#shared/rows/conversation.ts'
import { mobileUser } from '#shared/rows/mobile-user.ts'
import { readMark } from '#shared/rows/read-mark.ts'
import { tables, type Rows } from '#shared/rows/tables.ts'
import { threadHead, type ThreadHead } from '#shared/rows/thread-head.ts'
import type { RowChange } from '#shared/wire/down.ts'
import { recordOf } from './conversation-record.ts'
import type { ConversationRecord, SmallRecord, SmallTable } from './records.ts'
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
  const small = changes.filter((change) => isSmall(change.table))
  await applySmall(tx, small, keepTombstones, applied)
  await applyMobileUsers(
    tx,
    changes.filter(({ table }) => table === 'mobileUsers'),
    keepTombstones,
    applied,
  )
  await applyHeads(
    tx,
    changes.filter(({ table }) => table === 'threads'),
    keepTombstones,
    applied,
  )
  const conversations = changes.filter(({ table }) => table === 'conversations')
  await applyConversations(tx, me, conversations, keepTombstones, applied)
  await refreshUnread(tx, me, small)
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

function keyOf(table: SmallTable, id: string): string {
  return `${table}/${id}`
}

async function applySmall(
  tx: WriteTx,
  changes: readonly RowChange[],
  keep: boolean,
  applied: RowsApplied,
): Promise<void> {
  const named = changes.flatMap((change) =>
    isSmall(change.table) ? [{ change, table: change.table, key: keyOf(change.table, change.id) }] : [],
  )
  const held = await tx.many(
    'small',
    named.map(({ key }) => key),
  )
  const puts: SmallRecord[] = []
  const gone: string[] = []
  for (const [index, { change, table, key }] of named.entries()) {
    if ((held[index]?.seq ?? -1) >= change.seq) continue
    if (change.row === null) {
      if (keep) puts.push({ key, table, id: change.id, seq: change.seq, row: null })
      else gone.push(key)
      continue
    }
    const row = tables[table].safeParse(change.row)
    if (row.success) puts.push({ key, table, id: change.id, seq: change.seq, row: row.data })
    else await quarantine(tx, change, applied)
  }
  await tx.put('small', puts)
  await tx.remove('small', gone)
}

async function applyMobileUsers(
  tx: WriteTx,
  changes: readonly RowChange[],
  keep: boolean,
  applied: RowsApplied,
): Promise<void> {
  const held = await tx.many(
    'mobileUsers',
    changes.map(({ id }) => id),
  )
  for (const [index, change] of changes.entries()) {
    if ((held[index]?.seq ?? -1) >= change.seq) continue
    const row = change.row === null ? null : mobileUser.safeParse(change.row)
    if (row === null && !keep) await tx.remove('mobileUsers', [change.id])
    else if (row === null) await tx.put('mobileUsers', [{ id: change.id, seq: change.seq, row: null }])
    else if (row.success) await tx.put('mobileUsers', [{ id: change.id, seq: change.seq, row: row.data }])
    else await quarantine(tx, change, applied)
  }
}

async function applyHeads(
  tx: WriteTx,
  changes: readonly RowChange[],
  keep: boolean,
  applied: RowsApplied,
): Promise<void> {
  const held = await tx.many(
    'heads',
    changes.map(({ id }) => id),
  )
  for (const [index, change] of changes.entries()) {
    if ((held[index]?.seq ?? -1) >= change.seq) continue
    if (change.row === null) {
      await dropThread(tx, change.id)
      if (keep) await tx.put('heads', [{ id: change.id, seq: change.seq, row: null }])
      else await tx.remove('heads', [change.id])
      continue
    }
    const row = threadHead.safeParse(change.row)
    if (!row.success) {
      await quarantine(tx, change, applied)
      continue
    }
    await tx.put('heads', [{ id: change.id, seq: change.seq, row: row.data }])
    applied.heads.push(row.data)
  }
}

async function applyConversations(
  tx: WriteTx,
  me: AgentId,
  changes: readonly RowChange[],
  keep: boolean,
  applied: RowsApplied,
): Promise<void> {
  const held = await tx.many(
    'conversations',
    changes.map(({ id }) => id),
  )
  const marks = await readUpTo(
    tx,
    me,
    changes.map(({ id }) => id),
  )
  const puts: ConversationRecord[] = []
  for (const [index, change] of changes.entries()) {
    const before = held[index]
    if ((before?.seq ?? -1) >= change.seq) continue
    if (change.row === null) {
      if (keep) puts.push({ id: change.id, seq: change.seq, row: null })
      else await tx.remove('conversations', [change.id])
      continue
    }
    const row = conversation.safeParse(change.row)
    if (!row.success) {
      await quarantine(tx, change, applied)
      continue
    }
    puts.push(recordOf(row.data, change.seq, marks[index] ?? 0))
    if (row.data.agent === me && row.data.inboundOrder > (before?.row?.inboundOrder ?? 0))
      applied.ownInbound = true
  }
  await tx.put('conversations', puts)
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
