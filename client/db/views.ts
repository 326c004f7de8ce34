import type { AgentId, ConversationId, ViewId } from '#shared/base/ids.ts'
import type { Viewer } from '#shared/rules/criteria.ts'
import { builtIn, closedLimit, compareRows, isUnread, type BuiltIn, type View } from '#shared/rules/views.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import { viewerOf, viewIn, viewsIn, type Company } from './company.ts'
import { readDrafts } from './composer.ts'
import { rowOf } from './locals.ts'
import { Overlay, readCompanyHere } from './overlay.ts'
import type { ConversationRecord } from './records.ts'
import { readUpTo } from './rows.ts'
import { readSaid } from './said.ts'
import type { Store, Tx } from './store.ts'
import { agentsIn, groupsIn, isExact, ownerIndex, scanView, takeIn } from './view-scan.ts'

/** One line of a list, before anybody's presence is added to it. */
export interface ListedRow {
  conversation: Conversation
  user: MobileUser | null
  unread: boolean
  draft: boolean
  pending: boolean
}

export interface ListedView {
  /** Null where the view that was asked for is no more. */
  view: View | null
  rows: ListedRow[]
  /** Nothing lies behind the last row. */
  complete: boolean
  company: Company
}

/** How many records a view that no index holds is looked for in, for each window of so many rows. */
const scanned = 2000
const window = 50
const nothing: ReadonlySet<ConversationId> = new Set()

/**
 * The first `limit` rows of a view, of the saved one of an id or of one that is being edited: the confirmed window
 * and as many rows more as the overlay has, with the overlay's rows put in or taken out by the view's own predicate
 * and sorted again [E10]. `saidBefore` are conversations in whose history, where this device does not hold it, the
 * words of the view were said: all else that the view asks is asked of them too.
 */
export async function readView(
  tx: Tx,
  me: AgentId,
  asked: BuiltIn | ViewId | View,
  limit: number,
  now: number,
  saidBefore: ReadonlySet<ConversationId> = nothing,
): Promise<ListedView> {
  const overlay = await Overlay.read(tx, me, now)
  const { company } = overlay
  const view = typeof asked === 'string' ? viewIn(company, asked as ViewId) : asked
  if (view === null) return { view, rows: [], complete: true, company }
  const viewer = viewerOf(company, me)
  const most = view.builtIn === 'closed' ? Math.min(limit, closedLimit) : limit
  const room = most + overlay.conversations.size
  const budget = Math.ceil(limit / window) * scanned
  const found = await scanView(tx, view, overlay, viewer, { room, budget })
  const rows = found.records.flatMap(({ row }) => (row && !overlay.conversations.has(row.id) ? [row] : []))
  const changed = [...overlay.conversations.values()]
  const taken = await takeIn(tx, view, overlay, viewer, changed)
  rows.push(...changed.filter(({ id }) => taken.has(id)))
  if (saidBefore.size > 0) {
    const known = new Set(rows.map(({ id }) => id))
    const records = await tx.many('conversations', [...saidBefore])
    const more = records.flatMap((record) => {
      const row = record && record.row && (overlay.conversations.get(record.row.id) ?? record.row)
      return row && !known.has(row.id) ? [row] : []
    })
    const wordless = { ...view, criteria: { ...view.criteria, text: '' } }
    const also = await takeIn(tx, wordless, overlay, viewer, more)
    rows.push(...more.filter(({ id }) => also.has(id)))
  }
  if (view.builtIn === 'open') rows.push(...(await unsentRows(tx, overlay)))
  const shown = shownOf(view, rows, most)
  return {
    view,
    rows: await describe(tx, me, overlay, shown, found.records),
    complete: (found.complete && rows.length <= most) || (view.builtIn === 'closed' && most >= closedLimit),
    company,
  }
}

/** The first rows, in the order of the view. Of Closed those that were closed last, whatever the order [F64]. */
function shownOf(view: View, rows: Conversation[], most: number): Conversation[] {
  const sorted = (by: View) => rows.sort((left, right) => compareRows(by, left, right)).slice(0, most)
  if (view.builtIn !== 'closed' || view.criteria.sort === 'newest') return sorted(view)
  const last = sorted({ ...view, criteria: { ...view.criteria, sort: 'newest' } })
  return last.sort((left, right) => compareRows(view, left, right))
}

/** Of how many waiting customers the next one is chosen. */
const waitingLooked = 100

/**
 * Whom to answer next: the longest waiting of those that are this agent's, their groups' or nobody's, then of the
 * others; behind the one named, and round again from the front.
 */
export async function readNextWaiting(
  tx: Tx,
  me: AgentId,
  after: ConversationId | null,
  now: number,
): Promise<ConversationId | null> {
  const { rows, company } = await readView(tx, me, builtIn.waiting, waitingLooked, now)
  const { groups } = viewerOf(company, me)
  const isOurs = ({ agent, group }: Conversation) =>
    agent === me || (agent === null && (group === null || groups.includes(group)))
  const all = rows.map(({ conversation }) => conversation)
  const queue = [...all.filter(isOurs), ...all.filter((row) => !isOurs(row))].map(({ id }) => id)
  const at = after === null ? -1 : queue.indexOf(after)
  return queue[(at + 1) % Math.max(1, queue.length)] ?? null
}

/** In how many unread conversations the words of a view are looked for, for its bubble. */
const wordsLooked = 250

/**
 * The views whose unread conversations are counted; in the others none is unread yet. A page that opens counts `none`
 * before its first rows, then those that are `plain`, and at last those that look for words, for which it decodes threads.
 */
export type Counted = 'none' | 'plain' | 'all'

/** Every view that this agent has, and what is unread in each: one answer, so that none names a view without a count. */
export async function readViews(
  tx: Tx,
  me: AgentId,
  now: number,
  counted: Counted = 'all',
): Promise<{ views: View[]; unread: Record<string, number>; unreadInbox: number }> {
  const overlay = await Overlay.read(tx, me, now)
  const views = viewsIn(overlay.company)
  if (counted === 'none')
    return { views, unread: Object.fromEntries(views.map(({ id }) => [id, 0])), unreadInbox: 0 }
  const changed = await changedIn(tx, me, overlay)
  const unread = await countUnread(tx, me, overlay, changed, counted === 'all')
  // The whole inbox, whatever agents have made of their view of that name [F76].
  const isWhole = views.some(({ builtIn, edited }) => builtIn === 'open' && !edited)
  const unreadInbox = isWhole
    ? (unread[builtIn.open.id] ?? 0)
    : await countExact(tx, builtIn.open, overlay, viewerOf(overlay.company, me), changed)
  return { views, unread, unreadInbox }
}

/**
 * Decodes what `readViews` will look for words in, each thread in a task of its own: in one they would hold up whoever
 * has just opened the page.
 */
export async function lookAhead(store: Store, me: AgentId, now: number): Promise<void> {
  const users = await store.read(async (tx) => {
    const company = await readCompanyHere(tx, me, now)
    if (!viewsIn(company).some(({ criteria }) => criteria.text !== '')) return []
    const waiting = await tx.range('conversations', 'unreadOpen', { from: 1, to: 1, limit: wordsLooked })
    return [...new Set(waiting.flatMap(({ row }) => (row ? [row.user] : [])))]
  })
  for (const user of users) await store.read((tx) => readSaid(tx, [user]))
}

/**
 * Unread conversations of every view by its id [F66]: index counts of confirmed state, corrected by the overlay's
 * rows. Views that no index holds are counted by looking at what is unread.
 */
async function countUnread(
  tx: Tx,
  me: AgentId,
  overlay: Overlay,
  changed: ReadonlyMap<ConversationId, Changed>,
  words: boolean,
): Promise<Record<string, number>> {
  const viewer = viewerOf(overlay.company, me)
  const counts: Record<string, number> = {}
  const looked: View[] = []
  await Promise.all(
    viewsIn(overlay.company).map(async (view) => {
      if (view.criteria.status === 'closed' || (!words && view.criteria.text !== '')) counts[view.id] = 0
      else if (isExact(view)) counts[view.id] = await countExact(tx, view, overlay, viewer, changed)
      else looked.push(view)
    }),
  )
  if (looked.length > 0) Object.assign(counts, await countByLooking(tx, looked, overlay, viewer, changed))
  return counts
}

/** A conversation that the overlay changes: unread as it is confirmed and as it is shown. */
interface Changed {
  before: Conversation | null
  after: Conversation | null
  wasUnread: boolean
  unread: boolean
}

async function changedIn(tx: Tx, me: AgentId, overlay: Overlay): Promise<Map<ConversationId, Changed>> {
  const ids = [...new Set([...overlay.conversations.keys(), ...overlay.marks.keys()])]
  const records = await tx.many('conversations', ids)
  const marks = await readUpTo(tx, me, ids)
  return new Map(
    ids.map((id, index) => {
      const before = records[index]?.row ?? null
      const after = overlay.conversations.get(id) ?? before
      const mark = marks[index] ?? 0
      return [
        id,
        {
          before,
          after,
          wasUnread: before !== null && isUnread(before, mark),
          unread: after !== null && isUnread(after, overlay.marks.get(id) ?? mark),
        },
      ]
    }),
  )
}

async function countExact(
  tx: Tx,
  view: View,
  overlay: Overlay,
  viewer: Viewer,
  changed: ReadonlyMap<ConversationId, Changed>,
): Promise<number> {
  const counts = unreadKeys(view, viewer).map(([index, equals]) => tx.count('conversations', index, equals))
  let count = (await Promise.all(counts)).reduce((sum, some) => sum + some, 0)
  for (const { before, after, wasUnread, unread } of changed.values()) {
    if (before && wasUnread && (await takeIn(tx, view, overlay, viewer, [before])).size > 0) count--
    if (after && unread && (await takeIn(tx, view, overlay, viewer, [after])).size > 0) count++
  }
  return count
}

type UnreadIndex =
  | 'unreadOpen'
  | 'unreadAgent'
  | 'unreadGroup'
  | 'unreadLone'
  | 'unreadNumber'
  | 'unreadWaiting'
  | 'unreadFollowUp'

function unreadKeys({ builtIn, criteria }: View, viewer: Viewer): [UnreadIndex, string | number][] {
  if (builtIn === 'waiting') return [['unreadWaiting', 1]]
  if (builtIn === 'follow-up') return [['unreadFollowUp', 1]]
  switch (ownerIndex(criteria)) {
    case 'loneAt':
      return [['unreadLone', 1]]
    case 'agentAt':
      return agentsIn(criteria, viewer).map((owner) => ['unreadAgent', owner])
    case 'groupAt':
      return groupsIn(criteria, viewer).map((owner) => ['unreadGroup', owner])
    case 'numberAt':
      return [...new Set(criteria.numbers)].map((owner) => ['unreadNumber', owner])
    case null:
      return [['unreadOpen', 1]]
  }
}

async function countByLooking(
  tx: Tx,
  views: readonly View[],
  overlay: Overlay,
  viewer: Viewer,
  changed: ReadonlyMap<ConversationId, Changed>,
): Promise<Record<string, number>> {
  const counts = Object.fromEntries(views.map(({ id }) => [id, 0]))
  const waiting = await tx.range('conversations', 'unreadOpen', { from: 1, to: 1, limit: scanned })
  const rows = [
    ...[...changed.values()].flatMap(({ after, unread }) => (after && unread ? [after] : [])),
    ...waiting.flatMap(({ row }) => (row && !changed.has(row.id) ? [row] : [])),
  ]
  for (const view of views) {
    // Looking into threads is what takes time: a bubble is not worth more than so many.
    const looked = view.criteria.text === '' ? rows : rows.slice(0, wordsLooked)
    counts[view.id] = (await takeIn(tx, view, overlay, viewer, looked)).size
  }
  return counts
}

async function unsentRows(tx: Tx, overlay: Overlay): Promise<Conversation[]> {
  const locals = await tx.all('locals')
  return locals.flatMap((local) =>
    local.joined !== null || overlay.joined.has(local.id) || overlay.conversations.has(local.id)
      ? []
      : [rowOf(local)],
  )
}

async function describe(
  tx: Tx,
  me: AgentId,
  overlay: Overlay,
  rows: readonly Conversation[],
  records: readonly ConversationRecord[],
): Promise<ListedRow[]> {
  // Where nothing waits for a conversation, its record says whether it is unread: a mark for each need not be read.
  const confirmed = new Map(records.flatMap(({ row, unreadOpen }) => (row ? [[row, unreadOpen === 1]] : [])))
  const others = rows.filter((row) => !confirmed.has(row)).map(({ id }) => id)
  const [users, orders, drafts] = await Promise.all([
    tx.many(
      'mobileUsers',
      rows.map(({ user }) => user),
    ),
    readUpTo(tx, me, others),
    readDrafts(tx),
  ])
  const marks = new Map(others.map((id, index) => [id, orders[index] ?? 0]))
  const isNew = (row: Conversation) => {
    const mark = overlay.marks.get(row.id) ?? marks.get(row.id)
    return mark === undefined ? confirmed.get(row) === true : isUnread(row, mark)
  }
  return rows.map((row, index) => ({
    conversation: row,
    user: overlay.users.get(row.user) ?? users[index]?.row ?? null,
    unread: isNew(row),
    draft: drafts.has(row.id),
    pending: overlay.waiting.has(row.id),
  }))
}
