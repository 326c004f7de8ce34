import type { CommandNamed } from '../command.ts'
import type { Verdict } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import { held, type World } from '../world.ts'
import type { Author } from './reply.ts'

/**
 * *Check* for an unconfirmed text: its carrier's list is asked now, whether or not its time has come or has passed
 * [E22]. Nothing is sent [P3], and what the list says arrives as it does without a press.
 */
export function decideAskCarrier(
  world: World,
  { entry }: CommandNamed<'AskCarrier'>,
  author: Pick<Author, 'id'>,
): Verdict {
  const conversation = held(world.conversation)
  const text = held(world.thread)?.entries.find(({ id }) => id === entry)
  if (conversation === null || text?.kind !== 'outbound' || text.conversation !== conversation.id)
    return refuse('unknown', 'The carrier cannot be asked about this text.')
  if (text.delivery.state !== 'unconfirmed')
    return refuse('already so', 'The carrier has answered for this text meanwhile.')
  return {
    changes: [],
    effects: [
      { kind: 'ask carrier', message: entry },
      { kind: 'audit', what: 'asked the carrier', by: author.id, about: entry },
    ],
  }
}
