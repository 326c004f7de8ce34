import { entryOf, type AgentId, type CommandId, type EntryId } from '../../base/ids.ts'
import type { Delivery } from '../../model/delivery.ts'
import {
  firstEmoji,
  measure,
  partsOf,
  refuseContent,
  textOnlyLimit,
  type LongMessages,
  type Way,
} from '../../rules/content.ts'
import { holdReason, isLate, type Press } from '../../rules/guard.ts'
import { personalize } from '../../rules/personalize.ts'
import type { Conversation } from '../../rows/conversation.ts'
import type { MobileUser } from '../../rows/mobile-user.ts'
import type { CompanyNumber } from '../../rows/number.ts'
import type { CommandNamed } from '../command.ts'
import { Draft, withText } from '../draft.ts'
import type { Context, Verdict } from '../outcome.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { held, type World } from '../world.ts'

export interface Author {
  id: AgentId
  command: CommandId
  press: Press
  wroteAt?: number
}

/** What stood in the composer when SEND was pressed, with its inserts in brackets. */
export interface Composed {
  text: string
  /** To leave whole, as an MMS without a picture [F125]. */
  textOnly?: boolean | undefined
}

/** Sends a text in a conversation, or holds it where a late one has been overtaken [E13]. */
export function decideReply(
  world: World,
  command: CommandNamed<'SendReply'>,
  author: Author,
  context: Context,
): Verdict {
  const conversation = held(world.conversation)
  if (conversation === null) return refuse('unknown', 'This conversation does not exist.')
  const closed = conversation.status === 'closed'
  // An opt-out is told first, at any age: "Start a New Conversation" would be no way out of it [E13].
  if (closed && !isLate(author.press) && !held(world.user)?.optedOut)
    return refuse('closed', `${closer(world, conversation)} ended this conversation.`)
  return sendIn(world, conversation, command, author, context)
}

/**
 * The part that a reply and a start share: everything from the checks to the outbox. Inserts are filled in here, from
 * the record as it is in this commit [F236], and the checks are made on what will be sent.
 */
export function sendIn(
  world: World,
  conversation: Conversation,
  { text: composed, textOnly = false }: Composed,
  author: Author,
  context: Context,
  draft = new Draft(world, conversation.user),
): Verdict {
  const number = world.numbers.get(conversation.number)
  const user = held(world.user)
  const text = user === null ? composed : personalize(composed, user, 'single')
  const refusal = refuseSending(world, user, number, { text, textOnly })
  if (refusal) return refusal
  if (!number) return refuse('unknown', 'This number does not exist.')
  const reason = reasonToHold(world, conversation, author)
  const delivery: Delivery = reason
    ? { state: 'held', at: context.now, why: reason.why, text: reason.text }
    : { state: 'accepted', at: context.now }
  const way = wayOf(world, number, textOnly)
  const pieces = partsOf(text, way)
  pieces.forEach((piece, index) => {
    const entry = draft.add({
      id: entryOf(author.command, index),
      at: context.now,
      ...(author.wroteAt === undefined ? {} : { wroteAt: author.wroteAt }),
      conversation: conversation.id,
      kind: 'outbound',
      by: author.id,
      text: piece,
      parts: measure(piece, textOnly ? way : 'concatenate').parts,
      ...(textOnly ? { textOnly } : {}),
      delivery,
    })
    if (reason === null) {
      const { id, order } = entry
      draft.effect(handOver(world, conversation, number, { id, text: piece, textOnly, order }))
    }
  })
  const row = reason
    ? conversation
    : withText(conversation, { by: 'agent', agent: author.id }, text, context.now)
  draft.put({ table: 'conversations', row: { ...row, trouble: draft.trouble(conversation.id) } })
  return draft
}

/** The outbox row of a text: all that a carrier needs. */
export function handOver(
  world: World,
  conversation: Conversation,
  number: CompanyNumber,
  { id, text, textOnly = false, order }: Composed & { id: EntryId; order: number },
) {
  const to = held(world.user)?.address ?? ''
  return {
    kind: 'hand over',
    message: id,
    user: conversation.user,
    channel: number.channel,
    from: number.address,
    to,
    text,
    ...(textOnly ? { textOnly } : {}),
    order,
  } as const
}

/** Why nothing may be sent to this person from this number with this text, or null. */
export function refuseSending(
  world: World,
  user: MobileUser | null,
  number: CompanyNumber | undefined,
  { text, textOnly = false }: Composed,
): Refusal | null {
  if (user?.optedOut) return refuse('opted out', `Not sent: they opted out with ${user.optedOut.word}.`)
  if (!number?.active) return refuse('number inactive', 'Failed to send message. This number is not active.')
  const way = wayOf(world, number, textOnly)
  if (typeof way === 'object' && way.mms === 0)
    return refuse(
      'no mms',
      'This number cannot send MMS. Switch the paragraph sign off to send a text message.',
    )
  const content = refuseContent(text, way)
  if (content) return refuse(content.code === 'empty' ? 'empty' : 'too long', content.text)
  const emoji = world.settings.emoji === 'refuse' && !textOnly ? firstEmoji(text) : null
  if (emoji)
    return refuse('emoji', `Text messages from this account cannot carry ${emoji}. Remove it to send.`)
  return null
}

export function longMessagesOf({ settings }: World, number: CompanyNumber): LongMessages {
  return number.longMessages ?? settings.longMessages
}

function wayOf(world: World, number: CompanyNumber, textOnly: boolean): Way {
  return textOnly ? { mms: textOnlyLimit(world.settings, number) } : longMessagesOf(world, number)
}

function reasonToHold(world: World, conversation: Conversation, author: Author) {
  if (conversation.status === 'closed')
    return { why: 'closed' as const, text: `${closer(world, conversation)} ended this conversation.` }
  const thread = held(world.thread)
  return thread === null ? null : holdReason(thread, conversation.id, author.id, author.press)
}

function closer(world: World, conversation: Conversation): string {
  return (conversation.closedBy && world.agents.get(conversation.closedBy)?.name) || 'Somebody'
}
