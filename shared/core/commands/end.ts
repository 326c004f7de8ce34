import { entryOf } from '../../base/ids.ts'
import { clockTime } from '../../base/time.ts'
import { overlooked } from '../../rules/guard.ts'
import type { CommandNamed } from '../command.ts'
import { Draft } from '../draft.ts'
import type { Context, Verdict } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import { refuseScheduled } from '../scheduled.ts'
import { held, zoneOf, type World } from '../world.ts'
import type { Author } from './reply.ts'

/** Ends a conversation for good [F221, DC10]. A late end that overlooked a text of the customer is refused. */
export function decideEnd(
  world: World,
  command: CommandNamed<'EndConversation'>,
  author: Author,
  context: Context,
): Verdict {
  const conversation = held(world.conversation)
  if (conversation === null) return refuse('unknown', 'This conversation does not exist.')
  if (conversation.status === 'closed') return refuse('already so', 'This conversation has ended already.')
  const thread = held(world.thread)
  const missed = thread && overlooked(thread, conversation.id, author.press)
  if (missed)
    return refuse(
      'customer wrote',
      `Not ended: they wrote at ${clockTime(missed.at, zoneOf(world, author.id))}.`,
    )
  const draft = new Draft(world, conversation.user)
  refuseScheduled(draft, world, conversation.id, world.agents.get(author.id)?.name ?? 'Somebody', context)
  draft.add({
    id: entryOf(author.command, 0),
    at: context.now,
    ...(author.wroteAt === undefined ? {} : { wroteAt: author.wroteAt }),
    conversation: conversation.id,
    kind: 'system',
    note: { what: 'ended', by: author.id },
  })
  draft.put({
    table: 'conversations',
    row: {
      ...conversation,
      status: 'closed',
      closedAt: context.now,
      closedBy: author.id,
      followUp: false,
      unanswered: null,
    },
  })
  draft.effect({ kind: 'audit', what: 'ended', by: author.id, about: conversation.id })
  return draft
}
