import type { AgentId, ConversationId } from '../base/ids.ts'
import { second } from '../base/time.ts'
import type { Delivery } from '../model/delivery.ts'
import type { Entry, Thread } from '../model/entry.ts'

/** What a command says about the screen it was pressed on [E13]. */
export interface Press {
  /** Order of the newest entry on the author's screen. */
  seen: number
  /** A caught-up connection with a pong in the last 35 s was there at the press. */
  synced: boolean
  /** Milliseconds from the press to this transmission, across reloads. */
  waited: number
  /** Made in an earlier epoch of the account, which may have carried it out already [E24]. */
  again?: true
}

/** A change that waited longer than this is late, whichever connection carries it [E13]. */
export const patience = 15 * second

/** Whether a change was made without the edge's knowledge, or waited too long to be taken as it is. */
export function isLate(press: Press): boolean {
  return press.again === true || !press.synced || press.waited > patience
}

type Held = Extract<Delivery, { state: 'held' }>

/** What holds a text: its cause, the colleague it names, and the words of what overtook it. */
export interface HoldReason {
  why: Held['why']
  by: AgentId | null
  text: string
}

const fromLostEpoch: HoldReason = { why: 'restored', by: null, text: '' }

/**
 * Why a late reply is held instead of sent, or null: since the state it was written on the customer wrote, a
 * colleague answered, or an earlier reply of the same author is held already; or it comes again from an epoch
 * that is lost, in which it may have been sent [E24]. Own replies, notes, receipts,
 * transfers and system notes never hold [E13].
 */
export function holdReason(
  thread: Thread,
  conversation: ConversationId,
  author: AgentId,
  press: Press,
): HoldReason | null {
  if (!isLate(press)) return null
  if (press.again) return fromLostEpoch
  for (const entry of thread.entries) {
    if (entry.conversation !== conversation) continue
    if (entry.kind === 'outbound' && entry.by === author && entry.delivery.state === 'held')
      return { why: 'earlier held', by: null, text: entry.text }
    const reason = entry.order > press.seen ? overtaking(entry, author) : null
    if (reason) return reason
  }
  return null
}

/**
 * Why a late first message is held: in a conversation of its pair that has ended since, the customer wrote or a
 * colleague answered above what the author's device held of the thread. An open one is judged like a reply [E14].
 */
export function holdReasonOfStart(
  thread: Thread,
  ended: ReadonlySet<ConversationId>,
  author: AgentId,
  press: Press,
): HoldReason | null {
  if (!isLate(press)) return null
  if (press.again) return fromLostEpoch
  for (const entry of thread.entries) {
    if (entry.order <= press.seen || !ended.has(entry.conversation)) continue
    const reason = overtaking(entry, author)
    if (reason) return reason
  }
  return null
}

/** Why an entry that the author had not seen holds a late text, or null. */
function overtaking(entry: Entry, author: AgentId): HoldReason | null {
  if (entry.kind === 'inbound') return { why: 'customer wrote', by: null, text: entry.text }
  const isAnswer =
    entry.kind === 'outbound' &&
    entry.by !== null &&
    entry.by !== author &&
    entry.delivery.state !== 'discarded'
  return isAnswer ? { why: 'colleague answered', by: entry.by, text: entry.text } : null
}

/** The customer's text that a late end overlooked, or null [E13]. */
export function overlooked(
  thread: Thread,
  conversation: ConversationId,
  press: Press,
): { at: number } | null {
  if (!isLate(press)) return null
  const text = thread.entries.find(
    (entry) => entry.kind === 'inbound' && entry.conversation === conversation && entry.order > press.seen,
  )
  return text ? { at: text.at } : null
}
