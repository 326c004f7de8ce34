import type { Accessor } from 'solid-js'
import { createContext, useContext } from 'solid-js'
import type {
  AgentId,
  ConversationId,
  EntryId,
  GroupId,
  MediaId,
  MobileUserId,
  NumberId,
  ViewId,
} from '#shared/base/ids.ts'
import type { MobileUserInfo, ViewSaid } from '#shared/core/command.ts'
import type { Entry, Outbound } from '#shared/model/entry.ts'
import type { Role } from '#shared/model/role.ts'
import type { LongMessages } from '#shared/rules/content.ts'
import type { BuiltIn, View } from '#shared/rules/views.ts'
import type { Agent } from '#shared/rows/agent.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { Group } from '#shared/rows/group.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import type { CompanyNumber } from '#shared/rows/number.ts'
import type { Unsent } from '#client/db/leave.ts'
import type { TabFacts } from '#client/db/tabs.ts'
import type { Actions } from '#client/sync/actions.ts'
import type { Engine } from '#client/sync/engine.ts'
import type { QuickReply } from '#shared/rows/quick-reply.ts'
import type { Settings } from '#shared/rows/settings.ts'
import type { Stray } from '#shared/rows/stray.ts'
import type { createPeopleSearch } from './people-search.ts'
import type { Reachable } from './reachable.ts'
import type { createSearch, Search } from './search.ts'

/**
 * Everything the screens read and do: the only door from `ui` to the replica and the edge. Reads are signals
 * over confirmed state with the device's own waiting changes folded in; actions answer at once and never wait
 * for the network.
 */
export interface Parley {
  session: {
    account: string
    accountName: Accessor<string>
    agent: AgentId
    name: Accessor<string>
    email: Accessor<string>
    role: Accessor<Role>
    /** One's own picture, among the account's media [F36]. */
    avatar: Accessor<MediaId | null>
    /** How long one may be away before one is idle, in seconds [F32]. */
    idleSeconds: Accessor<number>
  }
  /** There is no usable database here: unsent work is lost when the page closes, which the screen says [E16]. */
  inMemory?: boolean
  /** Somebody said at sign-in that this computer is shared: nothing is kept on it on purpose. */
  shared: boolean
  /** The browser had no room for the last write. */
  storageFull: Accessor<boolean>
  connection: Accessor<Connection>
  /** Every change that the edge has not confirmed yet, oldest first, and what it refused since. */
  waiting: Accessor<WaitingChange[]>
  cancel(change: WaitingChange): void
  /** How far the very first copy of the account has come; null once it is complete. */
  firstSync: Accessor<{ done: number; total: number | null } | null>

  /** Since when the durable history has lagged behind; null while it keeps up. */
  historyBehindSince: Accessor<number | null>
  /** Texts to numbers that their channel does not have, newest first; empty for who may not see them. */
  strays: Accessor<Stray[]>
  /** A finger or the mouse went down on this conversation: it is read while it goes up again. */
  foresee(id: ConversationId): void
  /** Brings a page of what this device does not hold of a thread. */
  earlier(conversation: OpenConversation): Promise<{ ok: true } | { ok: false; text: string }>

  views: Accessor<ViewItem[]>
  /** Unread conversations of the whole inbox, whatever has been made of the view of that name. */
  unreadInbox: Accessor<number>
  /**
   * The rows of a view, newest first, windowed: call `more` when the end comes near. `view` is a saved view by its id,
   * or one that is being edited.
   */
  inbox(view: Accessor<BuiltIn | ViewId | View>): {
    /** The view as it is saved; null where it was removed. */
    view: Accessor<View | null>
    rows: Accessor<InboxRow[]>
    ready: Accessor<boolean>
    complete: Accessor<boolean>
    /** So far few were found, and older ones were not looked at yet. */
    cutShort: Accessor<boolean>
    /** Words are looked for that were only looked for on this device so far. */
    hereOnly: Accessor<boolean>
    more(): void
  }
  /** A search over this replica and the history; its code is fetched by whoever searches. */
  search(make: typeof createSearch, question: Accessor<string>): Search
  /** Saved people by name or number; its code is fetched by whoever asks. */
  people(make: typeof createPeopleSearch, question: Accessor<string>, most: number): Accessor<Reachable[]>
  /** One conversation with the whole thread it stands in. */
  conversation(id: Accessor<ConversationId | null>): Accessor<OpenConversation | null>
  /** What the tabs of these conversations tell, by the ids that were asked for. */
  tabs(ids: Accessor<readonly ConversationId[]>): Accessor<ReadonlyMap<ConversationId, TabItem>>
  /** What stands in the reply or note box, kept at every keystroke across reloads. */
  composer(id: Accessor<ConversationId | null>, kind: 'reply' | 'note'): ComposerBox

  agents: Accessor<Agent[]>
  groups: Accessor<Group[]>
  numbers: Accessor<CompanyNumber[]>
  online: Accessor<OnlineAgent[]>
  /** Notes in which colleagues named this agent, newest first. */
  mentions: Accessor<MentionItem[]>
  /** A conversation is on the screen: what names this agent in it is seen. */
  seeMentions(conversation: ConversationId): void
  /** Away by one's own word: no new work, and colleagues see it. */
  away: Accessor<boolean>
  setAway(away: boolean): Promise<Outcome>
  /** The zone of everything that this agent plans: their profile's, else the account's [DC22]. */
  timeZone: Accessor<string>
  /** The same, as far as it is known: undefined until the company is read. Asking the device for its own takes time. */
  zone: Accessor<string | undefined>
  accountTimeZone: Accessor<string>
  emojiRefused: Accessor<boolean>
  /** The account's own settings. */
  settings: Accessor<Settings>
  longMessages(number: NumberId): LongMessages
  /** Characters of a text-only MMS from this number [F125]; 0 where it cannot send one. */
  textOnlyLimit(number: NumberId): number
  /** Whether first messages get the name at their end [F241]. */
  autoAppends: Accessor<boolean>

  /** Tells colleagues what is on this screen. */
  look(at: { viewing: ConversationId | null; writing: ConversationId | null }): void
  /** This page shows the Message Center, or Settings: only the first is online for colleagues [F168, F169]. */
  show(page: 'message center' | 'settings'): void
  markRead(conversation: OpenConversation): void
  /** `textOnly`: whole, as an MMS without a picture [F125]. */
  send(conversation: ConversationId, text: string, textOnly?: boolean, more?: SendingMore): Promise<Outcome>
  note(conversation: ConversationId, text: string): Promise<Outcome>
  claim(conversation: Conversation): Promise<Outcome>
  transfer(conversation: Conversation, to: { agent: AgentId | null; group: GroupId | null }): Promise<Outcome>
  end(conversation: ConversationId): Promise<Outcome>
  /** The quick replies of everybody and one's own [F139], for as long as the caller's owner lives. */
  createQuickReplies(): Accessor<QuickReply[]>
  addQuickReply(shared: boolean, text: string, textOnly: boolean): Promise<Outcome>
  editQuickReply(row: QuickReply, text: string): Promise<Outcome>
  removeQuickReply(row: QuickReply): Promise<Outcome>
  followUp(conversation: ConversationId, on: boolean): Promise<Outcome>
  /** Marks a conversation read or unread for this agent alone [DC15]. */
  mark(conversation: Conversation, as: 'read' | 'unread'): Promise<Outcome>
  /** The same for many conversations, one change each: an outcome for each, in order, and one undo for all. */
  many(
    conversations: readonly Conversation[],
    act: ManyAct,
  ): Promise<{ outcomes: ManyOutcome[]; undo: () => Promise<Outcome[]> }>
  /** Who waits longest for a reply: of those that are mine, my groups' or nobody's first, then of the others. */
  nextWaiting(after: ConversationId | null): Promise<ConversationId | null>
  addView(shared: boolean, to: ViewSaid): Promise<Outcome & { view: ViewId }>
  editView(view: View, to: ViewSaid): Promise<Outcome>
  /** Removes an added view; puts a built-in one back to what it was. */
  removeView(view: View): Promise<Outcome>
  saveMobileUser(user: MobileUser, expect: MobileUserInfo, to: MobileUserInfo): Promise<Outcome>
  consent(user: MobileUser, out: boolean): Promise<Outcome>
  sendHeld(conversation: ConversationId, entry: EntryId): Promise<Outcome>
  /** Discards a held reply; `edit` puts its text back into the composer. */
  discardHeld(conversation: ConversationId, entry: EntryId, edit: boolean): Promise<Outcome>
  /** Has the carrier of an unconfirmed text asked about it now. Sends nothing. */
  askCarrier(conversation: ConversationId, entry: EntryId): Promise<Outcome>
  /** Makes an unsent conversation, or answers the open one of the pair [DC24]. */
  start(
    from: NumberId,
    to: string,
  ): Promise<{ ok: true; conversation: ConversationId } | { ok: false; text: string }>
  /** Sent the first message of an unsent conversation made by `start`. */
  /** Leaves this device. The copy of the account is deleted; what nobody else has yet can be kept for the next sign-in. */
  signOut(keep: 'nothing' | 'own work'): Promise<void>
  /** What only this device has of the agent's work: it is asked about before it is deleted. */
  readUnsent(): Promise<Unsent>
  /**
   * For parts of the screen that are loaded when somebody comes to them, such as Settings: `make` is a maker of
   * `client/state` and gets what this door is made of. Keeps what it reads and does out of the first load.
   */
  open<Door>(make: (behind: Behind) => Door): Door
}

export type { Unsent } from '#client/db/leave.ts'

/** What stands behind the screens' door. Only makers in `client/state` look at it. */
export interface Behind {
  engine: Engine
  actions: Actions
}

/** What a reply brings besides its text. `media` in the place of what is attached in the box; `at`: sent then [DC22]. */
export interface SendingMore {
  media?: readonly MediaId[] | undefined
  at?: number | undefined
}

/** A change was taken on this device (and waits or was sent on), or a rule said no at once. */
/** `undo` takes it back: cancelled if it was not handed over yet, else by a new change that expects what it undoes. */
export type Outcome = { ok: true; undo?: () => Promise<Outcome> } | { ok: false; code: string; text: string }

export type Connection =
  | { kind: 'live' }
  | { kind: 'syncing'; count: number }
  | { kind: 'offline'; waiting: number; since: number }
  /** The service has been unreachable for 60 s while the browser says it is online [DC21]. */
  | { kind: 'unreachable'; waiting: number }
  | { kind: 'signed out'; waiting: number }
  /** Another person is signed in in this browser [E12]. */
  | { kind: 'other agent'; name: string; waiting: number }

export interface WaitingChange {
  id: string
  /** "Reply to Dana Cruz", "Note", "End conversation". */
  title: string
  detail: string
  at: number
  state: 'waiting' | 'sending' | 'refused'
  /** Why it was refused, for the person, and by which rule. */
  reason: string | null
  code: string | null
  conversation: ConversationId | null
  /** Of a saved Mobile User Info: whose, and what was saved over what. */
  saved?: { user: MobileUserId; expect: MobileUserInfo; to: MobileUserInfo }
  /** Of a *Check*: the text that the carrier is asked about. */
  asks?: EntryId
}

/** What was said to one of many at once; `change` is how `waiting` names it, should the edge refuse it later. */
export type ManyOutcome = { ok: true; change: string } | { ok: false; code: string; text: string }

/** What can be done to many conversations at once. */
export type ManyAct =
  | { do: 'assign'; to: { agent: AgentId | null; group: GroupId | null } }
  | { do: 'end' }
  | { do: 'follow up'; on: boolean }
  | { do: 'mark'; as: 'read' | 'unread' }

export interface ViewItem {
  id: ViewId
  name: string
  view: View
  unread: number
}

export interface InboxRow {
  conversation: Conversation
  user: MobileUser | null
  /** Saved name, else the address as people read it. */
  title: string
  unread: boolean
  owner: string | null
  /** Something is typed and unsent on this device. */
  draft: boolean
  /** This change of it waits for the connection. */
  pending: boolean
  viewers: string[]
  writers: string[]
}

export interface TabItem extends TabFacts {
  title: string
}

export interface OpenConversation {
  conversation: Conversation
  user: MobileUser | null
  title: string
  number: CompanyNumber | null
  ownerName: string | null
  groupName: string | null
  /** False where the thread is not on this device and there is no connection to bring it. */
  held: boolean
  /** All entries of the person's thread that this device holds, in order, of every conversation. */
  entries: ThreadEntry[]
  /** Order of the last entry this agent had seen when the conversation was opened. */
  readUpTo: number
  /** The conversations of this thread that the device knows, oldest first. */
  past: Conversation[]
  viewers: string[]
  writers: string[]
  /** A conversation that exists on this device only, until its first message. */
  unsent: boolean
  /** False while the carrier of this number cannot be reached [F299]. */
  carrierReachable: boolean
}

export type ThreadEntry = Entry & {
  /** `waiting`: on this device only. `sending`: handed to the edge, not confirmed yet. */
  local?: 'waiting' | 'sending'
}
export type ThreadOutbound = Outbound & { local?: 'waiting' | 'sending' }

export interface OnlineAgent {
  id: AgentId
  name: string
  email: string
  idle: boolean
  away: boolean
  avatar: MediaId | null
}

/** A reply or note box, shared with the agent's other devices and with colleagues [E15]. */
export interface ComposerBox {
  text: Accessor<string>
  /** The text with the way from the one drawn before: where a cursor goes that stood in it. */
  view: Accessor<{ text: string; move(position: number): number }>
  /** The box says `text` now; `caret` is where its cursor stands. */
  set(text: string, caret?: number): void
  /** Colleagues whose cursors stand in this text, by where. */
  carets: Accessor<DraftCaret[]>
  /** The cursor of this box stands here; null where the box has no focus. Colleagues in the same draft see it. */
  caret(offset: number | null): void
  /** While an input method composes a word nothing is written into the box from outside. */
  compose(on: boolean): void
  /** Own text that missed a sending: it waits beside the box until it is put in or discarded. */
  beside: Accessor<{ text: string; why: 'offline' | 'crossed' } | null>
  takeBeside(insert: boolean): void
}

export interface MentionItem {
  id: string
  conversation: ConversationId
  title: string
  by: string
  at: number
  preview: string
  seen: boolean
}

/** A colleague's cursor in a draft. `offset` counts UTF-16 units, as text boxes do. */
export interface DraftCaret {
  agent: AgentId
  name: string
  offset: number
}

const ParleyContext = createContext<Parley>()
export const ParleyProvider = ParleyContext.Provider

/** The account that is open. Throws outside of a signed-in screen, which is a defect. */
export function useParley(): Parley {
  const parley = useContext(ParleyContext)
  if (!parley) throw new Error('useParley outside of ParleyProvider')
  return parley
}

/** Signing in, before there is a Parley to speak of. */
export type SignInAnswer = { ok: true } | { ok: false; text: string; retryAfter?: number }
