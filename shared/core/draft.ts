import type { AgentId, EntryId, MobileUserId } from '../base/ids.ts'
import { oneLine } from '../base/text.ts'
import type { Delivery } from '../model/delivery.ts'
import type { Entry, Thread } from '../model/entry.ts'
import { isUnsent } from '../rules/delivery.ts'
import type { Conversation } from '../rows/conversation.ts'
import type { RowPut } from '../rows/tables.ts'
import type { Change, Decision, Effect } from './outcome.ts'
import { held, type World } from './world.ts'

type WithoutOrder<Kind> = Kind extends Entry ? Omit<Kind, 'order'> : never
export type NewEntry = WithoutOrder<Entry>

/** A decision in the making: collects changes and effects and gives entries their order. */
export class Draft implements Decision {
  readonly changes: Change[] = []
  readonly effects: Effect[] = []
  readonly user: MobileUserId
  #thread: Thread

  constructor(world: World, user: MobileUserId) {
    this.user = user
    const thread = held(world.thread)
    this.#thread = thread ? { next: thread.next, entries: thread.entries } : { next: 1, entries: [] }
  }

  put(put: RowPut): void {
    this.changes.push({ kind: 'row', ...put })
  }

  /** Appends an entry and answers it with its order. */
  add(fresh: NewEntry): Entry {
    const entry = { ...fresh, order: this.#thread.next } as Entry
    this.#thread = { next: this.#thread.next + 1, entries: [...this.#thread.entries, entry] }
    this.changes.push({ kind: 'entry', user: this.user, entry })
    return entry
  }

  deliver(id: EntryId, delivery: Delivery): void {
    this.#thread = {
      next: this.#thread.next,
      entries: this.#thread.entries.map((entry) =>
        entry.id === id && entry.kind === 'outbound' ? { ...entry, delivery } : entry,
      ),
    }
    this.changes.push({ kind: 'delivery', user: this.user, entry: id, delivery })
  }

  effect(effect: Effect): void {
    this.effects.push(effect)
  }

  /** Every text to this person that nothing has called a carrier for yet. */
  unsent(claimed: ReadonlySet<EntryId>): EntryId[] {
    return this.#thread.entries.flatMap((entry) =>
      entry.kind === 'outbound' && isUnsent(entry.delivery.state) && !claimed.has(entry.id) ? [entry.id] : [],
    )
  }

  /** The worst that stands in a conversation now. */
  trouble(conversation: Conversation['id']): Conversation['trouble'] {
    return troubleIn(this.#thread.entries, conversation)
  }
}

/** The worst that stands in a conversation: a held text anywhere in it, else how its newest text fared. */
export function troubleIn(
  entries: readonly Entry[],
  conversation: Conversation['id'],
): Conversation['trouble'] {
  const texts = entries.flatMap((entry) =>
    entry.kind === 'outbound' && entry.conversation === conversation ? [entry.delivery.state] : [],
  )
  if (texts.includes('held')) return 'held'
  const last = texts.at(-1)
  if (last === 'failed' || last === 'undelivered') return 'failed'
  return last === 'unconfirmed' ? 'unconfirmed' : null
}

/** Who wrote a text: the customer, an agent, or Parley itself (null). `asks`: it is one that an agent has to answer. */
export type Writer = { by: 'customer'; asks: boolean } | { by: 'agent'; agent: AgentId | null }

/**
 * A conversation's row after a text of the company or of the customer. What the customer asked stays unanswered
 * until an agent writes: an answer that Parley itself wrote is none [F85, F88].
 */
export function withText(row: Conversation, writer: Writer, text: string, at: number): Conversation {
  const next = { ...row, lastAt: at, lastBy: writer.by, preview: oneLine(text, 140) }
  if (writer.by === 'customer')
    return writer.asks ? { ...next, unanswered: row.unanswered ?? { since: at, waiting: false } } : next
  const said = { ...next, lastAgent: writer.agent }
  if (writer.agent === null) return said
  const { autoReplied } = row
  return { ...said, unanswered: null, ...(autoReplied ? { autoReplied: { ...autoReplied, inRow: 0 } } : {}) }
}
