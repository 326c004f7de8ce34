import { day } from '../../base/time.ts'
import type { CommandNamed } from '../command.ts'
import type { Context, Verdict } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import { decideReply, type Author } from './reply.ts'

/** Nobody schedules a reply further ahead than this on purpose. */
const furthest = 366 * day

/**
 * Has a reply sent at a later time [DC22]. It is judged like one that is sent now, so what cannot be sent is told
 * while its author is there; at its time it is judged again. One that was made without a connection and whose time
 * passed meanwhile is held.
 */
export function decideSchedule(
  world: Parameters<typeof decideReply>[0],
  command: CommandNamed<'ScheduleReply'>,
  author: Author,
  context: Context,
): Verdict {
  if (command.at > context.now + furthest) return refuse('past', 'Choose a time within a year.')
  return decideReply(world, command, author, context)
}
