import type { ConversationId, MobileUserId, NumberId } from '../../base/ids.ts'
import { mobileUserOf, readAddress } from '../../base/address.ts'
import type { Conversation } from '../../rows/conversation.ts'
import { newMobileUser } from '../../rows/mobile-user.ts'
import type { CommandNamed } from '../command.ts'
import { autoAppend } from '../../rules/personalize.ts'
import { Draft } from '../draft.ts'
import { isRefusal, type Context, type Verdict } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import { held, type World } from '../world.ts'
import { sendIn, type Author } from './reply.ts'

/**
 * Starts a conversation with its first message [E14]. Where the pair has an open one by now, the text joins
 * that one, with the guard of a reply that has seen nothing, and the unsent id becomes another name of it. The
 * address is in its kept form: what people write was read on the device where they wrote it. Auto-Append is for
 * first messages only [F241], so it is left out where the text joins others.
 */
export function decideStart(
  world: World,
  command: CommandNamed<'StartConversation'>,
  author: Author,
  context: Context,
): Verdict {
  const address = readAddress(command.to)
  if (address === null || address.kind === 'alphanumeric')
    return refuse('bad number', `"${command.to}" is not a number that can be texted.`)
  if (held(world.conversation) !== null) return refuse('taken', 'This conversation cannot be started.')
  const number = world.numbers.get(command.number)
  if (!number) return refuse('unknown', 'This number does not exist.')
  const open = held(world.openOfPair)
  if (open) return sendIn(world, open, command, { ...author, press: { ...author.press, seen: 0 } }, context)

  const id = mobileUserOf(address)
  const user = held(world.user) ?? newMobileUser(id, address.text)
  const draft = new Draft(world, id)
  if (held(world.user) === null) draft.put({ table: 'mobileUsers', row: user })
  const row = newConversation(command.conversation, id, command.number, world.nextNo, context.now)
  const text = world.settings.autoAppend ? autoAppend(command.text) : command.text
  const verdict = sendIn({ ...world, user }, row, { ...command, text }, author, context, draft)
  if (!isRefusal(verdict)) draft.effect({ kind: 'audit', what: 'started', by: author.id, about: row.id })
  return verdict
}

export function newConversation(
  id: ConversationId,
  user: MobileUserId,
  number: NumberId,
  no: number | null,
  now: number,
): Conversation {
  return {
    id,
    no,
    user,
    number,
    status: 'open',
    agent: null,
    group: null,
    startedAt: now,
    closedAt: null,
    closedBy: null,
    lastAt: now,
    lastBy: 'agent',
    preview: '',
    inboundOrder: 0,
    followUp: false,
    trouble: null,
  }
}
