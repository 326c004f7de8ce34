import type { AgentId } from '../../base/ids.ts'
import type { CommandNamed } from '../command.ts'
import type { Decision, Verdict } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import { held, type World } from '../world.ts'

/** Moves an agent's read mark. The client names how far it saw; a mark may go back ("mark unread"). */
export function decideRead(world: World, command: CommandNamed<'MarkRead'>, actor: AgentId): Verdict {
  const conversation = held(world.conversation)
  if (conversation === null) return refuse('unknown', 'This conversation does not exist.')
  const row = {
    id: `${actor}:${conversation.id}`,
    agent: actor,
    conversation: conversation.id,
    order: command.order,
  }
  return { changes: [{ kind: 'row', table: 'readMarks', row }], effects: [] } satisfies Decision
}

/** Sets or clears the Follow-Up flag, which belongs to the conversation and ends with it [F89-F93]. */
export function decideFollowUp(world: World, command: CommandNamed<'SetFollowUp'>): Verdict {
  const conversation = held(world.conversation)
  if (conversation === null) return refuse('unknown', 'This conversation does not exist.')
  if (conversation.status === 'closed') return refuse('closed', 'This conversation has ended.')
  if (command.expect !== undefined && conversation.followUp !== command.expect)
    return refuse('changed', 'Somebody else changed the Follow-Up flag meanwhile.')
  const row = { ...conversation, followUp: command.on }
  return { changes: [{ kind: 'row', table: 'conversations', row }], effects: [] } satisfies Decision
}
