import type { AgentId } from '../../base/ids.ts'
import type { CommandNamed } from '../command.ts'
import type { Verdict } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import type { World } from '../world.ts'

/** An agent goes away or comes back: colleagues see it, and no new work is handed to who is away. */
export function decideAway(world: World, { away }: CommandNamed<'SetAway'>, actor: AgentId): Verdict {
  const agent = world.agents.get(actor)
  if (!agent) return refuse('unknown', 'This agent does not exist.')
  if ((agent.away ?? false) === away) return refuse('already so', 'Nothing to change.')
  return { changes: [{ kind: 'row', table: 'agents', row: { ...agent, away } }], effects: [] }
}
