import { broadcastOf } from '../../base/ids.ts'
import { noCounts, refuseList } from '../../rules/list-limit.ts'
import { firstEmoji } from '../../rules/content.ts'
import { isLate } from '../../rules/guard.ts'
import { limits } from '../../wire/limits.ts'
import type { CommandNamed } from '../command.ts'
import type { Context, Verdict } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import { held, type World } from '../world.ts'
import type { Author } from './reply.ts'

/**
 * Sends one message to a distribution list [F12]. Nothing leaves with this commit: it begins a job that enters the
 * recipients in the ledger, and each text is judged once more right before its carrier is called [E19].
 *
 * What was pressed without a connection, or comes again from a life that is lost, is refused: a text to thousands that
 * leaves hours later, or twice, cannot be taken back [E13, E24].
 */
export function decideSendBroadcast(
  world: World,
  command: CommandNamed<'SendBroadcast'>,
  author: Author,
  context: Context,
): Verdict {
  const list = held(world.list ?? null)
  if (list === null) return refuse('unknown', 'This list does not exist.')
  if (isLate(author.press))
    return refuse(
      'late',
      'Not sent: sending to a list needs a connection. Look at it again, then press SUBMIT.',
    )
  const restricted = refuseList(list, world.settings)
  if (restricted) return refuse('list limit', restricted)
  if (list.count !== command.expect)
    return refuse('changed', `Not sent: this list has ${list.count} numbers by now. Look at it again.`)
  const number = world.numbers.get(command.number)
  if (!number?.active) return refuse('number inactive', 'Failed to send message. This number is not active.')
  if (command.text.trim() === '') return refuse('empty', 'There is nothing to send yet.')
  if (command.text.length > limits.reply)
    return refuse('too long', `A message holds at most ${limits.reply} characters.`)
  const emoji = world.settings.emoji === 'refuse' ? firstEmoji(command.text) : null
  if (emoji)
    return refuse('emoji', `Text messages from this account cannot carry ${emoji}. Remove it to send.`)
  const id = broadcastOf(author.command)
  return {
    changes: [
      {
        kind: 'row',
        table: 'broadcasts',
        row: {
          id,
          list: list.id,
          listName: list.name,
          addToInbox: list.addToInbox,
          number: number.id,
          text: command.text,
          by: author.id,
          at: context.now,
          state: 'preparing',
          counts: { ...noCounts, waiting: list.count },
        },
      },
    ],
    effects: [
      { kind: 'prepare', broadcast: id, list: list.id },
      { kind: 'audit', what: 'sent to list', by: author.id, about: list.id },
    ],
  }
}
