import { entryOf, type AgentId, type EntryId } from '../../base/ids.ts'
import { clockTime } from '../../base/time.ts'
import type { MobileUser } from '../../rows/mobile-user.ts'
import type { CommandNamed } from '../command.ts'
import { Draft } from '../draft.ts'
import type { Context, Verdict } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import { held, zoneOf, type World } from '../world.ts'
import type { Author } from './reply.ts'

/**
 * Opts a person in or out by hand [F297]. An opt-out counts at any age; an opt-in only for the opt-out that its
 * author saw, so that one pressed without a connection never overrides a newer STOP [P4].
 */
export function decideConsent(
  world: World,
  command: CommandNamed<'SetConsent'>,
  author: Author,
  context: Context,
): Verdict {
  const user = held(world.user)
  if (user === null) return refuse('unknown', 'This person does not exist.')
  if ((user.optedOut !== null) === command.optedOut) return refuse('already so', 'Nothing to change.')
  const out = user.optedOut
  if (out && out.cause !== command.expect)
    return refuse(
      'opted out again',
      `Not opted in: they opted out with ${out.word} at ${clockTime(out.at, zoneOf(world, author.id))}.`,
    )
  const draft = new Draft(world, user.id)
  if (command.optedOut)
    optOut(draft, world, user, { word: 'by hand', by: author.id, cause: entryOf(author.command, 0) }, context)
  else draft.put({ table: 'mobileUsers', row: { ...user, optedOut: null } })
  draft.effect({
    kind: 'audit',
    what: command.optedOut ? 'opted out' : 'opted in',
    by: author.id,
    about: user.id,
  })
  return draft
}

/** By which word or person somebody opts out, and the text that confirms it, where Parley writes one. */
export interface OptOut {
  word: string
  by: AgentId | null
  cause: EntryId
  confirmation?: EntryId | undefined
}

/**
 * Records an opt-out: from this commit on nothing that was not claimed before leaves for this person, and every
 * text that waited turns `refused` with the word and the date, in whatever conversation it stands [P4, DC25]. The
 * row of the conversation that the input names is its caller's to put.
 */
export function optOut(
  draft: Draft,
  world: World,
  user: MobileUser,
  { word, by, cause, confirmation }: OptOut,
  context: Context,
): void {
  const optedOut = { at: context.now, word, cause, ...(confirmation ? { confirmation } : {}) }
  draft.put({ table: 'mobileUsers', row: { ...user, optedOut } })
  for (const message of draft.unsent(world.claimed)) {
    draft.deliver(message, {
      state: 'refused',
      at: context.now,
      code: 'opted out',
      text: by === null ? `They opted out with ${word}.` : 'They were opted out by hand.',
    })
    draft.effect({ kind: 'withdraw', message })
  }
  draft.effect({ kind: 'skip broadcasts', user: user.id, word })
  for (const row of world.others) {
    const trouble = draft.trouble(row.id)
    if (trouble !== row.trouble) draft.put({ table: 'conversations', row: { ...row, trouble } })
  }
}
