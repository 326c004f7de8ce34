import type { AgentId, ConversationId, EntryId, MobileUserId, NumberId } from '#shared/base/ids.ts'
import { mobileUserOf, numberOf, readAddress } from '#shared/base/address.ts'
import { parseAddress } from '#shared/base/phone.ts'
import { senderOf } from '#shared/core/arrivals/inbound.ts'
import { mediaIn, userIn, type CommandNamed } from '#shared/core/command.ts'
import type { Input } from '#shared/core/input.ts'
import { conversationsIn, endedWith, held, waitingBeside, type World } from '#shared/core/world.ts'
import type { Outbound } from '#shared/model/entry.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { Mention } from '#shared/rows/mention.ts'
import { unansweredBroadcast } from './ledger-text.ts'
import type { QuickReply } from '#shared/rows/quick-reply.ts'
import type { ViewRow } from '#shared/rows/view.ts'
import type { Documents } from './documents.ts'
import type { Memory } from './memory.ts'
import { getRow } from './rows.ts'
import type { Sql } from './sql.ts'
import { uploadOf } from './uploads.ts'

/** What an input is about, found before its world is put together. */
export interface Subject {
  conversation: Conversation | null
  openOfPair: Conversation | null
  user: MobileUserId | null
  message: EntryId | null
  view?: ViewRow | null
  quickReply?: QuickReply | null
}

/** Gathers the world of an input from SQLite and memory, in the same synchronous step as the commit [E9]. */
export function gather(sql: Sql, memory: Memory, documents: Documents, input: Input, now: number): World {
  const subject = subjectOf(sql, input)
  const world = worldOf(sql, memory, documents, subject)
  if (input.kind === 'inbound' && subject.user !== null)
    return { ...world, unanswered: unansweredBroadcast(sql, subject.user, companyNumberIn(input.to), now) }
  if (input.kind === 'command' && input.command.name === 'SeeMentions')
    return { ...world, mentions: mentionsOf(sql, input.actor) }
  if (input.kind !== 'command') return world
  const { command } = input
  const uploads = new Map(mediaIn(command).map((id) => [id, uploadOf(sql, id)]))
  if (command.name === 'StartConversation')
    return { ...world, uploads, endedOfPair: endedOfPair(sql, world.thread, command.number) }
  if (uploads.size > 0) return { ...world, uploads }
  if (!('list' in command)) return world
  const list = getRow(sql, 'lists', command.list)
  return command.name === 'AddToList' || command.name === 'RemoveFromList'
    ? { ...world, list, named: namedBy(sql, command) }
    : { ...world, list }
}

/** The world around a subject. `documents` is null where no thread matters: reading one is most of the work. */
export function worldOf(sql: Sql, memory: Memory, documents: Documents | null, subject: Subject): World {
  const { user } = subject
  const thread = user === null ? null : documents === null ? 'unknown' : documents.read(user)
  return {
    whole: true,
    settings: memory.settings,
    agents: memory.agents,
    groups: memory.groups,
    numbers: memory.numbers,
    conversation: subject.conversation,
    openOfPair: subject.openOfPair,
    others: waitingBeside(thread, (subject.conversation ?? subject.openOfPair)?.id ?? null).flatMap(
      (id) => getRow(sql, 'conversations', id) ?? [],
    ),
    user: user === null ? null : getRow(sql, 'mobileUsers', user),
    thread,
    text:
      held(thread)?.entries.find(
        (entry): entry is Outbound => entry.id === subject.message && entry.kind === 'outbound',
      ) ?? null,
    view: subject.view ?? null,
    quickReply: subject.quickReply ?? null,
    claimed: user === null ? nobody : claimedFor(sql, user),
    nextNo: memory.nextNo,
  }
}

function subjectOf(sql: Sql, input: Input): Subject {
  switch (input.kind) {
    case 'command': {
      const { command } = input
      if ('user' in command) return { ...nothing, user: command.user }
      if ('view' in command) return { ...nothing, view: getRow(sql, 'views', command.view) }
      if ('quickReply' in command)
        return { ...nothing, quickReply: getRow(sql, 'quickReplies', command.quickReply) }
      if (!('conversation' in command)) return nothing
      const conversation = conversationOf(sql, command.conversation)
      if (command.name !== 'StartConversation')
        return { ...nothing, conversation, user: conversation?.user ?? null }
      const user = userIn(command)
      return { conversation, openOfPair: user && openOfPair(sql, user, command.number), user, message: null }
    }
    case 'inbound': {
      const user = mobileUserOf(senderOf(input.from))
      return { ...nothing, openOfPair: openOfPair(sql, user, companyNumberIn(input.to)), user }
    }
    case 'receipt':
      return subjectOfMessage(
        sql,
        input.message ?? messageOf(sql, input.channel, input.carrierId),
        input.channel,
      )
    case 'claim':
    case 'handed':
    case 'looked up':
      return subjectOfMessage(sql, input.message, null)
    case 'copied':
      return { ...nothing, user: input.user }
    case 'timer': {
      if (input.what === 'scheduled') return subjectOfMessage(sql, input.message, null)
      const conversation = getRow(sql, 'conversations', input.conversation)
      return { ...nothing, conversation, user: conversation?.user ?? null }
    }
  }
}

/** A receipt speaks only for texts of its own channel: another channel's id is as unknown as any [fault W3]. */
function subjectOfMessage(sql: Sql, message: EntryId | null, channel: string | null): Subject {
  if (message === null) return nothing
  const found = sql.one<{ conversation: ConversationId; channel: string }>(
    `SELECT conversation, channel FROM messages WHERE id = ?`,
    message,
  )
  if (!found || (channel !== null && found.channel !== channel)) return nothing
  const conversation = getRow(sql, 'conversations', found.conversation)
  return { ...nothing, conversation, user: conversation?.user ?? null, message }
}

/** A conversation by its id or by the unsent id it was known under before [E14]. */
export function conversationOf(sql: Sql, id: ConversationId): Conversation | null {
  const [alias] = sql.still<{ conversation: string }>(`SELECT conversation FROM aliases WHERE id = ?`, id)
  return getRow(sql, 'conversations', alias?.conversation ?? id)
}

/** Everything that names an agent: their ids lie together, from `<agent>:` to the next character behind the colon. */
function mentionsOf(sql: Sql, agent: AgentId): Mention[] {
  return sql
    .all<{ body: string }>(
      `SELECT body FROM rows WHERE tbl = 'mentions' AND id >= ?1 || ':' AND id < ?1 || ';' AND body IS NOT NULL`,
      agent,
    )
    .map(({ body }) => JSON.parse(body) as Mention)
}

function companyNumberIn(to: string): NumberId {
  return numberOf(parseAddress(to)?.text ?? to)
}

/** Of the people whom a change of a list names: who is on it, and whom the account knows. */
function namedBy(sql: Sql, command: CommandNamed<'AddToList' | 'RemoveFromList'>): World['named'] {
  const users =
    command.name === 'RemoveFromList'
      ? command.users
      : command.addresses.flatMap((text) => {
          const address = readAddress(text)
          return address ? [mobileUserOf(address)] : []
        })
  const ids = JSON.stringify(users)
  const members = sql.all<{ id: MobileUserId }>(
    `SELECT user AS id FROM list_members WHERE list = ? AND user IN (SELECT value FROM json_each(?))`,
    command.list,
    ids,
  )
  const known = sql.all<{ id: MobileUserId }>(
    `SELECT id FROM rows WHERE tbl = 'mobileUsers' AND body IS NOT NULL AND id IN (SELECT value FROM json_each(?))`,
    ids,
  )
  return { members: new Set(members.map(({ id }) => id)), known: new Set(known.map(({ id }) => id)) }
}

export function openOfPair(sql: Sql, user: MobileUserId, number: NumberId): Conversation | null {
  const found = sql.one<{ conversation: string }>(
    `SELECT conversation FROM open_pairs WHERE user = ? AND number = ?`,
    user,
    number,
  )
  return found && getRow(sql, 'conversations', found.conversation)
}

/** A person's conversations with this number that have ended and still stand in their thread [E14]. */
function endedOfPair(sql: Sql, thread: World['thread'], number: NumberId): ReadonlySet<ConversationId> {
  return endedWith(
    number,
    conversationsIn(thread).map((id) => getRow(sql, 'conversations', id)),
  )
}

export function messageOf(sql: Sql, channel: string, carrierId: string): EntryId | null {
  const found = sql.one<{ id: EntryId }>(
    `SELECT id FROM messages WHERE channel = ? AND carrier_id = ?`,
    channel,
    carrierId,
  )
  return found?.id ?? null
}

function claimedFor(sql: Sql, user: MobileUserId): ReadonlySet<EntryId> {
  const found = sql.all<{ message: EntryId }>(
    `SELECT message FROM outbox WHERE user = ?1 AND state = 'claimed'
     UNION SELECT message FROM ledger WHERE user = ?1 AND state = 'claimed'`,
    user,
  )
  return found.length === 0 ? nobody : new Set(found.map(({ message }) => message))
}

const nobody: ReadonlySet<EntryId> = new Set()
const nothing: Subject = { conversation: null, openOfPair: null, user: null, message: null }
