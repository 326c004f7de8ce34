import { day } from '../../base/time.ts'
import type { CommandNamed } from '../command.ts'
import type { Change, Context, Verdict } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import type { World } from '../world.ts'

/** How long a mention that was seen stays in its agent's list. */
const seenKept = 90 * day
/** Rows that one command writes at most; the next one goes on [E19]. */
const atOnce = 200

/** The author has opened a conversation: what named them there is seen. What was seen long ago leaves with it. */
export function decideSeeMentions(
  world: World,
  { conversation }: CommandNamed<'SeeMentions'>,
  { now }: Context,
): Verdict {
  const mentions = world.mentions ?? []
  const seen = mentions
    .filter((row) => row.conversation === conversation && !row.seen)
    .map((row): Change => ({ kind: 'row', table: 'mentions', row: { ...row, seen: true } }))
  if (seen.length === 0) return refuse('already so', 'Nothing to change.')
  const old = mentions
    .filter((row) => row.seen && row.at < now - seenKept)
    .map((row): Change => ({ kind: 'gone', table: 'mentions', id: row.id }))
  return { changes: [...seen, ...old].slice(0, atOnce), effects: [] }
}
