import type { CommandNamed } from '../command.ts'
import { Draft, withText } from '../draft.ts'
import type { Context, Verdict } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import { held, type World } from '../world.ts'
import { handOver, refuseSending, type Author } from './reply.ts'

/** *Send* for a held reply: judged for opt-out and closure only [E13]. */
export function decideSendHeld(
  world: World,
  command: CommandNamed<'SendHeld'>,
  author: Author,
  context: Context,
): Verdict {
  const conversation = held(world.conversation)
  const text = heldText(world, command, author)
  if (conversation === null || text === null) return refuse('not held', 'This reply is not waiting any more.')
  if (conversation.status === 'closed') return refuse('closed', 'This conversation has ended.')
  const number = world.numbers.get(conversation.number)
  const refusal = refuseSending(world, held(world.user), number, text.text)
  if (refusal) return refusal
  if (!number) return refuse('unknown', 'This number does not exist.')
  const draft = new Draft(world, conversation.user)
  draft.deliver(text.id, { state: 'accepted', at: context.now })
  draft.effect(handOver(world, conversation, number, text.id, text.text, text.order))
  const row = withText(conversation, 'agent', text.text, context.now)
  draft.put({ table: 'conversations', row: { ...row, trouble: draft.trouble(conversation.id) } })
  return draft
}

/** *Discard* (and *Edit*, which takes the text back to the composer) for a held reply. */
export function decideDiscardHeld(
  world: World,
  command: CommandNamed<'DiscardHeld'>,
  author: Author,
  context: Context,
): Verdict {
  const conversation = held(world.conversation)
  const text = heldText(world, command, author)
  if (conversation === null || text === null) return refuse('not held', 'This reply is not waiting any more.')
  const draft = new Draft(world, conversation.user)
  draft.deliver(text.id, { state: 'discarded', at: context.now })
  draft.put({ table: 'conversations', row: { ...conversation, trouble: draft.trouble(conversation.id) } })
  return draft
}

/** Only its author settles a held reply; others see that there is one. */
function heldText(world: World, command: CommandNamed<'SendHeld' | 'DiscardHeld'>, author: Author) {
  const entry = held(world.thread)?.entries.find((entry) => entry.id === command.entry)
  if (entry?.kind !== 'outbound' || entry.by !== author.id || entry.conversation !== command.conversation)
    return null
  return entry.delivery.state === 'held' ? entry : null
}
