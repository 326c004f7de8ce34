import type {
  AgentId,
  BroadcastId,
  ChannelId,
  ConversationId,
  EntryId,
  ListId,
  MediaId,
  MobileUserId,
} from '../base/ids.ts'
import type { Delivery } from '../model/delivery.ts'
import type { Entry, Media } from '../model/entry.ts'
import type { RowPut, TableName } from '../rows/tables.ts'
import type { Asked } from '../rules/lookup.ts'
import type { Refusal } from './refusal.ts'

/** What becomes different. The edge writes it, a device folds it into its overlay. */
export type Change =
  | ({ kind: 'row' } & RowPut)
  /** A row is no more: devices keep a tombstone as long as they need it. */
  | { kind: 'gone'; table: TableName; id: string }
  | { kind: 'entry'; user: MobileUserId; entry: Entry }
  | { kind: 'delivery'; user: MobileUserId; entry: EntryId; delivery: Delivery }
  /** All media of a text, as they stand now. */
  | { kind: 'media'; user: MobileUserId; entry: EntryId; media: Media[] }

/** What has to happen besides. Only the edge carries it out; a device drops it [E9]. */
export type Effect =
  | {
      kind: 'hand over'
      message: EntryId
      user: MobileUserId
      channel: ChannelId
      from: string
      to: string
      text: string
      /** As an MMS without a picture. */
      textOnly?: boolean
      media?: readonly MediaId[]
      /** It waits behind conversation [F215]. */
      behind?: true
      order: number
    }
  | { kind: 'withdraw'; message: EntryId }
  /** A text waits for its time. */
  | { kind: 'schedule'; message: EntryId; user: MobileUserId; channel: ChannelId; due: number }
  /**
   * A text waits for its author's word. A carrier that names it has it from a life that is lost [E24], and one that lists
   * what `mayHaveLeft` says may mean it.
   */
  | {
      kind: 'hold'
      message: EntryId
      user: MobileUserId
      channel: ChannelId
      mayHaveLeft?: Omit<Asked, 'message'>
    }
  | { kind: 'claim'; message: EntryId }
  | { kind: 'retry'; message: EntryId; after: number }
  | { kind: 'remember'; message: EntryId; carrierId: string }
  | { kind: 'carrier answered'; message: EntryId; answered: boolean }
  /** Its carrier fell silent: the list is to be asked [E22]. */
  | { kind: 'look up'; message: EntryId }
  /** A person wants it asked now. */
  | { kind: 'ask carrier'; message: EntryId }
  /** The list was asked and a person decides. */
  | { kind: 'looked up'; message: EntryId }
  /** Its fate is known, so nobody has to be asked any more. */
  | { kind: 'settled'; message: EntryId }
  /** A customer's text: whoever looks at no screen is told of it. */
  | { kind: 'notify'; entry: EntryId; conversation: ConversationId; order: number }
  /** A customer's media: to be fetched from the carrier into own storage. */
  | {
      kind: 'copy'
      media: MediaId
      entry: EntryId
      user: MobileUserId
      channel: ChannelId
      url: string
      contentType: string
    }
  /** It is in own storage, or never will be. */
  | { kind: 'copied'; media: MediaId }
  | { kind: 'park receipt' }
  | { kind: 'join list'; list: ListId; users: readonly MobileUserId[] }
  | { kind: 'leave list'; list: ListId; users: readonly MobileUserId[] }
  /** The recipients of a broadcast are to be entered in its ledger, in commits of their own [E19]. */
  | { kind: 'prepare'; broadcast: BroadcastId; list: ListId }
  /** Texts of broadcasts that wait for this person are skipped [P4, DC25]. */
  | { kind: 'skip broadcasts'; user: MobileUserId; word: string }
  | { kind: 'broadcast answered'; message: EntryId }
  | { kind: 'audit'; what: string; by: AgentId | null; about: string }

/** What of the changes is written into a thread. */
export type ThreadChange = Extract<Change, { kind: 'entry' | 'delivery' | 'media' }>

export function isThreadChange(change: Change): change is ThreadChange {
  return change.kind === 'entry' || change.kind === 'delivery' || change.kind === 'media'
}

export interface Decision {
  changes: Change[]
  effects: Effect[]
}

export type Verdict = Decision | Refusal

export function isRefusal(verdict: Verdict): verdict is Refusal {
  return 'refused' in verdict
}

/** What a decision is told besides the world: the time, and ids for what begins here. */
export interface Context {
  now: number
  ids: { conversation(): ConversationId; entry(): EntryId; media(): MediaId }
}
