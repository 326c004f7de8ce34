import type { AgentId } from '#shared/base/ids.ts'
import type { Agent } from '#shared/rows/agent.ts'
import type { Group } from '#shared/rows/group.ts'
import type { Parley } from '#client/state/parley.ts'

/** To whom a conversation can be given, with what is known of whether somebody is there to take it. */
export interface Targets {
  /** Whether it can be seen from here who is there. */
  sees: boolean
  agents: { agent: Agent; here: boolean; mark: 'Online' | 'Away' | '' }[]
  /** Every group; one without anybody here takes a conversation as well, and is marked so [DC9]. */
  groups: { group: Group; mark: 'Nobody online' | '' }[]
}

/**
 * Agents and groups as the lists of owners show them. Here is who has the Message Center open and did not say that
 * they are away [F156]. `online` is null without a connection: then nobody can be seen, and nothing is said of anybody
 * but that they went away by their own word.
 */
export function targetsOf(
  agents: readonly Agent[],
  groups: readonly Group[],
  online: ReadonlySet<AgentId> | null,
): Targets {
  const isHere = (agent: Agent) => online !== null && online.has(agent.id) && !agent.away
  const active = agents.filter((agent) => agent.active)
  const isStaffed = (group: Group) => active.some((agent) => agent.groups.includes(group.id) && isHere(agent))
  return {
    sees: online !== null,
    agents: active.map((agent) => {
      const here = isHere(agent)
      return { agent, here, mark: agent.away ? 'Away' : here ? 'Online' : '' }
    }),
    groups: groups.map((group) => ({
      group,
      mark: online === null || isStaffed(group) ? '' : 'Nobody online',
    })),
  }
}

/** The same of the account that is open, as it is seen from this device now. */
export function targetsFrom(parley: Parley): Targets {
  const sees = ['live', 'syncing'].includes(parley.connection().kind)
  const online = sees ? new Set(parley.online().map(({ id }) => id)) : null
  return targetsOf(parley.agents(), parley.groups(), online)
}
