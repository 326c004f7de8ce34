import type { AgentId } from '../../base/ids.ts'
import type { CommandNamed } from '../command.ts'
import type { Verdict } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import type { World } from '../world.ts'

/**
 * Gives a person another role [F39, F40]. The last admin stays one, or nobody could give the role back. What the
 * person may see follows at once: their devices drop what they lost and fetch what they gained [E7].
 */
export function decideRole(world: World, command: CommandNamed<'SetRole'>, actor: AgentId): Verdict {
  const agent = world.agents.get(command.agent)
  if (!agent?.active) return refuse('unknown', 'This agent does not exist.')
  if (agent.role === command.role) return refuse('already so', 'Nothing to change.')
  const others = [...world.agents.values()].filter(({ id, active }) => active && id !== agent.id)
  if (agent.role === 'admin' && !others.some(({ role }) => role === 'admin'))
    return refuse('last admin', `${agent.name} is the only admin. Make somebody else one first.`)
  return {
    changes: [{ kind: 'row', table: 'agents', row: { ...agent, role: command.role } }],
    effects: [{ kind: 'audit', what: `made ${command.role}`, by: actor, about: agent.id }],
  }
}
