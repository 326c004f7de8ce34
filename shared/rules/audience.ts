import type { AgentId } from '../base/ids.ts'
import type { Role } from '../model/role.ts'
import type { RowPut } from '../rows/tables.ts'
import { actions, may, type Action } from './permissions.ts'

/** Who receives a row or a part of a frame [E7]. */
export type Audience = 'account' | `may:${Action}` | `agent:${AgentId}`

/** The audience of a row, from the row alone: the same answer whoever asks. */
export function audienceOf(put: RowPut): Audience {
  switch (put.table) {
    case 'readMarks':
    case 'mentions':
      return `agent:${put.row.agent}`
    case 'views':
    case 'quickReplies':
      return put.row.owner === null ? 'account' : `agent:${put.row.owner}`
    case 'strays':
      return 'may:see strays'
    case 'settings':
    case 'agents':
    case 'groups':
    case 'numbers':
    case 'channels':
    case 'mobileUsers':
    case 'threads':
    case 'conversations':
    case 'health':
    case 'lists':
    case 'broadcasts':
      return 'account'
  }
}

/** Every audience that an agent belongs to, in a fixed order, so that two sets can be compared as lists. */
export function audiencesOf(agent: { id: AgentId; role: Role }): Audience[] {
  const granted = actions
    .filter((action) => may(agent.role, action))
    .map((action) => `may:${action}` as const)
  return ['account', ...granted, `agent:${agent.id}`]
}
