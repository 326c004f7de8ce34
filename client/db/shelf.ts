import type { MobileUserId } from '#shared/base/ids.ts'
import { day, minute } from '#shared/base/time.ts'
import type { Entry } from '#shared/model/entry.ts'
import type { ShelfRecord, ThreadRecord } from './records.ts'
import type { Tx, WriteTx } from './store.ts'

/**
 * How much of the account's threads stands on this device [E6].
 *
 * 1. `shelf` says of each person what `threads` and `history` hold, without their bytes: it is written in the
 *    same transaction, by the functions of this file and of room.ts only.
 * 2. What was never opened here came in the background. What somebody opened is kept apart, with the pages of
 *    its history, and the least recently opened goes first.
 * 3. Only bytes that the edge has are dropped: never waiting work, typed text, or a thread that work waits for.
 */
export const shelfLimits = {
  /** Bytes of threads that a device brings by itself. */
  background: 20_000_000,
  /** Bytes of opened threads and of the pages of their history, and how long ago they were opened last. */
  opened: 200_000_000,
  openedFor: 90 * day,
} as const
export type ShelfLimits = { [Name in keyof typeof shelfLimits]: number }

/** Keeps documents of threads, each person's once. */
export async function putThreads(tx: WriteTx, records: readonly ThreadRecord[]): Promise<void> {
  if (records.length === 0) return
  const shelf = await tx.many(
    'shelf',
    records.map(({ id }) => id),
  )
  await tx.put('threads', records)
  await tx.put(
    'shelf',
    records.map(({ id, epoch, clock, stale, updates }, index) => ({
      ...(shelf[index] ?? emptyShelf(id)),
      thread: { epoch, clock, stale },
      bytes: updates.reduce((sum, update) => sum + update.byteLength, 0),
    })),
  )
}

/** Drops a thread's document, which the edge has no more. The pages of its history stay. */
export async function dropThread(tx: WriteTx, user: string): Promise<void> {
  await tx.remove('threads', [user])
  const record = await tx.get('shelf', user)
  if (record) await tx.put('shelf', [{ ...record, thread: null, bytes: 0 }])
}

/** Keeps the pages of a thread's history, in order. */
export async function putHistory(tx: WriteTx, user: MobileUserId, entries: Entry[]): Promise<void> {
  await tx.put('history', [{ user, entries }])
  // In characters, which is near enough to what they take.
  await tx.put('shelf', [{ ...(await readShelf(tx, user)), history: JSON.stringify(entries).length }])
}

/** Somebody opened a thread of this person. Noted at most once a minute. */
export async function noteOpened(tx: WriteTx, user: MobileUserId, now: number): Promise<void> {
  const record = await readShelf(tx, user)
  if (Math.abs(now - record.openedAt) > minute) await tx.put('shelf', [{ ...record, openedAt: now }])
}

/** Whether what comes in the background has filled its room. */
export async function isBackgroundFull(tx: Tx, limits: ShelfLimits = shelfLimits): Promise<boolean> {
  const shelf = await tx.all('shelf')
  const bytes = shelf.map((record) => (record.openedAt === 0 && record.thread ? sizeOf(record) : 0))
  return bytes.reduce((sum, size) => sum + size, 0) >= limits.background
}

/** What a record says that its person takes, in bytes. */
export function sizeOf({ thread, bytes, history }: ShelfRecord): number {
  return (thread ? bytes : 0) + history
}

async function readShelf(tx: Tx, user: MobileUserId): Promise<ShelfRecord> {
  return (await tx.get('shelf', user)) ?? emptyShelf(user)
}

function emptyShelf(user: MobileUserId): ShelfRecord {
  return { user, thread: null, bytes: 0, history: 0, openedAt: 0 }
}
