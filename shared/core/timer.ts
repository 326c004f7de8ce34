import { isWaiting, waitingDue } from '../rules/flags.ts'
import type { Context, Decision } from './outcome.ts'
import { held, type World } from './world.ts'

/**
 * The time came at which a customer's text turns into Waiting for Reply [F85]. Somebody may have answered
 * meanwhile, or the hours been changed: then nothing happens, and the door sets the timer anew where it is due.
 */
export function decideWaiting(world: World, context: Context): Decision {
  const row = held(world.conversation)
  if (row === null || isWaiting(row) || !row.unanswered) return { changes: [], effects: [] }
  const due = waitingDue(row, world.settings, world.numbers.get(row.number))
  if (due === null || due > context.now) return { changes: [], effects: [] }
  return {
    changes: [
      {
        kind: 'row',
        table: 'conversations',
        row: { ...row, unanswered: { ...row.unanswered, waiting: true } },
      },
    ],
    effects: [],
  }
}
