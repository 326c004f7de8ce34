import type { AgentId, GroupId } from '../base/ids.ts'
import type { Conversation } from '../rows/conversation.ts'

/** The five default views [F59] and the two system views [F70, F71, DC5]. */
export const defaultViews = ['open', 'mine', 'groups', 'unassigned', 'closed'] as const
export type DefaultView = (typeof defaultViews)[number]

/** Names as they stand on screen. */
export const viewNames: Record<DefaultView, string> = {
  open: 'Open',
  mine: 'Just Mine',
  groups: 'My Groups',
  unassigned: 'Unassigned',
  closed: 'Closed',
}

/** The most that Closed lists and counts [F64, F65]. */
export const closedLimit = 150

export interface Viewer {
  id: AgentId
  groups: readonly GroupId[]
}

/** Whether a conversation stands in a view for this agent [DC23]. */
export function isIn(view: DefaultView, row: Conversation, viewer: Viewer): boolean {
  if (view === 'closed') return row.status === 'closed'
  if (row.status === 'closed') return false
  switch (view) {
    case 'open':
      return true
    case 'mine':
      return row.agent === viewer.id
    case 'groups':
      return row.group !== null && viewer.groups.includes(row.group)
    case 'unassigned':
      return row.agent === null && row.group === null
  }
}

/** Sorts a view: the newest text first, and for Closed what was closed last. Ties go by id, the same everywhere. */
export function compareRows(view: DefaultView, left: Conversation, right: Conversation): number {
  const at = (row: Conversation) => (view === 'closed' ? (row.closedAt ?? 0) : row.lastAt)
  return at(right) - at(left) || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0)
}

/** Unread is per agent: an inbound text came after the last entry this agent has seen [DC15]. */
export function isUnread(row: Conversation, readUpTo: number): boolean {
  return row.status === 'open' && row.inboundOrder > readUpTo
}
