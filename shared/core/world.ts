import type {
  AgentId,
  BroadcastId,
  ConversationId,
  EntryId,
  GroupId,
  MobileUserId,
  NumberId,
  MediaId,
} from '../base/ids.ts'
import type { Outbound, Thread } from '../model/entry.ts'
import type { Agent } from '../rows/agent.ts'
import type { Conversation } from '../rows/conversation.ts'
import type { Group } from '../rows/group.ts'
import type { DistributionList } from '../rows/list.ts'
import type { Mention } from '../rows/mention.ts'
import type { MobileUser } from '../rows/mobile-user.ts'
import type { CompanyNumber } from '../rows/number.ts'
import type { QuickReply } from '../rows/quick-reply.ts'
import type { ViewRow } from '../rows/view.ts'
import type { Settings } from '../rows/settings.ts'
import { isUnsent } from '../rules/delivery.ts'

/** A fact that is held, known not to exist (null), or not held here at all. No rule refuses for the last [E9]. */
export type Known<Fact> = Fact | null | 'unknown'

/** A picture in own storage that an agent brought. */
export interface Upload {
  contentType: string
  bytes: number
}

/**
 * What a decision may look at: a plain value, gathered before the call. At the edge it comes from SQLite in the
 * same synchronous step as the commit, on a device from the replica.
 */
export interface World {
  /** Every row of the account is held. False on a device whose first copy has not ended: what it misses is unknown. */
  whole: boolean
  settings: Settings
  agents: ReadonlyMap<AgentId, Agent>
  groups: ReadonlyMap<GroupId, Group>
  numbers: ReadonlyMap<NumberId, CompanyNumber>
  /** The conversation that the input names. */
  conversation: Known<Conversation>
  /** The open conversation of the pair that the input names, mobile user and company number [DC24]. */
  openOfPair: Known<Conversation>
  /** The pair's ended conversations that the thread still holds, where the input is a start [E14]. */
  endedOfPair?: ReadonlySet<ConversationId>
  /** The person's other conversations in which a text of the company waits: an opt-out refuses it there as well. */
  others: readonly Conversation[]
  user: Known<MobileUser>
  thread: Known<Thread>
  /** The outbound text that the input names. Null where it left the thread, which receipts survive. */
  text: Outbound | null
  /** The row of the view that the input names; null for a built-in one that nobody edited. */
  view: Known<ViewRow>
  /** The quick reply that the input names. */
  quickReply?: Known<QuickReply>
  /** Pictures that the input names, as far as they are known here: null for one that is not in own storage [E29]. */
  uploads?: ReadonlyMap<MediaId, Upload | null>
  /** Texts to this mobile user that are being handed over at this moment. */
  claimed: ReadonlySet<EntryId>
  /** The next Conversation ID#; null where it is not given, which is everywhere but at the edge [DC20]. */
  nextNo: number | null
  /** The author's mentions, where the input is about them. */
  mentions?: readonly Mention[]
  /** The distribution list that the input names. */
  list?: Known<DistributionList>
  /** Of the people whom a change of a list names: who is in it, and whom the account knows. At the edge only. */
  named?: { members: ReadonlySet<MobileUserId>; known: ReadonlySet<MobileUserId> }
  /** The newest broadcast text that this person had from this number and did not answer yet [F148]. */
  unanswered?: UnansweredBroadcast | null
}

/** A text of a broadcast that was handed over and nobody has answered. `message` is its id in the ledger. */
export interface UnansweredBroadcast {
  message: EntryId
  broadcast: BroadcastId
  list: string
  by: AgentId
  text: string
}

/** The fact, where it is held. */
export function held<Fact>(fact: Known<Fact> | undefined): Fact | null {
  return fact === 'unknown' || fact === undefined ? null : fact
}

/** The time zone of everything that an agent is told: their profile's, else the account's [F34]. */
export function zoneOf({ agents, settings }: Pick<World, 'agents' | 'settings'>, agent: AgentId): string {
  return agents.get(agent)?.timeZone ?? settings.timeZone
}

/** The conversations that a thread holds entries of. */
export function conversationsIn(thread: Known<Thread>): ConversationId[] {
  return [...new Set(held(thread)?.entries.map(({ conversation }) => conversation))]
}

/** Of these, the ended ones between a person and a company number: what `endedOfPair` holds. */
export function endedWith(
  number: NumberId,
  rows: readonly (Conversation | null)[],
): ReadonlySet<ConversationId> {
  return new Set(rows.flatMap((row) => (row?.number === number && row.status === 'closed' ? row.id : [])))
}

/** The conversations, but for one, in which a text waits that no carrier was called for: what `others` holds. */
export function waitingBeside(thread: Known<Thread>, named: ConversationId | null): ConversationId[] {
  const waiting = held(thread)?.entries.flatMap((entry) =>
    entry.kind === 'outbound' && entry.conversation !== named && isUnsent(entry.delivery.state)
      ? [entry.conversation]
      : [],
  )
  return [...new Set(waiting)]
}
