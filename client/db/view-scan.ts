import type { ConversationId } from '#shared/base/ids.ts'
import {
  idsIn,
  matchesRow,
  matchesUser,
  type Criteria,
  type Facts,
  type Viewer,
} from '#shared/rules/criteria.ts'
import { hasFlag, isIn, type View } from '#shared/rules/views.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import type { Overlay } from './overlay.ts'
import type { ConversationRecord } from './records.ts'
import { readSaid } from './said.ts'
import type { IndexOf, Key, Range, Tx } from './store.ts'

/**
 * Finds the first conversations of a view among those that the replica holds, without reading all of them:
 *
 * 1. A view is read by the index that holds the fewest others than its own. Where it holds no others, as for each
 *    view as it was delivered, the first page of the index is the answer.
 * 2. Else a few of the index are looked at, then, where too few of them stand in the view, as many as `budget`: what
 *    lies behind is looked at when somebody asks for more.
 * 3. What is read of an index is what stands first in the order of the view, so that nothing that was left out stands
 *    before what was taken.
 */
export interface Scanned {
  records: ConversationRecord[]
  /** Nothing that lies behind was left out. */
  complete: boolean
}

/** A part of an index, in the order of the view. */
export interface Source {
  index: IndexOf<'conversations'>
  range: Range
  /** Everything in it stands in the view. */
  exact: boolean
  /** It is in another order than the view, so all of it is looked at: few carry such a flag. */
  whole?: boolean
}

/** Reads up to `room` records of each part that stand in the view. */
export async function scanView(
  tx: Tx,
  view: View,
  overlay: Overlay,
  viewer: Viewer,
  { room, budget }: { room: number; budget: number },
): Promise<Scanned> {
  const found = new Map<string, ConversationRecord>()
  let complete = true
  const people = await peopleIn(tx, view.criteria, overlay)
  for (const source of people ?? sourcesOf(view, viewer)) {
    const part = await scanSource(tx, source, view, overlay, viewer, { room, budget })
    for (const record of part.records) found.set(record.id, record)
    complete = complete && part.complete
  }
  return { records: [...found.values()], complete }
}

/**
 * Where somebody looks for people, who they are is asked first: their conversations are few, and found by an index.
 * Null where nobody is looked for, or too many are found.
 */
async function peopleIn(tx: Tx, { users }: Criteria, overlay: Overlay): Promise<Source[] | null> {
  if (users.trim() === '') return null
  const found = new Set<string>()
  for (const { id, row } of await tx.all('mobileUsers'))
    if (row && !overlay.users.has(row.id) && matchesUser(users, row)) found.add(id)
  for (const user of overlay.users.values()) if (matchesUser(users, user)) found.add(user.id)
  if (found.size > peopleAtMost) return null
  return [...found].map((id) => ({ index: 'user', range: { from: id, to: id }, exact: false, whole: true }))
}

const peopleAtMost = 100

/** The rows among these that stand in the view, read with what the criteria ask about beside the row. */
export async function takeIn(
  tx: Tx,
  view: View,
  overlay: Overlay,
  viewer: Viewer,
  rows: readonly Conversation[],
): Promise<Set<ConversationId>> {
  const { users, text } = view.criteria
  const wordless = { ...view, criteria: { ...view.criteria, text: '' } }
  const likely = rows.filter((row) => hasFlag(view, row) && matchesRow(view.criteria, row, viewer))
  const people = users === '' ? null : await readPeople(tx, likely)
  const taken = new Set<ConversationId>()
  const quiet: { row: Conversation; facts: Facts }[] = []
  for (const row of likely) {
    const user = overlay.users.get(row.user) ?? people?.get(row.user) ?? null
    const facts: Facts = { viewer, user, said: () => [] }
    if (isIn(view, row, facts)) taken.add(row.id)
    else if (text !== '' && isIn(wordless, row, facts)) quiet.push({ row, facts })
  }
  if (quiet.length === 0) return taken
  const said = await readSaid(
    tx,
    quiet.map(({ row }) => row.user),
  )
  for (const { row, facts } of quiet)
    if (isIn(view, row, { ...facts, said: () => said.get(row.user)?.get(row.id) ?? [] })) taken.add(row.id)
  return taken
}

/** Many are read whole, which takes less time than asking for each. */
async function readPeople(tx: Tx, rows: readonly Conversation[]): Promise<Map<string, MobileUser | null>> {
  const ids = [...new Set(rows.map(({ user }) => user))]
  const records = ids.length > few ? await tx.all('mobileUsers') : await tx.many('mobileUsers', ids)
  return new Map(records.flatMap((record) => (record ? [[record.id, record.row] as const] : [])))
}

/** Whether each record of the view's sources stands in it, so that an index alone can list and count it. */
export function isExact({ criteria, builtIn }: View): boolean {
  const { numbers, lastRepliedBy, users, text, ids, status, agents, groups } = criteria
  if (lastRepliedBy !== 'any' || users !== '' || text !== '' || ids !== '') return false
  const all = agents.length === 0 && groups.length === 0 && numbers.length === 0
  if (builtIn === 'waiting' || builtIn === 'follow-up') return status === 'open' && all
  return all || (status === 'open' && ownerIndex(criteria) !== null)
}

/** Which index holds exactly what the criteria say of agent, group and number; null where none does. */
export function ownerIndex({
  agents,
  groups,
  numbers,
}: Criteria): 'loneAt' | 'agentAt' | 'groupAt' | 'numberAt' | null {
  if (numbers.length > 0) return agents.length === 0 && groups.length === 0 ? 'numberAt' : null
  const [agent, group] = [agents[0], groups[0]]
  const few = agents.length <= 1 && groups.length <= 1
  if (few && agent === '@nobody' && group === '@nobody') return 'loneAt'
  if (groups.length === 0 && agents.length > 0 && !agents.includes('@nobody')) return 'agentAt'
  if (agents.length === 0 && groups.length > 0 && !groups.includes('@nobody')) return 'groupAt'
  return null
}

/** The agents that the criteria name, for this viewer. */
export function agentsIn({ agents }: Criteria, viewer: Viewer): string[] {
  return [...new Set(agents.map((agent) => (agent === '@me' ? viewer.id : agent)))]
}

/** The groups that the criteria name, for this viewer. */
export function groupsIn({ groups }: Criteria, viewer: Viewer): string[] {
  return [...new Set(groups.flatMap((group): string[] => (group === '@mine' ? [...viewer.groups] : [group])))]
}

function sourcesOf(view: View, viewer: Viewer): Source[] {
  const { criteria, builtIn } = view
  const ids = idsIn(criteria)
  if (ids.length > 0)
    return ids.map((no) => ({ index: 'no', range: { from: no, to: no }, exact: false, whole: true }))
  const exact = isExact(view)
  const inWaiting = criteria.sort === 'waiting'
  if (builtIn === 'waiting') return [{ index: 'waitingAt', range: {}, exact, whole: !inWaiting }]
  // The 150 that were closed last are taken before they are put into another order [F64].
  const reverse = criteria.sort !== 'oldest' || builtIn === 'closed'
  if (builtIn === 'follow-up') return [{ index: 'followUpAt', range: { reverse }, exact, whole: inWaiting }]
  const sources: Source[] = inWaiting ? [{ index: 'waitingAt', range: {}, exact: false }] : []
  if (criteria.status !== 'open') sources.push({ index: 'closedAt', range: { reverse }, exact })
  if (criteria.status !== 'closed') sources.push(...openSources(criteria, viewer, { reverse, exact }))
  return sources
}

function openSources(
  criteria: Criteria,
  viewer: Viewer,
  { reverse, exact }: { reverse: boolean; exact: boolean },
): Source[] {
  const index = ownerIndex(criteria)
  switch (index) {
    case null:
      return [{ index: 'openAt', range: { reverse }, exact }]
    case 'loneAt':
      return [{ index, range: { reverse }, exact }]
    case 'agentAt':
      return agentsIn(criteria, viewer).map((owner) => ({ index, range: { reverse, ...of(owner) }, exact }))
    case 'numberAt':
      return criteria.numbers.map((owner) => ({ index, range: { reverse, ...of(owner) }, exact }))
    case 'groupAt':
      return groupsIn(criteria, viewer).map((owner) => ({ index, range: { reverse, ...of(owner) }, exact }))
  }
}

/** Every key that begins with an owner. Times are positive and finite. */
export function of(owner: string): { from: [string, number]; to: [string, number] } {
  return { from: [owner, 0], to: [owner, Number.MAX_SAFE_INTEGER] }
}

async function scanSource(
  tx: Tx,
  { index, range, exact, whole }: Source,
  view: View,
  overlay: Overlay,
  viewer: Viewer,
  { room, budget }: { room: number; budget: number },
): Promise<Scanned> {
  if (exact) {
    const records = await tx.range('conversations', index, { ...range, limit: whole ? budget : room })
    return { records, complete: records.length < (whole ? budget : room) }
  }
  const records = new Map<string, ConversationRecord>()
  let bounds: Range = range
  // A few first, which is enough for a view that takes much; then all that may be looked at, in one reading.
  for (const upTo of whole ? [budget] : [Math.max(room, few), budget]) {
    const [last] = await tx.range('conversations', index, { ...range, offset: upTo - 1, limit: 1 })
    const end = last && keyOf(last, index)
    const part =
      end === undefined ? bounds : range.reverse ? { ...bounds, from: end } : { ...bounds, to: end }
    // Without an order or a limit the database answers at once, not record by record.
    const page = await tx.range('conversations', index, { ...part, reverse: false })
    const rows = page.flatMap(({ row }) => (row && !overlay.conversations.has(row.id) ? [row] : []))
    const taken = await takeIn(tx, view, overlay, viewer, rows)
    for (const record of page) if (record.row && taken.has(record.row.id)) records.set(record.id, record)
    if (end === undefined) return { records: [...records.values()], complete: true }
    if (records.size >= room && !whole) break
    bounds = range.reverse ? { ...range, to: end } : { ...range, from: end }
  }
  return { records: [...records.values()], complete: false }
}

function keyOf(record: ConversationRecord, index: IndexOf<'conversations'>): Key | undefined {
  return record[index]
}

const few = 250
