import type { AgentId } from '../../base/ids.ts'
import type { MobileUser } from '../../rows/mobile-user.ts'
import type { CommandNamed } from '../command.ts'
import { Draft } from '../draft.ts'
import type { Context, Verdict } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import { held, type World } from '../world.ts'
import type { Author } from './reply.ts'

/** Opts a person in or out by hand [F297]. */
export function decideConsent(
  world: World,
  command: CommandNamed<'SetConsent'>,
  author: Author,
  context: Context,
): Verdict {
  const user = held(world.user)
  if (user === null) return refuse('unknown', 'This person does not exist.')
  if ((user.optedOut !== null) === command.optedOut) return refuse('already so', 'Nothing to change.')
  const draft = new Draft(world, user.id)
  if (command.optedOut) optOut(draft, world, user, 'by hand', author.id, context)
  else draft.put({ table: 'mobileUsers', row: { ...user, optedOut: null } })
  draft.effect({
    kind: 'audit',
    what: command.optedOut ? 'opted out' : 'opted in',
    by: author.id,
    about: user.id,
  })
  return draft
}

/**
 * Records an opt-out: from this commit on nothing that was not claimed before leaves for this person, and every
 * text that waited turns `refused` with the word and the date [P4, DC25].
 */
export function optOut(
  draft: Draft,
  world: World,
  user: MobileUser,
  word: string,
  by: AgentId | null,
  context: Context,
): void {
  draft.put({ table: 'mobileUsers', row: { ...user, optedOut: { at: context.now, word } } })
  for (const message of draft.unsent(world.claimed)) {
    draft.deliver(message, {
      state: 'refused',
      at: context.now,
      code: 'opted out',
      text: by === null ? `They opted out with ${word}.` : 'They were opted out by hand.',
    })
    draft.effect({ kind: 'withdraw', message })
  }
}
