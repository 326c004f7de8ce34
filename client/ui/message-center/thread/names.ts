import { useParley } from '#client/state/parley.ts'
import type { Names } from './system-words.ts'

/** Names of agents and groups, as signals. Whoever is not known any more is a former one. */
export function useNames(): Names {
  const parley = useParley()
  return {
    agent: (id) => parley.agents().find((agent) => agent.id === id)?.name ?? 'A former agent',
    group: (id) => parley.groups().find((group) => group.id === id)?.name ?? 'a former group',
  }
}
