import type { ConversationId } from '#shared/base/ids.ts'
import { idsIn, matchesRow, type Criteria, type Facts, type Viewer } from '#shared/rules/criteria.ts'
import { hasFlag, isIn, type View } from '#shared/rules/views.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { Overlay } from './overlay.ts'
import type { ConversationRecord } from './records.ts'
import { readSaid } from './said.ts'
import type { IndexOf, Range, Tx } from './store.ts'

/**
 * Finds the first conversations of a view among those that the replica holds, without reading all of them:
 *
 * 1. A view is read by the index that holds the fewest others than its own. Where it holds no others, as for each
 *    view as it was delivered, the first page of the index is the answer.
 * 2. Else the index is read in pages until enough were taken. It is never read further than `budget` records: what
 *    lies behind is looked at when somebody asks for more.
 * 3. Records come in the order of the view, so that what was taken is what stands first.
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
  for (const source of sourcesOf(view, viewer)) {
    const part = await scanSource(tx, source, view, overlay, viewer, { room, budget })
    for (const record of part.records) found.set(record.id, record)
    complete = complete && part.complete
  }
  return { records: [...found.values()], complete }
}

/** The rows among these that stand in the view, read with what the criteria ask about beside the row. */
export async function takeIn(
  tx: Tx,
  view: View,
  overlay: Overlay,
  viewer: Viewer,
  rows: readonly Conversation[],
): Promise<Set<ConversationId>> {
  const { users, text } = view.criteria
  const likely = rows.filter((row) => hasFlag(view, row) && matchesRow(view.criteria, row, viewer))
  const people =
    users === ''
      ? []
      : await tx.many(
          'mobileUsers',
          likely.map(({ user }) => user),
        )
  const taken = new Set<ConversationId>()
  for (const [index, row] of likely.entries()) {
    const user = overlay.users.get(row.user) ?? people[index]?.row ?? null
    const without = { viewer, user, said: () => [] }
    if (isIn(view, row, without)) taken.add(row.id)
    else if (text !== '' && isIn({ ...view, criteria: { ...view.criteria, text: '' } }, row, without)) {
      const said = (await readSaid(tx, row.user)).get(row.id) ?? []
      if (isIn(view, row, { ...without, said: () => said } satisfies Facts)) taken.add(row.id)
    }
  }
  return taken
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
  { room: wanted, budget }: { room: number; budget: number },
): Promise<Scanned> {
  const room = whole ? budget : wanted
  const records: ConversationRecord[] = []
  for (let read = 0; read < budget;) {
    const limit = Math.min(exact ? room : Math.max(room, pageOf), budget - read)
    const page = await tx.range('conversations', index, { ...range, offset: read, limit })
    read += page.length
    if (exact) records.push(...page)
    else {
      const rows = page.flatMap(({ row }) => (row && !overlay.conversations.has(row.id) ? [row] : []))
      const taken = await takeIn(tx, view, overlay, viewer, rows)
      records.push(...page.filter(({ row }) => row && taken.has(row.id)))
    }
    if (page.length < limit) return { records: records.slice(0, room), complete: records.length <= room }
    if (records.length >= room) break
  }
  return { records: records.slice(0, room), complete: false }
}

const pageOf = 250
