import { grouped } from '../../base/grouped.ts'
import { entryOf } from '../../base/ids.ts'
import { oneLine } from '../../base/text.ts'
import { agentsNamed, mentionsIn } from '../../rules/mentions.ts'
import { limits } from '../../wire/limits.ts'
import type { CommandNamed } from '../command.ts'
import { Draft } from '../draft.ts'
import type { Context, Verdict } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import { held, type World } from '../world.ts'
import type { Author } from './reply.ts'

/**
 * Adds a note that only agents see; closed conversations take notes too [F144, F146]. Whom it names with `@` finds it
 * under Mentions.
 */
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
    return refuse('too long', `A note holds at most ${grouped(limits.note)} characters.`)
  const draft = new Draft(world, conversation.user)
  const id = entryOf(author.command, 0)
  const mentions = mentionsIn(command.text, world.agents.values()).slice(0, limits.mentions)
  draft.add({
    id,
    at: context.now,
    ...(author.wroteAt === undefined ? {} : { wroteAt: author.wroteAt }),
    conversation: conversation.id,
    kind: 'note',
    by: author.id,
    text: command.text,
    ...(mentions.length === 0 ? {} : { mentions }),
  })
  for (const agent of agentsNamed(mentions))
    if (agent !== author.id)
      draft.put({
        table: 'mentions',
        row: {
          id: `${agent}:${conversation.id}:${id}`,
          agent,
          conversation: conversation.id,
          user: conversation.user,
          entry: id,
          by: author.id,
          at: context.now,
          preview: oneLine(command.text, 140),
          seen: false,
        },
      })
  return draft
}
