import type {
  AccountId,
  AgentId,
  ClientId,
  CommandId,
  ConversationId,
  MediaId,
  EntryId,
  MobileUserId,
  NumberId,
} from '#shared/base/ids.ts'
import type { Command } from '#shared/core/command.ts'
import type { Clocks } from '#shared/docs/draft.ts'
import type { Pressed } from '#shared/core/upgrade.ts'
import type { Entry } from '#shared/model/entry.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import type { ThreadHead } from '#shared/rows/thread-head.ts'
import type { TableName } from '#shared/rows/tables.ts'
import type { Ack } from '#shared/wire/down.ts'
import type { DraftKind } from '#shared/wire/draft.ts'
import type { Cursor } from '#shared/wire/up.ts'

/**
 * What the replica keeps, one record type a table. A `row` of null is a tombstone: it stays until the bootstrap
 * is done, so that a page read earlier cannot bring the row back [E8].
 */
export interface Records {
  conversations: ConversationRecord
  mobileUsers: { id: string; seq: number; row: MobileUser | null }
  heads: { id: string; seq: number; row: ThreadHead | null }
  small: SmallRecord
  threads: ThreadRecord
  history: HistoryRecord
  shelf: ShelfRecord
  texts: TextsRecord
  pending: PendingRecord
  done: DoneRecord
  refusals: RefusalRecord
  composer: ComposerRecord
  media: MediaRecord
  locals: LocalRecord
  quarantine: QuarantineRecord
  meta: MetaRecord
  writes: WritesRecord
}
export type StoreTable = keyof Records

/**
 * A conversation with the keys its views are read by. A key that is absent is not in its index, so each index
 * holds exactly the rows of one view and counting is a matter of the index alone.
 */
export interface ConversationRecord {
  id: string
  seq: number
  row: Conversation | null
  user?: string
  /** `lastAt` of an open conversation; with `agent` or `group` before it for those views; alone for Unassigned. */
  openAt?: number
  agentAt?: [string, number]
  groupAt?: [string, number]
  numberAt?: [string, number]
  loneAt?: number
  closedAt?: number
  /** The open conversation of a mobile user and company number [DC24]. */
  pair?: string
  /** The Conversation ID#, of open and closed ones. */
  no?: number
  /** Since when the customer of an open conversation flagged Waiting has waited. */
  waitingAt?: number
  /** `lastAt` of an open conversation flagged for follow-up. */
  followUpAt?: number
  followUp?: 1
  /** Present only while unread for the agent of this replica, for the same views. */
  unreadOpen?: 1
  unreadAgent?: string
  unreadGroup?: string
  unreadLone?: 1
  unreadNumber?: string
  unreadWaiting?: 1
  unreadFollowUp?: 1
}

/** Rows of the tables that are small enough to be read whole. */
export type SmallTable = Exclude<TableName, 'conversations' | 'mobileUsers' | 'threads'>
export interface SmallRecord {
  /** `<table>/<id>` */
  key: string
  table: SmallTable
  id: string
  seq: number
  row: unknown
}

/** A thread's document as the updates it came in; together they are the document at `epoch` and `clock`. */
export interface ThreadRecord {
  id: MobileUserId
  /** The account epoch in which these bytes were written. */
  life: number
  epoch: number
  clock: number
  updates: Uint8Array[]
  /** Something was missed: nothing is applied any more until a pull has answered [E4]. */
  stale: 0 | 1
}

/** Entries of documents that were replaced by one of another epoch: pages beside the thread, never merged [E1]. */
export interface HistoryRecord {
  user: MobileUserId
  entries: Entry[]
}

/** What of a person's thread stands on this device, without its bytes [E6]. */
export interface ShelfRecord {
  user: MobileUserId
  thread: { epoch: number; clock: number; stale: 0 | 1 } | null
  /** Bytes of the document, also those it had when it left for want of room. */
  bytes: number
  /** Characters of the pages of history. */
  history: number
  /** When somebody opened it here last, by this device's clock; 0 where nobody did. */
  openedAt: number
}

/** What a person's thread says, for the search on this device: `mark` says of which document and history. */
export interface TextsRecord {
  user: MobileUserId
  mark: string
  texts: { id: EntryId; conversation: ConversationId; at: number; text: string }[]
}

/** A command that the edge has not confirmed. */
export interface PendingRecord {
  id: CommandId
  /** Press order on this device, over all its pages. */
  press: number
  /** Given when it is first handed over [E11]; null until then, and until then it can be cancelled. */
  n: number | null
  command: Command
  conversation: ConversationId | null
  /** Time of the press by this device's clock. */
  at: number
  /** Time of the newest text in any list at the press: what a device with a slow clock does still comes after it. */
  after: number
  seen: number
  synced: boolean
  wroteAt?: number
  /** The wire version under which it was pressed; `pressed` is what it was then, where that is not the same [E17]. */
  version: number
  /** The draft that its text was written in, and how much of it stood on the screen [E15]. */
  draft?: { epoch: number; seen: Clocks }
  pressed?: Pressed
  /** Made in an earlier epoch of the account, which may have carried it out: said at each handing over [E24]. */
  again?: true
  /** Its acknowledgement came, and the thread it wrote to is not here yet at that clock [E4]. */
  acked: { seq: number; thread: NonNullable<Ack['thread']> } | null
}

/** A command that the edge carried out: offered again, should the account go back to before it [E24]. */
export interface DoneRecord {
  /** The command's id; of read marks `read/<conversation>`, since a later one says all that an earlier one did. */
  key: string
  /** When its acknowledgement came, by this device's clock. */
  doneAt: number
  record: PendingRecord
}

/** A command that the edge refused: in sight until the person dismisses it. */
export interface RefusalRecord {
  id: CommandId
  command: Command
  conversation: ConversationId | null
  at: number
  code: string
  text: string
}

/** A picture: attached to a box, on its way with a command, or kept because somebody looked at it [E29]. */
export interface MediaRecord {
  id: MediaId
  blob: Blob
  contentType: string
  bytes: number
  /** When it was attached or first seen, by this device's clock; the order in a box. */
  at: number
  /** The conversation in whose reply box it stands. */
  box?: ConversationId
  /** The command that takes it along. */
  command: CommandId | null
  uploaded: boolean
  /** Present while the edge does not have it and this device must keep it. */
  queued?: 1
  /** When it was looked at last; present once it may leave for want of room. */
  seenAt?: number
}

/** A reply or note box: the document that stands in it, and what a sending left behind [E15]. */
export interface ComposerRecord {
  /** `<conversation>:<kind>` */
  key: string
  conversation: ConversationId
  kind: DraftKind
  /** Counts writes of this database, so that a page knows an older word from a newer one. */
  version: number
  /** The reading of `held`. */
  text: string
  held: HeldDraft
  /** The document that was sent, until the edge has taken or refused the command: closed here, and perhaps only here. */
  sent: SentDraft | null
  beside: Beside | null
  /** How far the typing of each page of this device went into this box, whatever document it stands in since. */
  taken?: { page: number; n: number }[]
}

/** A draft's document as this device has it. */
export interface HeldDraft {
  /** Names it on this device: pages see by it that another document has taken its place. */
  id: string
  /** Null while it is this device's alone: no epoch is known here, or the sent one is not acknowledged yet. */
  epoch: number | null
  /** The moment at which a device's own document began: an epoch that was opened later follows a sending. */
  since: number
  updates: Uint8Array[]
  /** Yjs client ids that this device has used in it, at most `limits.draftClients`. */
  clients: number[]
  /** Edits made here, and how many of them the edge has kept. */
  edits: number
  kept: number
  /** Put back after the database lost it: the edge may hold the very same text. */
  copy?: boolean
  /** The edge would not have what this device wrote in it. */
  refused?: boolean
  /** What of it was put in from beside the box. */
  took?: Took[]
}

export interface Took {
  text: string
  left: LeftDraft
  /** The client id that it is written by here; none where that wrote other letters as well. */
  as?: number
}

export interface SentDraft extends HeldDraft {
  command: CommandId
  /** What stood on the author's screen at the press. */
  seen: Clocks
}

/** Own text that missed a sending, kept beside the box until the person puts it in or discards it. */
export interface Beside {
  /** Its parts, each on a line of its own. */
  text: string
  why: 'offline' | 'crossed'
  /** Missing in what an older build kept. */
  parts?: BesidePart[]
}

export interface BesidePart {
  text: string
  left?: LeftDraft
}

/** A document that a box has left, with own text that missed its sending: a restored edge may have that epoch open again. */
export interface LeftDraft {
  epoch: number
  held: HeldDraft
  /** What the sending took. */
  seen: Clocks
}

/** A conversation made here and not sent yet, or another name of the one that its first message joined [E14]. */
export interface LocalRecord {
  id: ConversationId
  user: MobileUserId
  number: NumberId
  to: string
  at: number
  joined: ConversationId | null
}

/** A row that its schema did not take: left out, and asked for once more. */
export interface QuarantineRecord {
  key: string
  seq: number
  asked: boolean
}

export type MetaRecord =
  | { key: 'owner'; account: AccountId; agent: AgentId }
  | ReplicaMeta
  | ClientMeta
  | PressMeta
  | TalkerMeta

/** Counts the writes of the database: what was read after the last need not be read again. One that is emptied begins anew. */
export interface WritesRecord {
  key: 'last'
  life: string
  at: number
}

/** Which life of the account is copied here, how far, and where an unfinished bootstrap goes on. */
export interface ReplicaMeta {
  key: 'replica'
  fingerprint: string
  epoch: number
  /** Good for deltas only together with `boot`: while that is set, pages behind its key are missing. */
  cursor: Cursor
  boot: Boot | null
  /** What this agent may see, by the commit at which the edge said so [E7]; null before it ever did. */
  rights: { audiences: string[]; at: number } | null
}
/** A copy in pages that has not ended: the key it goes on behind, rows so far, and the audiences it is of. */
export interface Boot {
  after: string
  done: number
  /** Null for everything that this agent may see: the first copy. */
  only: string[] | null
}
export interface ClientMeta {
  key: 'client'
  id: ClientId
  nextN: number
  /** The account epoch that this client's numbers belong to [E24]; absent before the edge ever named one. */
  epoch?: number
}
export interface PressMeta {
  key: 'press'
  next: number
}
/** Raised by each page that begins to talk; what a page of a lower number writes is refused [E16]. */
export interface TalkerMeta {
  key: 'talker'
  value: number
}
export type MetaOf<Key extends MetaRecord['key']> = Extract<MetaRecord, { key: Key }>
