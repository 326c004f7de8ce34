import type { MobileUserId } from '#shared/base/ids.ts'
import type { ShelfRecord } from './records.ts'
import { shelfLimits, sizeOf, type ShelfLimits } from './shelf.ts'
import type { WriteTx } from './store.ts'

/**
 * Plans whose threads and pages leave the device. `wanted` are those that it holds without being asked, the
 * likeliest first; `needed` stay, whatever they take.
 */
export function planLeaving(
  shelf: readonly ShelfRecord[],
  wanted: readonly MobileUserId[],
  needed: ReadonlySet<MobileUserId>,
  now: number,
  limits: ShelfLimits = shelfLimits,
): MobileUserId[] {
  const held = shelf.filter((record) => record.thread !== null || record.history > 0)
  const opened = held.filter(({ openedAt }) => openedAt > 0)
  const background = held.filter(({ openedAt }) => openedAt === 0)
  const since = now - limits.openedFor
  const rank = new Map(wanted.map((user, index) => [user, index]))
  const rankOf = ({ user }: ShelfRecord) => (needed.has(user) ? -1 : (rank.get(user) ?? wanted.length))
  return [
    ...beyond(
      opened.toSorted((one, other) => other.openedAt - one.openedAt),
      limits.opened,
      ({ openedAt }) => openedAt < since,
    ),
    ...beyond(
      background.toSorted((one, other) => rankOf(one) - rankOf(other)),
      limits.background,
      () => false,
    ),
  ].flatMap(({ user }) => (needed.has(user) ? [] : [user]))
}

/** Makes room. What leaves is fetched again when somebody opens it; how large it was is remembered. */
export async function clearShelf(tx: WriteTx, leaving: readonly MobileUserId[]): Promise<void> {
  await tx.remove('threads', leaving)
  await tx.remove('history', leaving)
  const records = await tx.many('shelf', leaving)
  await tx.put(
    'shelf',
    records.flatMap((record) => (record ? [{ ...record, thread: null, history: 0, openedAt: 0 }] : [])),
  )
}

/** What does not fit any more, in this order, and what is too old. */
function beyond(
  records: readonly ShelfRecord[],
  room: number,
  isOld: (record: ShelfRecord) => boolean,
): ShelfRecord[] {
  let used = 0
  return records.filter((record) => {
    if (isOld(record)) return true
    used += sizeOf(record)
    return used > room
  })
}
