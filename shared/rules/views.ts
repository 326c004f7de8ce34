import { viewId, type AgentId, type NumberId, type ViewId } from '../base/ids.ts'
import type { Conversation } from '../rows/conversation.ts'
import type { CompanyNumber } from '../rows/number.ts'
import type { ViewRow } from '../rows/view.ts'
import { everything, matches, type Criteria, type Facts } from './criteria.ts'
import { isWaiting } from './flags.ts'
import { compareNames } from './search.ts'

/** The five default views [F59] and the two system views [F70, F71, DC5]. */
export const defaultViews = ['open', 'mine', 'groups', 'unassigned', 'closed'] as const
export const systemViews = ['waiting', 'follow-up'] as const
export const builtInViews = [...defaultViews, ...systemViews] as const
export type BuiltIn = (typeof builtInViews)[number]

/** Names as they stand on screen. */
export const viewNames: Record<BuiltIn, string> = {
  open: 'Open',
  mine: 'Just Mine',
  groups: 'My Groups',
  unassigned: 'Unassigned',
  closed: 'Closed',
  waiting: 'Waiting',
  'follow-up': 'Follow-Up',
}

/** The most that Closed lists and counts [F64, F65]. */
export const closedLimit = 150

/** A view as lists and screens use it. */
export interface View {
  id: ViewId
  name: string
  /** Null where all agents share it. */
  owner: AgentId | null
  criteria: Criteria
  /** Which built-in view it is; null for one that somebody added. Waiting and Follow-Up take by their flag as well. */
  builtIn: BuiltIn | null
  /** The company number of whose open conversations it is; null for every other view. */
  number: NumberId | null
  /** A built-in view that is not as it was delivered. */
  edited: boolean
}

/** What the built-in views take until somebody edits them [F60-F64, F70, F71, DC23]. */
export const defaultCriteria: Record<BuiltIn, Criteria> = {
  open: everything,
  mine: { ...everything, agents: ['@me'] },
  groups: { ...everything, groups: ['@mine'] },
  unassigned: { ...everything, agents: ['@nobody'], groups: ['@nobody'] },
  closed: { ...everything, status: 'closed' },
  waiting: { ...everything, sort: 'waiting' },
  'follow-up': everything,
}

/** The built-in views as they were delivered. */
export const builtIn: Record<BuiltIn, View> = Object.fromEntries(
  builtInViews.map((id) => [id, delivered(id)]),
) as Record<BuiltIn, View>

/** Every view of an agent: the built-in ones in their order, as they were edited, then those added, by name. */
export function allViews(rows: readonly ViewRow[]): View[] {
  const added = rows.filter(({ id }) => builtInOf(id) === null)
  return [
    ...builtInViews.map((id) => viewOf(viewIds[id], rows) ?? builtIn[id]),
    ...added
      .map((row) => ({ ...row, builtIn: null, number: null, edited: false }))
      .sort((left, right) => compareNames(left.name, right.name) || (left.id < right.id ? -1 : 1)),
  ]
}

/** The view of an id, or null where there is none (any more). */
export function viewOf(id: ViewId, rows: readonly ViewRow[]): View | null {
  const row = rows.find((each) => each.id === id)
  const which = builtInOf(id)
  if (which === null) return row ? { ...row, builtIn: null, number: null, edited: false } : null
  return row ? { ...builtIn[which], criteria: row.criteria, edited: true } : builtIn[which]
}

/** The view of a company number: what is open on it. It is there as long as the number is, and not edited. */
export function ofNumber(number: Pick<CompanyNumber, 'id' | 'name'>): View {
  return {
    id: viewId.parse(number.id),
    name: number.name,
    owner: null,
    criteria: { ...everything, numbers: [number.id] },
    builtIn: null,
    number: number.id,
    edited: false,
  }
}

/** Which built-in view an id names. */
export function builtInOf(id: ViewId): BuiltIn | null {
  return builtInViews.find((name) => viewIds[name] === id) ?? null
}

/** Whether a conversation stands in a view for this agent [DC23]. */
export function isIn(view: View, row: Conversation, facts: Facts): boolean {
  return hasFlag(view, row) && matches(view.criteria, row, facts)
}

/** Waiting and Follow-Up have what carries their flag, whatever else they are edited to take [F70, F71]. */
export function hasFlag(view: View, row: Conversation): boolean {
  if (view.builtIn === 'waiting') return isWaiting(row)
  return view.builtIn !== 'follow-up' || (row.followUp && row.status === 'open')
}

/** Sorts a view by its Default "Sort By". Ties go by id, the same everywhere. */
export function compareRows(view: View, left: Conversation, right: Conversation): number {
  return inOrderOf(view, left, right) || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0)
}

/** When a conversation last moved: its newest text while it is open, else its end. */
export function movedAt(row: Conversation): number {
  return row.status === 'closed' ? (row.closedAt ?? 0) : row.lastAt
}

/** Unread is per agent: an inbound text came after the last entry this agent has seen [DC15]. */
export function isUnread(row: Conversation, readUpTo: number): boolean {
  return row.status === 'open' && row.inboundOrder > readUpTo
}

function inOrderOf({ criteria }: View, left: Conversation, right: Conversation): number {
  switch (criteria.sort) {
    case 'newest':
      return movedAt(right) - movedAt(left)
    case 'oldest':
      return movedAt(left) - movedAt(right)
    case 'waiting':
      return waitedFrom(left) - waitedFrom(right) || movedAt(right) - movedAt(left)
  }
}

/** What does not wait stands behind all that does. */
function waitedFrom(row: Conversation): number {
  return isWaiting(row) ? (row.unanswered?.since ?? 0) : Number.MAX_SAFE_INTEGER
}

const viewIds = Object.fromEntries(builtInViews.map((id) => [id, viewId.parse(id)])) as Record<
  BuiltIn,
  ViewId
>

function delivered(id: BuiltIn): View {
  return {
    id: viewId.parse(id),
    name: viewNames[id],
    owner: null,
    criteria: defaultCriteria[id],
    builtIn: id,
    number: null,
    edited: false,
  }
}
