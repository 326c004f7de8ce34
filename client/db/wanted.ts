import * as z from 'zod/mini'
import { mobileUserId, type AgentId, type MobileUserId } from '#shared/base/ids.ts'
import type { RowChange } from '#shared/wire/down.ts'
import type { Viewer } from '#shared/rules/criteria.ts'
import { isWaiting } from '#shared/rules/flags.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import { readCompany, viewerOf } from './company.ts'
import type { Writer } from './frames.ts'
import { writeAsTalker, type Identity } from './meta.ts'
import { clearShelf, planLeaving } from './room.ts'
import { shelfLimits, type ShelfLimits } from './shelf.ts'
import type { ConversationRecord } from './records.ts'
import type { Store, Tx } from './store.ts'
import { of } from './view-scan.ts'

/** The most threads of one kind that a device brings by itself: the room they take is what counts [E6]. */
const most = 500

/** Records that are read in one go: writes wait for a reader, and a press is not to wait for all that is looked at here. */
const atATime = 100

/** Makes room, and answers whose threads this device is to hold and lacks. */
export async function lookAtAll(writer: Writer, identity: Identity, now: number): Promise<MobileUserId[]> {
  await tidyShelf(writer, identity, now)
  return readThreadsToPull(writer.store, identity)
}

/** The same of those alone whom rows named that came since everything was looked at. */
export function lookAmong(
  store: Store,
  identity: Identity,
  rows: readonly RowChange[],
): Promise<MobileUserId[]> {
  const named = rows.flatMap(({ table, id, row }) => {
    if (table === 'threads') return mobileUserId.safeParse(id).data ?? []
    // A row that says of nobody is put aside where it is stored.
    return table === 'conversations' ? (about.safeParse(row).data?.user ?? []) : []
  })
  return readThreadsAmong(store, identity, [...new Set(named)])
}

const about = z.object({ user: mobileUserId })

/**
 * Threads that this device holds without being asked, or has acknowledgements waiting for, and lacks bytes of.
 * What would not fit into the room of the background is left out, the least likely first. It is read in several
 * transactions: what changes between them calls for another look by itself.
 */
export async function readThreadsToPull(
  store: Store,
  identity: Identity,
  limits: ShelfLimits = shelfLimits,
): Promise<MobileUserId[]> {
  const { needed, users } = await store.read(async (tx) => {
    const needed = await readNeeded(tx)
    const wanted = await readWantedBy(tx, identity)
    return { needed, users: [...new Set([...needed, ...wanted])] }
  })
  const lacking: MobileUserId[] = []
  let room = limits.background
  for (let from = 0; from < users.length; from += atATime) {
    const some = users.slice(from, from + atATime)
    const [heads, shelf] = await store.read(async (tx) => [
      await tx.many('heads', some),
      await tx.many('shelf', some),
    ])
    for (const [index, user] of some.entries()) {
      const head = heads[index]?.row
      const record = shelf[index]
      if (!head) continue
      if (!record?.openedAt) room -= record?.bytes ?? 0
      const held = record?.thread
      const isHere = held?.epoch === head.epoch && held.clock >= head.clock && held.stale === 0
      if (!isHere && (held || room >= 0 || needed.has(user))) lacking.push(user)
    }
  }
  return lacking
}

/**
 * Those of `users`, whom rows named that came since everything was looked at, whose threads this device is to hold
 * and does not. Most are held already, which one record of each tells. Those that it holds but lacks bytes of are
 * known from their frames.
 */
export async function readThreadsAmong(
  store: Store,
  { agent }: Identity,
  users: readonly MobileUserId[],
): Promise<MobileUserId[]> {
  const lacking: MobileUserId[] = []
  for (let from = 0; from < users.length; from += atATime) {
    const some = users.slice(from, from + atATime)
    const found = await store.read(async (tx) => {
      const shelf = await tx.many('shelf', some)
      const absent = some.filter((_, index) => !shelf[index]?.thread)
      if (absent.length === 0) return []
      const viewer = viewerOf(await readCompany(tx), agent)
      const [recent, heads] = await Promise.all([readRecent(tx), tx.many('heads', absent)])
      const wanted = await Promise.all(
        absent.map(async (user, index) => {
          if (!heads[index]?.row) return false
          const records = await tx.range('conversations', 'user', { from: user, to: user })
          return records.some(({ row }) => row !== null && isWantedBy(row, viewer, recent))
        }),
      )
      return absent.filter((_, index) => wanted[index])
    })
    lacking.push(...found)
  }
  return lacking
}

/** Makes room on the device where it holds more than it should [E6]. */
export async function tidyShelf(
  { store, talker }: Pick<Writer, 'store' | 'talker'>,
  identity: Identity,
  now: number,
  limits: ShelfLimits = shelfLimits,
): Promise<void> {
  const plan = async (tx: Tx) =>
    planLeaving(await tx.all('shelf'), await readWantedBy(tx, identity), await readNeeded(tx), now, limits)
  if ((await store.read(plan)).length === 0) return
  await writeAsTalker(store, talker, async (tx) => clearShelf(tx, await plan(tx)))
}

async function readWantedBy(tx: Tx, { agent }: Identity): Promise<MobileUserId[]> {
  return readWanted(tx, agent, viewerOf(await readCompany(tx), agent), most)
}

/** Whose threads stay, whatever room they take: waiting work is about them, or waits for their bytes. */
async function readNeeded(tx: Tx): Promise<Set<MobileUserId>> {
  const needed = new Set<MobileUserId>()
  for (const stale of await tx.range('threads', 'stale', { from: 1, to: 1 })) needed.add(stale.id)
  const ids: string[] = (await tx.all('composer')).flatMap(({ text, conversation }) =>
    text === '' ? [] : [conversation],
  )
  for (const { acked, conversation, command } of await tx.all('pending')) {
    if (acked) needed.add(acked.thread.id)
    if ('user' in command) needed.add(command.user)
    if (conversation !== null) ids.push(conversation)
  }
  for (const record of await tx.many('conversations', ids)) if (record?.row) needed.add(record.row.user)
  return needed
}

/**
 * The people whose threads a device holds without being asked to [E6], the likeliest first: own, of the own
 * groups, unassigned, waiting for an answer, flagged, and the most recent.
 */
async function readWanted(tx: Tx, me: AgentId, viewer: Viewer, most: number): Promise<MobileUserId[]> {
  const users = new Set<MobileUserId>()
  const take = (records: readonly ConversationRecord[]) => {
    for (const { row } of records) if (row) users.add(row.user)
  }
  take(await tx.range('conversations', 'agentAt', { reverse: true, limit: most, ...of(me) }))
  for (const group of new Set(viewer.groups))
    take(await tx.range('conversations', 'groupAt', { reverse: true, limit: most, ...of(group) }))
  take(await tx.range('conversations', 'loneAt', { reverse: true, limit: most }))
  take(await tx.range('conversations', 'waitingAt', { limit: most }))
  take(await tx.range('conversations', 'followUpAt', { reverse: true, limit: most }))
  take(await tx.range('conversations', 'openAt', { reverse: true, limit: recent }))
  take(await tx.range('conversations', 'closedAt', { reverse: true, limit: recentClosed }))
  return [...users]
}

const recent = 200
const recentClosed = recent / 4

/** Since when a conversation has to have moved to be among the most recent; 0 where there are no more than that. */
export interface Recent {
  open: number
  closed: number
}

async function readRecent(tx: Tx): Promise<Recent> {
  const [[open], [closed]] = await Promise.all([
    tx.range('conversations', 'openAt', { reverse: true, offset: recent - 1, limit: 1 }),
    tx.range('conversations', 'closedAt', { reverse: true, offset: recentClosed - 1, limit: 1 }),
  ])
  return { open: open?.openAt ?? 0, closed: closed?.closedAt ?? 0 }
}

/** Whether a conversation is one of those for which `readWanted` names its person, however many there are of its kind. */
export function isWantedBy(row: Conversation, { id, groups }: Viewer, recent: Recent): boolean {
  if (row.status === 'closed') return (row.closedAt ?? 0) >= recent.closed
  const isOurs = row.agent === id || (row.group !== null && groups.includes(row.group))
  const isLone = row.agent === null && row.group === null
  return isOurs || isLone || isWaiting(row) || row.followUp || row.lastAt >= recent.open
}
