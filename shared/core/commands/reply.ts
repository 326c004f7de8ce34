import { entryOf, type AgentId, type CommandId } from '../../base/ids.ts'
import type { Delivery } from '../../model/delivery.ts'
import { firstEmoji, measure, partsOf, refuseContent, type LongMessages } from '../../rules/content.ts'
import { holdReason, isLate, type Press } from '../../rules/guard.ts'
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
  return sendIn(world, conversation, command.text, author, context)
}

/** The part that a reply and a start share: everything from the checks to the outbox. */
export function sendIn(
  world: World,
  conversation: Conversation,
  text: string,
  author: Author,
  context: Context,
  draft = new Draft(world, conversation.user),
): Verdict {
  const number = world.numbers.get(conversation.number)
  const refusal = refuseSending(world, held(world.user), number, text)
  if (refusal) return refusal
  if (!number) return refuse('unknown', 'This number does not exist.')
  const reason = reasonToHold(world, conversation, author)
  const delivery: Delivery = reason
    ? { state: 'held', at: context.now, why: reason.why, text: reason.text }
    : { state: 'accepted', at: context.now }
  const pieces = partsOf(text, longMessagesOf(world, number))
  pieces.forEach((piece, index) => {
    const entry = draft.add({
      id: entryOf(author.command, index),
      at: context.now,
      ...(author.wroteAt === undefined ? {} : { wroteAt: author.wroteAt }),
      conversation: conversation.id,
      kind: 'outbound',
      by: author.id,
      text: piece,
      parts: measure(piece, 'concatenate').parts,
      delivery,
    })
    if (reason === null) draft.effect(handOver(world, conversation, number, entry.id, piece, entry.order))
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
  message: ReturnType<typeof entryOf>,
  text: string,
  order: number,
) {
  const to = held(world.user)?.address ?? ''
  return {
    kind: 'hand over',
    message,
    user: conversation.user,
    channel: number.channel,
    from: number.address,
    to,
    text,
    order,
  } as const
}

/** Why nothing may be sent to this person from this number with this text, or null. */
export function refuseSending(
  world: World,
  user: MobileUser | null,
  number: CompanyNumber | undefined,
  text: string,
): Refusal | null {
  if (user?.optedOut) return refuse('opted out', `Not sent: they opted out with ${user.optedOut.word}.`)
  if (!number?.active) return refuse('number inactive', 'Failed to send message. This number is not active.')
  const content = refuseContent(text, longMessagesOf(world, number))
  if (content) return refuse(content.code === 'empty' ? 'empty' : 'too long', content.text)
  const emoji = world.settings.emoji === 'refuse' ? firstEmoji(text) : null
  if (emoji)
    return refuse('emoji', `Text messages from this account cannot carry ${emoji}. Remove it to send.`)
  return null
}

export function longMessagesOf(world: World, number: CompanyNumber): LongMessages {
  return number.longMessages ?? world.settings.longMessages
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
