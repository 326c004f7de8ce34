import type { AgentId, GroupId } from '#shared/base/ids.ts'
import type { SystemNote } from '#shared/model/entry.ts'

export interface Names {
  agent(id: AgentId): string
  group(id: GroupId): string
}

/** A change in a whole sentence. */
export function systemWords(note: SystemNote, names: Names): string {
  switch (note.what) {
    case 'assigned': {
      const owner = ownerOf(note, names)
      return owner === null
        ? 'Left unassigned by the rule of this number'
        : `Assigned to ${owner} by the rule of this number`
    }
    case 'claimed':
      return note.from === null
        ? `${names.agent(note.by)} claimed this conversation`
        : `${names.agent(note.by)} took this conversation over from ${names.agent(note.from)}`
    case 'transferred': {
      const owner = ownerOf(note, names)
      return owner === null
        ? `${names.agent(note.by)} left this conversation without an owner`
        : `${names.agent(note.by)} transferred this conversation to ${owner}`
    }
    case 'ended':
      return `${names.agent(note.by)} ended this conversation`
    case 'opted out':
      return note.by === null ? `They opted out with ${note.word}` : `${names.agent(note.by)} opted them out`
    case 'opted in':
      return note.by === null
        ? `They opted in again with ${note.word}`
        : `${names.agent(note.by)} opted them in again`
    case 'broadcast':
      return `The distribution list ${note.list} initiated this conversation. ${names.agent(note.by)} had sent`
  }
}

function ownerOf(to: { agent: AgentId | null; group: GroupId | null }, names: Names): string | null {
  if (to.agent !== null) return names.agent(to.agent)
  return to.group === null ? null : names.group(to.group)
}
