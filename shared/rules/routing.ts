import type { AgentId, GroupId } from '../base/ids.ts'
import type { SystemNote } from '../model/entry.ts'
import type { CompanyNumber } from '../rows/number.ts'

/** To whom a new conversation goes, and the system note that says which rule decided. */
export interface Assignment {
  agent: AgentId | null
  group: GroupId | null
  note: Extract<SystemNote, { what: 'assigned' }> | null
}

/**
 * Gives a new inbound conversation its owner. The first rule that matches wins [DC7]: keyword, the mobile
 * user's record, round robin, the number's auto-assign, else unassigned. Today the number's rule is the one
 * that exists; a later one takes its place above it in this function. A changed setting never touches
 * conversations that are open already, because only new ones come here [F163, F164].
 */
export function route(number: CompanyNumber): Assignment {
  if (number.agent ?? number.group) {
    const owner = { agent: number.agent, group: number.agent ? null : number.group }
    return { ...owner, note: { what: 'assigned', rule: 'number', ...owner } }
  }
  return { agent: null, group: null, note: null }
}
