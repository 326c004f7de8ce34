import type { AgentId, MobileUserId } from '#shared/base/ids.ts'
import {
  closedLimit,
  compareRows,
  isIn,
  isUnread,
  type DefaultView,
  type Viewer,
} from '#shared/rules/views.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import { viewerOf, type Company } from './company.ts'
import { readDrafts } from './composer.ts'
import { rowOf } from './locals.ts'
import { Overlay } from './overlay.ts'
import type { ConversationRecord } from './records.ts'
import { readUpTo } from './rows.ts'
import type { Range, Tx } from './store.ts'

/** One line of a list, before anybody's presence is added to it. */
export interface ListedRow {
  conversation: Conversation
  user: MobileUser | null
  unread: boolean
  draft: boolean
  pending: boolean
}

export interface ListedView {
  rows: ListedRow[]
  /** Nothing lies behind the last row. */
  complete: boolean
  company: Company
}

/**
 * The first `limit` rows of a view: the confirmed window and as many rows more as the overlay has, with the
 * overlay's rows put in or taken out by the view's own predicate and sorted again [E10].
 */
export async function readView(
  tx: Tx,
  me: AgentId,
  view: DefaultView,
  limit: number,
  now: number,
): Promise<ListedView> {
  const overlay = await Overlay.build(tx, me, now)
  const viewer = viewerOf(overlay.company, me)
  const most = view === 'closed' ? Math.min(limit, closedLimit) : limit
  const room = most + overlay.conversations.size
  const window = await readWindow(tx, view, viewer, room)
  const rows = window.flatMap(({ row }) => (row && !overlay.conversations.has(row.id) ? [row] : []))
  for (const row of overlay.conversations.values()) if (isIn(view, row, viewer)) rows.push(row)
  if (view === 'open') rows.push(...(await unsentRows(tx, overlay)))
  rows.sort((left, right) => compareRows(view, left, right))
  const shown = rows.slice(0, most)
  return {
    rows: await describe(tx, me, overlay, shown),
    complete: (window.length < room && rows.length <= most) || (view === 'closed' && most >= closedLimit),
    company: overlay.company,
  }
}

/** Unread conversations of every view: index counts of confirmed state, corrected by the overlay's rows [F66]. */
export async function readUnread(tx: Tx, me: AgentId, now: number): Promise<Record<DefaultView, number>> {
  const overlay = await Overlay.build(tx, me, now)
  const viewer = viewerOf(overlay.company, me)
  const counts: Record<DefaultView, number> = {
    open: await tx.count('conversations', 'unreadOpen', 1),
    mine: await tx.count('conversations', 'unreadAgent', me),
    groups: 0,
    unassigned: await tx.count('conversations', 'unreadLone', 1),
    closed: 0,
  }
  for (const group of new Set(viewer.groups))
    counts.groups += await tx.count('conversations', 'unreadGroup', group)
  const changed = [...new Set([...overlay.conversations.keys(), ...overlay.marks.keys()])]
  const records = await tx.many('conversations', changed)
  const marks = await readUpTo(tx, me, changed)
  for (const [index, id] of changed.entries()) {
    const before = records[index]?.row ?? null
    const after = overlay.conversations.get(id) ?? before
    const mark = marks[index] ?? 0
    for (const view of viewsCounted) {
      if (before && isIn(view, before, viewer) && isUnread(before, mark)) counts[view]--
      if (after && isIn(view, after, viewer) && isUnread(after, overlay.marks.get(id) ?? mark)) counts[view]++
    }
  }
  return counts
}

const viewsCounted: readonly DefaultView[] = ['open', 'mine', 'groups', 'unassigned']

async function readWindow(
  tx: Tx,
  view: DefaultView,
  viewer: Viewer,
  limit: number,
): Promise<ConversationRecord[]> {
  const newest = { reverse: true, limit } satisfies Range
  switch (view) {
    case 'open':
      return tx.range('conversations', 'openAt', newest)
    case 'closed':
      return tx.range('conversations', 'closedAt', newest)
    case 'unassigned':
      return tx.range('conversations', 'loneAt', newest)
    case 'mine':
      return tx.range('conversations', 'agentAt', { ...newest, ...of(viewer.id) })
    case 'groups': {
      const found: ConversationRecord[] = []
      for (const group of new Set(viewer.groups))
        found.push(...(await tx.range('conversations', 'groupAt', { ...newest, ...of(group) })))
      return found.sort((left, right) => (right.groupAt?.[1] ?? 0) - (left.groupAt?.[1] ?? 0)).slice(0, limit)
    }
  }
}

/** Every key that begins with an owner. Times are positive and finite. */
function of(owner: string): { from: [string, number]; to: [string, number] } {
  return { from: [owner, 0], to: [owner, Number.MAX_SAFE_INTEGER] }
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
): Promise<ListedRow[]> {
  const users = await tx.many(
    'mobileUsers',
    rows.map(({ user }) => user),
  )
  const marks = await readUpTo(
    tx,
    me,
    rows.map(({ id }) => id),
  )
  const drafts = await readDrafts(tx)
  return rows.map((row, index) => ({
    conversation: row,
    user: overlay.users.get(row.user) ?? users[index]?.row ?? null,
    unread: isUnread(row, overlay.marks.get(row.id) ?? marks[index] ?? 0),
    draft: drafts.has(row.id),
    pending: overlay.waiting.has(row.id),
  }))
}

/**
 * The people whose threads a device holds without being asked to [E6], the likeliest first: own, of the own
 * groups, unassigned, waiting for an answer, flagged, and the most recent.
 */
export async function readWanted(tx: Tx, me: AgentId, viewer: Viewer, most: number): Promise<MobileUserId[]> {
  const users = new Set<MobileUserId>()
  const take = (records: readonly ConversationRecord[]) => {
    for (const { row } of records) if (row) users.add(row.user)
  }
  take(await tx.range('conversations', 'agentAt', { reverse: true, limit: most, ...of(me) }))
  for (const group of new Set(viewer.groups))
    take(await tx.range('conversations', 'groupAt', { reverse: true, limit: most, ...of(group) }))
  take(await tx.range('conversations', 'loneAt', { reverse: true, limit: most }))
  const open = await tx.range('conversations', 'openAt', { reverse: true, limit: 2 * most })
  take(open.filter(({ row }) => row?.lastBy === 'customer'))
  take(await tx.range('conversations', 'followUp', { limit: most }))
  take(open.slice(0, recent))
  take(await tx.range('conversations', 'closedAt', { reverse: true, limit: recent / 4 }))
  return [...users]
}

const recent = 200
