import { textsOfReply, type Outbound } from '../../model/entry.ts'
import { wholeOf } from '../../rules/content.ts'
import type { CommandNamed } from '../command.ts'
import { Draft, withText } from '../draft.ts'
import type { Context, Verdict } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import { held, type World } from '../world.ts'
import { handOver, refuseSending, type Author } from './reply.ts'

/**
 * *Send* for a held reply: judged for opt-out and closure only [E13]. A reply that was split goes as the one
 * reply that it is, whichever of its texts the press was on.
 *
 * A press that comes again from a life that is lost is refused: the reply left by it already, as far as anybody here
 * can know, and waits for its author to look at it once more [E24, P3].
 */
export function decideSendHeld(
  world: World,
  command: CommandNamed<'SendHeld'>,
  author: Author,
  context: Context,
): Verdict {
  const conversation = held(world.conversation)
  const { all, waiting } = heldReply(world, command, author)
  if (conversation === null || waiting.length === 0) return notHeld
  if (author.press.again)
    return refuse(
      'late',
      'Not sent again: this reply may have left before the account was put back. Look at it, then press Send.',
    )
  if (conversation.status === 'closed') return refuse('closed', 'This conversation has ended.')
  const number = world.numbers.get(conversation.number)
  for (const entry of waiting) {
    const refusal = refuseSending(world, held(world.user), number, entry)
    if (refusal) return refusal
  }
  if (!number) return refuse('unknown', 'This number does not exist.')
  const draft = new Draft(world, conversation.user)
  for (const entry of waiting) {
    if (entry.delivery.state === 'scheduled') draft.effect({ kind: 'withdraw', message: entry.id })
    draft.deliver(entry.id, { state: 'accepted', at: context.now })
    draft.effect(handOver(world, conversation, number, entry))
  }
  const whole = wholeOf(all.map(({ text }) => text)) || 'Picture'
  const row = withText(conversation, { by: 'agent', agent: author.id }, whole, context.now)
  draft.put({ table: 'conversations', row: { ...row, trouble: draft.trouble(conversation.id) } })
  return draft
}

/** *Discard* (and *Edit*, which takes the text back to the composer) for a held reply, all of it. */
export function decideDiscardHeld(
  world: World,
  command: CommandNamed<'DiscardHeld'>,
  author: Author,
  context: Context,
): Verdict {
  const conversation = held(world.conversation)
  const { waiting } = heldReply(world, command, author)
  if (conversation === null || waiting.length === 0) return notHeld
  const draft = new Draft(world, conversation.user)
  for (const { id, delivery } of waiting) {
    if (delivery.state === 'scheduled') draft.effect({ kind: 'withdraw', message: id })
    draft.deliver(id, { state: 'discarded', at: context.now })
  }
  draft.put({ table: 'conversations', row: { ...conversation, trouble: draft.trouble(conversation.id) } })
  return draft
}

const notHeld = refuse('not held', 'This reply is not waiting any more.')

/**
 * The texts of a reply and those of them that are held, or scheduled. Only its author settles a held one; others see
 * that there is one. What is scheduled anybody may send now or cancel, for its author may be away when it matters.
 */
function heldReply(
  world: World,
  command: CommandNamed<'SendHeld' | 'DiscardHeld'>,
  author: Author,
): { all: Outbound[]; waiting: Outbound[] } {
  const all = textsOfReply(held(world.thread)?.entries ?? [], command.entry)
  const waiting = all.filter(
    ({ by, conversation, delivery: { state } }) =>
      conversation === command.conversation &&
      (state === 'scheduled' || (state === 'held' && by === author.id)),
  )
  return { all, waiting }
}
