import type {
  AccountId,
  BroadcastId,
  ConversationId,
  EntryId,
  MobileUserId,
  NumberId,
} from '#shared/base/ids.ts'
import type { DeliveryState } from '#shared/model/delivery.ts'
import type { Entry } from '#shared/model/entry.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import type { Cursor } from '#shared/wire/up.ts'

/** What one flush brings to D1: whole commits, each item with the seq that is its version. */
export interface HistoryBatch {
  epoch: number
  conversations: { seq: number; row: Conversation }[]
  mobileUsers: { seq: number; row: MobileUser }[]
  entries: { seq: number; user: MobileUserId; entry: Entry }[]
  /** Rows that were deleted, and when this batch was made. */
  removed: { table: 'conversations' | 'mobileUsers'; id: string; seq: number }[]
  at: number
  audit: AuditEvent[]
  /** Entries that the object does not have any more in this life. D1 blanks them [E28]. */
  gone: { seq: number; id: EntryId }[]
  /** The commit up to which D1 has everything once it has confirmed this batch; null where its tag is forgotten. */
  head: Cursor | null
}

/** Who did what to what; null where Parley did. */
export interface AuditEvent {
  id: number
  at: number
  seq: number
  what: string
  by: string | null
  about: string
}

/** One recipient's line in the ledger of a broadcast, in the version that D1 is to have. */
export interface LedgerLine {
  message: EntryId
  broadcast: BroadcastId
  user: MobileUserId
  number: NumberId
  conversation: ConversationId | null
  body: string
  parts: number
  state: DeliveryState
  at: number
  code: string | null
  reason: string | null
  version: number
}

/** What D1 knows of where an account's object stands. */
export interface DurableHead {
  /** The highest account epoch that was ever entered or is about to be. */
  epoch: number
  /** The commit of the last confirmed flush; a seq of 0 where there was none. */
  flushed: { epoch: number } & Cursor
}

/** Kinds of what D1 holds a copy of. */
export const copied = ['mobileUsers', 'conversations', 'entries'] as const
export type Copied = (typeof copied)[number]

/** A row or entry in a version that the object does not know, as the JSON that D1 keeps. */
export interface LostRow {
  id: string
  user: MobileUserId
  body: string
}

/** The durable history, as an account's object uses it. Everything of it throws where D1 does not answer. */
export interface DurableHistory {
  /** Upserts a batch by id and version. */
  flush(account: AccountId, batch: HistoryBatch): Promise<void>
  /** Upserts lines of broadcasts' ledgers by id and version [E19]. */
  ledger(account: AccountId, epoch: number, lines: readonly LedgerLine[]): Promise<void>
  /** Null where D1 has never heard of this account. */
  head(account: AccountId): Promise<DurableHead | null>
  /**
   * Takes the epoch after `from`: it is nobody else's from then on. Null where D1 has another than `from` by now. So a
   * call that reaches D1 after the life that made it has ended takes nothing from under the next one.
   */
  raise(account: AccountId, from: number): Promise<number | null>
  /** A page of what is of a later version than `since`, by id, after the id `after`. */
  lost(
    account: AccountId,
    what: Copied,
    since: { epoch: number; seq: number },
    after: string,
    limit: number,
  ): Promise<LostRow[]>
}
