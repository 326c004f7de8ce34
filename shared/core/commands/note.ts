import { entryOf } from '../../base/ids.ts'
import { limits } from '../../wire/limits.ts'
import type { CommandNamed } from '../command.ts'
import { Draft } from '../draft.ts'
import type { Context, Verdict } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import { held, type World } from '../world.ts'
import type { Author } from './reply.ts'

/** Adds a note that only agents see; closed conversations take notes too [F144, F146]. */
export function decideNote(
  world: World,
  command: CommandNamed<'AddNote'>,
  author: Author,
  context: Context,
): Verdict {
  const conversation = held(world.conversation)
  if (conversation === null) return refuse('unknown', 'This conversation does not exist.')
  if (command.text.trim() === '') return refuse('empty', 'There is nothing in this note yet.')
  if (command.text.length > limits.note)
    return refuse('too long', `A note holds at most ${limits.note.toLocaleString('en-US')} characters.`)
  const draft = new Draft(world, conversation.user)
  draft.add({
    id: entryOf(author.command, 0),
    at: context.now,
    ...(author.wroteAt === undefined ? {} : { wroteAt: author.wroteAt }),
    conversation: conversation.id,
    kind: 'note',
    by: author.id,
    text: command.text,
  })
  return draft
}
