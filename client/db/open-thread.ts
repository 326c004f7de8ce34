import type { ConversationId } from '#shared/base/ids.ts'
import type { Entry } from '#shared/model/entry.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import type { Company } from './company.ts'
import { rowOf } from './locals.ts'
import type { Identity } from './meta.ts'
import { Overlay, readConversation, type PendingEntry } from './overlay.ts'
import { readMarkOf } from './pending.ts'
import type { Tx } from './store.ts'
import { readHeldThread } from './threads.ts'

/** A conversation with the thread it stands in, confirmed state and waiting changes read together [E4]. */
export interface OpenThread {
  conversation: Conversation
  user: MobileUser | null
  company: Company
  /** The document is on this device, at the clock of its head or behind it. */
  held: boolean
  /** The edge has entries that are not here. */
  behind: boolean
  /** Confirmed entries in order, history first where an epoch was replaced. */
  confirmed: Entry[]
  /** Waiting entries in press order; they stand after all confirmed ones [E5]. */
  waiting: PendingEntry[]
  readUpTo: number
  /** The conversations of this thread that the device knows, oldest first. */
  past: Conversation[]
  unsent: boolean
}

export async function readOpenThread(
  tx: Tx,
  identity: Identity,
  id: ConversationId,
  now: number,
): Promise<OpenThread | null> {
  const overlay = await Overlay.read(tx, identity.agent, now)
  const found = await readConversation(tx, overlay, id)
  if (!found) return null
  const { row, unsent } = found
  const [thread, record, held, earlier, siblings, user, readUpTo] = await Promise.all([
    readHeldThread(tx, row.user),
    tx.get('threads', row.user),
    tx.get('heads', row.user),
    tx.get('history', row.user),
    tx.range('conversations', 'user', { from: row.user, to: row.user }),
    overlay.user(row.user),
    readMarkOf(tx, identity, overlay, row.id),
  ])
  const head = held?.row ?? null
  const history = earlier?.entries ?? []
  const past = siblings.flatMap(({ row }) => (row ? [overlay.conversations.get(row.id) ?? row] : []))
  for (const folded of overlay.conversations.values())
    if (folded.user === row.user && !past.some(({ id }) => id === folded.id)) past.push(folded)
  const entries = merge(history, thread?.entries ?? [])
  const confirmedIds = new Set(entries.map(({ id }) => id))
  return {
    conversation: row,
    user,
    company: overlay.company,
    held: thread !== null || head === null,
    behind:
      head !== null &&
      (!thread || !record || record.stale === 1 || record.epoch !== head.epoch || record.clock < head.clock),
    confirmed: entries.map((entry) => withDelivery(entry, overlay)),
    waiting: (overlay.entries.get(row.user) ?? []).flatMap((waiting) =>
      confirmedIds.has(waiting.entry.id) ? [] : [{ ...waiting, entry: withDelivery(waiting.entry, overlay) }],
    ),
    readUpTo,
    past: past.sort((left, right) => left.startedAt - right.startedAt || (left.id < right.id ? -1 : 1)),
    unsent,
  }
}

/** An unsent conversation as it would stand in a list; null for any other id. */
export async function readUnsent(tx: Tx, id: ConversationId): Promise<Conversation | null> {
  const local = await tx.get('locals', id)
  return local && local.joined === null ? rowOf(local) : null
}

function withDelivery(entry: Entry, overlay: Overlay): Entry {
  const delivery = overlay.deliveries.get(entry.id)
  return delivery && entry.kind === 'outbound' ? { ...entry, delivery } : entry
}

/** History beside the document: an entry that stands in both is the document's. */
function merge(history: readonly Entry[], current: readonly Entry[]): Entry[] {
  if (history.length === 0) return [...current]
  const ids = new Set(current.map(({ id }) => id))
  return [...history.filter(({ id }) => !ids.has(id)), ...current].sort(
    (left, right) => left.order - right.order,
  )
}
