import type { ConversationId, EntryId, MobileUserId } from '../base/ids.ts'
import type { Delivery } from '../model/delivery.ts'
import type { Entry, Thread } from '../model/entry.ts'
import { advance } from '../rules/delivery.ts'
import type { Conversation } from '../rows/conversation.ts'
import type { MobileUser } from '../rows/mobile-user.ts'
import { troubleIn } from './draft.ts'
import { foldThread } from './fold.ts'
import type { Change, ThreadChange } from './outcome.ts'

/** What an account that went back in time holds of one person. */
export interface Kept {
  id: MobileUserId
  user: MobileUser | null
  /** True where the row was written since the account went back, so that D1's is of another life. */
  userIsNewer: boolean
  conversations: readonly Conversation[]
  thread: Thread
  /** Texts that waited or were claimed when the account went back: the lost life may have sent them. */
  unsent: readonly EntryId[]
  /** Texts that were accepted since, and have not left. */
  waiting: readonly EntryId[]
}

/** What D1 has of that person from the life that is lost. */
export interface Lost {
  user: MobileUser | null
  conversations: readonly Conversation[]
  entries: readonly Entry[]
}

export interface PutBack {
  changes: Change[]
  /** Entries whose commands come again by themselves: they leave D1. */
  gone: EntryId[]
  /** Entries that are here again, as they stand now. */
  returned: Entry[]
  /** Texts that were accepted since and are held now: they must not leave. */
  overtaken: EntryId[]
}

/**
 * What brings a person back to what D1 knows, after the account went back in time [E24]: messages with the state
 * they had reached, consent, and conversations that were begun since, with their numbers. What else was done to a
 * conversation (its owner, its end) is not put back: that is what going back undoes, and what devices offer again.
 *
 * No text leaves by it. One that was accepted and not settled is unconfirmed from now on: the lost life may have
 * handed it over. One that was accepted since, when nobody knew what the customer or a colleague had written in the life
 * that is lost, waits for its author's word like every reply that was overtaken [E13].
 */
export function putBack(kept: Kept, lost: Lost, now: number): PutBack {
  const changes: Change[] = []
  const gone: EntryId[] = []
  const returned: Entry[] = []
  let thread = kept.thread
  const apply = (change: ThreadChange) => {
    changes.push(change)
    thread = foldThread(thread, change)
  }
  const person = personAfter(kept, lost)
  if (person) changes.push({ kind: 'row', table: 'mobileUsers', row: person })

  const held = new Map(thread.entries.map((entry) => [entry.id, entry]))
  for (const entry of lost.entries.toSorted((left, right) => left.order - right.order)) {
    const here = held.get(entry.id)
    if (here?.kind === 'outbound' && entry.kind === 'outbound') {
      const delivery = advance(here.delivery, settled(entry.delivery, now))
      if (delivery) apply({ kind: 'delivery', user: kept.id, entry: entry.id, delivery })
    } else if (here === undefined && isOfferedAgain(entry)) gone.push(entry.id)
    else if (here === undefined) {
      // The new life may have given this order to something else: then what comes back stands behind that.
      const order = Math.max(entry.order, thread.next)
      const again: Entry =
        entry.kind === 'outbound'
          ? { ...entry, order, delivery: settled(entry.delivery, now) }
          : { ...entry, order }
      apply({ kind: 'entry', user: kept.id, entry: again })
      returned.push(again)
    }
  }
  // The lost life may have sent it at its time: a person decides.
  for (const entry of thread.entries)
    if (entry.kind === 'outbound' && entry.delivery.state === 'scheduled')
      apply({
        kind: 'delivery',
        user: kept.id,
        entry: entry.id,
        delivery: { state: 'held', at: now, why: 'restored', text: '' },
      })
  for (const id of kept.unsent) {
    const text = thread.entries.find((entry) => entry.id === id)
    if (text?.kind === 'outbound' && text.delivery.state === 'accepted')
      apply({ kind: 'delivery', user: kept.id, entry: id, delivery: { state: 'unconfirmed', at: now } })
  }
  const overtaken = kept.waiting.filter((id) => {
    const text = thread.entries.find((entry) => entry.id === id)
    if (text?.kind !== 'outbound' || text.delivery.state !== 'accepted') return false
    const why = overtaking(returned, text)
    if (!why) return false
    apply({ kind: 'delivery', user: kept.id, entry: id, delivery: { state: 'held', at: now, ...why } })
    return true
  })
  for (const row of conversationsAfter(kept, lost, thread, now))
    changes.push({ kind: 'row', table: 'conversations', row })
  return { changes, gone, returned, overtaken }
}

/** What of the lost life overtook an agent's text, as the guard on late replies says it [E13]; null for nothing. */
function overtaking(
  returned: readonly Entry[],
  text: Extract<Entry, { kind: 'outbound' }>,
): Pick<Extract<Delivery, { state: 'held' }>, 'why' | 'text'> | null {
  if (text.by === null) return null
  for (const entry of returned) {
    if (entry.conversation !== text.conversation) continue
    if (entry.kind === 'inbound') return { why: 'customer wrote', text: entry.text }
    if (entry.kind === 'outbound' && entry.by !== null && entry.by !== text.by)
      return { why: 'colleague answered', text: entry.text }
  }
  return null
}

/** A system note of an agent's command: the command comes again from the device that pressed it, and writes it. */
function isOfferedAgain(entry: Entry): boolean {
  return entry.kind === 'system' && entry.id.startsWith('x')
}

/** A state that nobody works on any more, said as what is known of it. */
function settled(delivery: Delivery, now: number): Delivery {
  const open = delivery.state === 'accepted' || delivery.state === 'claimed'
  return open ? { state: 'unconfirmed', at: now } : delivery
}

/** Consent is D1's word, unless the person opted out of the new life as well: then the opt-out stands [P4]. */
function personAfter({ user, userIsNewer }: Kept, { user: lost }: Lost): MobileUser | null {
  if (lost === null) return null
  if (user === null) return lost
  return { ...user, optedOut: (userIsNewer ? user.optedOut : null) ?? lost.optedOut }
}

function conversationsAfter(kept: Kept, lost: Lost, thread: Thread, now: number): Conversation[] {
  const rows = new Map<ConversationId, Conversation>(kept.conversations.map((row) => [row.id, row]))
  const open = new Set(kept.conversations.flatMap((row) => (row.status === 'open' ? [pairOf(row)] : [])))
  for (const row of lost.conversations) {
    const here = rows.get(row.id)
    if (here) rows.set(row.id, row.lastAt > here.lastAt ? withTextOf(here, row) : here)
    // The pair has another open one by now, and there is never more than one [DC24].
    else if (row.status === 'open' && open.has(pairOf(row)))
      rows.set(row.id, {
        ...row,
        status: 'closed',
        closedAt: now,
        closedBy: null,
        followUp: false,
        unanswered: null,
      })
    else rows.set(row.id, row)
  }
  const fromD1 = new Set(lost.conversations.map(({ id }) => id))
  return [...rows.values()].flatMap((row) => {
    const sums = withSums(row, thread)
    const before = kept.conversations.find(({ id }) => id === row.id)
    return fromD1.has(row.id) || differs(before, sums) ? [sums] : []
  })
}

function withTextOf(row: Conversation, lost: Conversation): Conversation {
  const { lastAt, lastBy, lastAgent, unanswered, preview } = lost
  return { ...row, lastAt, lastBy, lastAgent, preview, unanswered: row.status === 'open' ? unanswered : null }
}

/** A row with what follows from the entries of its conversation. */
function withSums(row: Conversation, { entries }: Thread): Conversation {
  const orders = entries.flatMap((entry) =>
    entry.kind === 'inbound' && entry.conversation === row.id ? [entry.order] : [],
  )
  return {
    ...row,
    inboundOrder: Math.max(row.inboundOrder, ...orders),
    trouble: troubleIn(entries, row.id),
  }
}

function differs(before: Conversation | undefined, after: Conversation): boolean {
  return before?.inboundOrder !== after.inboundOrder || before.trouble !== after.trouble
}

function pairOf({ user, number }: Conversation): string {
  return `${user} ${number}`
}
