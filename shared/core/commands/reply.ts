import { entryOf, type AgentId, type CommandId, type EntryId, type MediaId } from '../../base/ids.ts'
import type { Delivery } from '../../model/delivery.ts'
import type { Media } from '../../model/entry.ts'
import {
  firstEmoji,
  measure,
  partsOf,
  refuseContent,
  textOnlyLimit,
  type LongMessages,
  type Way,
} from '../../rules/content.ts'
import { holdReason, holdReasonOfStart, isLate, type Press } from '../../rules/guard.ts'
import { numberTypeOf, pictureLimits, picturesAtMost, sizeWords } from '../../rules/media.ts'
import { isTooFast } from '../../rules/pace.ts'
import { personalize } from '../../rules/personalize.ts'
import type { Conversation } from '../../rows/conversation.ts'
import type { MobileUser } from '../../rows/mobile-user.ts'
import type { CompanyNumber } from '../../rows/number.ts'
import { limits } from '../../wire/limits.ts'
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
  /** Pictures that go with it. */
  media?: readonly Media[] | undefined
}

/** As a command brings it: pictures by their names, and when it is to be sent, if not at once [DC22]. */
export interface Asked {
  text: string
  textOnly?: boolean | undefined
  media?: readonly MediaId[] | undefined
  at?: number | undefined
}

/** Sends a text in a conversation, or holds it where a late one has been overtaken [E13]. */
export function decideReply(
  world: World,
  command: CommandNamed<'SendReply' | 'ScheduleReply'>,
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
  { text: composed, textOnly = false, media: names = [], at }: Asked,
  author: Author,
  context: Context,
  draft = new Draft(world, conversation.user),
): Verdict {
  const number = world.numbers.get(conversation.number)
  const user = held(world.user)
  const text = user === null ? composed : personalize(composed, user, 'single')
  const media = picturesOf(world, names)
  const refusal =
    refuseSending(world, user, number, { text, textOnly, media }) ??
    refusePictures(world, names, number) ??
    refusePace(world, conversation, author, context)
  if (refusal) return refusal
  if (!number) return refuse('unknown', 'This number does not exist.')
  const isPast = at !== undefined && at <= context.now
  if (isPast && !isLate(author.press)) return refuse('past', 'Choose a time that is still to come.')
  const reason =
    reasonToHold(world, conversation, author) ?? (isPast ? { why: 'time passed' as const, text: '' } : null)
  const delivery = deliveryOf(reason, at, context.now)
  const isMms = textOnly || media.length > 0
  const way = wayOf(world, number, isMms)
  const pieces = text.trim() === '' ? [''] : partsOf(text, way)
  pieces.forEach((piece, index) => {
    const entry = draft.add({
      id: entryOf(author.command, index),
      at: context.now,
      ...(author.wroteAt === undefined ? {} : { wroteAt: author.wroteAt }),
      conversation: conversation.id,
      kind: 'outbound',
      by: author.id,
      text: piece,
      parts: isMms ? 1 : measure(piece, 'concatenate').parts,
      ...(textOnly ? { textOnly } : {}),
      ...(media.length > 0 ? { media } : {}),
      delivery,
    })
    const { id, order } = entry
    if (delivery.state === 'scheduled')
      draft.effect({
        kind: 'schedule',
        message: id,
        user: conversation.user,
        channel: number.channel,
        due: delivery.due,
      })
    else if (delivery.state === 'held') {
      const asked = { from: number.address, to: user?.address ?? '', text: piece }
      const during = { since: context.now - author.press.waited, until: context.now }
      draft.effect({
        kind: 'hold',
        message: id,
        user: conversation.user,
        channel: number.channel,
        ...(delivery.why === 'restored' ? { mayHaveLeft: { ...asked, ...during } } : {}),
      })
    } else if (delivery.state === 'accepted')
      draft.effect(handOver(world, conversation, number, { id, text: piece, textOnly, media, order }))
  })
  const said = text.trim() === '' ? 'Picture' : text
  const row =
    delivery.state === 'accepted'
      ? withText(conversation, { by: 'agent', agent: author.id }, said, context.now)
      : conversation
  draft.put({ table: 'conversations', row: { ...row, trouble: draft.trouble(conversation.id) } })
  return draft
}

/** The outbox row of a text: all that a carrier needs. */
export function handOver(
  world: World,
  conversation: Conversation,
  number: CompanyNumber,
  { id, text, textOnly = false, media = [], order }: Composed & { id: EntryId; order: number },
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
    ...(media.length > 0 ? { media: media.flatMap(({ id }) => id ?? []) } : {}),
    order,
  } as const
}

/** Why nothing may be sent to this person from this number with this text, or null. */
export function refuseSending(
  world: World,
  user: MobileUser | null,
  number: CompanyNumber | undefined,
  { text, textOnly = false, media = [] }: Composed,
): Refusal | null {
  if (user?.optedOut) return refuse('opted out', `Not sent: they opted out with ${user.optedOut.word}.`)
  if (!number?.active) return refuse('number inactive', 'Failed to send message. This number is not active.')
  const isMms = textOnly || media.length > 0
  const way = wayOf(world, number, isMms)
  if (typeof way === 'object' && way.mms === 0)
    return refuse(
      'no mms',
      media.length > 0
        ? 'This number cannot send pictures.'
        : 'This number cannot send MMS. Switch the paragraph sign off to send a text message.',
    )
  const content = media.length > 0 && text.trim() === '' ? null : refuseContent(text, way)
  if (content) return refuse(content.code === 'empty' ? 'empty' : 'too long', content.text)
  const emoji = world.settings.emoji === 'refuse' && !isMms ? firstEmoji(text) : null
  if (emoji)
    return refuse('emoji', `Text messages from this account cannot carry ${emoji}. Remove it to send.`)
  return null
}

function refusePace(world: World, { id }: Conversation, author: Author, { now }: Context): Refusal | null {
  const thread = held(world.thread)
  if (thread === null || !isTooFast(thread, id, author.id, author.press, now)) return null
  return refuse(
    'too many',
    `Not sent: ${limits.textsPerMinute} texts a minute is the most in one conversation. Wait a moment.`,
  )
}

export function longMessagesOf({ settings }: World, number: CompanyNumber): LongMessages {
  return number.longMessages ?? settings.longMessages
}

/** How a text stands after the press that sent it, or that asked for a later time. */
function deliveryOf(
  reason: { why: Extract<Delivery, { state: 'held' }>['why']; text: string } | null,
  at: number | undefined,
  now: number,
): Delivery {
  if (reason) return { state: 'held', at: now, why: reason.why, text: reason.text }
  return at === undefined ? { state: 'accepted', at: now } : { state: 'scheduled', at: now, due: at }
}

/** Pictures as they stand in the text. What this device does not know of one the edge does. */
function picturesOf(world: World, names: readonly MediaId[]): Media[] {
  return names.map((id) => {
    const upload = world.uploads?.get(id)
    const contentType = upload?.contentType ?? 'image/jpeg'
    return { url: '', contentType, id, copy: { state: 'kept', bytes: upload?.bytes ?? 0 } }
  })
}

/** Why these pictures cannot go with one text from this number, or null [F123, E29]. */
function refusePictures(
  world: World,
  names: readonly MediaId[],
  number: CompanyNumber | undefined,
): Refusal | null {
  if (names.length > picturesAtMost)
    return refuse('picture', `At most ${picturesAtMost} pictures go with one message.`)
  const known = names.map((id) => world.uploads?.get(id))
  if (known.includes(null)) return refuse('picture', 'A picture of this message is missing. Attach it again.')
  const most = pictureLimits[numberTypeOf(number?.address ?? '')].bytes
  const bytes = known.reduce((sum, upload) => sum + (upload?.bytes ?? 0), 0)
  return bytes > most
    ? refuse(
        'picture',
        `The pictures have ${sizeWords(bytes)}, and this number sends ${sizeWords(most)} at most.`,
      )
    : null
}

function wayOf(world: World, number: CompanyNumber, textOnly: boolean): Way {
  return textOnly ? { mms: textOnlyLimit(world.settings, number) } : longMessagesOf(world, number)
}

function reasonToHold(world: World, conversation: Conversation, author: Author) {
  if (conversation.status === 'closed')
    return { why: 'closed' as const, text: `${closer(world, conversation)} ended this conversation.` }
  const thread = held(world.thread)
  if (thread === null) return null
  const { id, press } = author
  const { endedOfPair } = world
  return endedOfPair && held(world.openOfPair) === null
    ? holdReasonOfStart(thread, endedOfPair, id, press)
    : holdReason(thread, conversation.id, id, press)
}

function closer(world: World, conversation: Conversation): string {
  return (conversation.closedBy && world.agents.get(conversation.closedBy)?.name) || 'Somebody'
}
