import type { Ids } from '#shared/base/ids.ts'
import { day } from '#shared/base/time.ts'
import { writeAsTalker } from './meta.ts'
import type { PendingRecord } from './records.ts'
import type { Store, WriteTx } from './store.ts'

/** How long a device can say again what it did [E24]. */
const kept = 7 * day

/** Keeps a command that the edge has carried out. */
export async function keepDone(tx: WriteTx, pending: PendingRecord, now: number): Promise<void> {
  const { command } = pending
  const key = command.name === 'MarkRead' ? `read/${command.conversation}` : pending.id
  await tx.put('done', [{ key, doneAt: now, record: { ...pending, acked: null } }])
}

/** Lets go of what was done too long ago to be offered again. */
export async function forgetDone(store: Store, talker: number, now: number): Promise<void> {
  await writeAsTalker(store, talker, async (tx) => {
    const old = await tx.range('done', 'doneAt', { to: now - kept })
    await tx.remove(
      'done',
      old.map(({ key }) => key),
    )
  })
}

/**
 * The account begins a new epoch: everything that this device did in the last 7 days and everything that waits is
 * offered again under its old id, by a new client, since the numbers of the old one mean nothing any more [E24].
 */
export async function offerAgain(tx: WriteTx, epoch: number, ids: Ids, now: number): Promise<void> {
  const done = (await tx.all('done')).flatMap(({ doneAt, record }) => (now - doneAt < kept ? [record] : []))
  const waiting = await tx.all('pending')
  const known = new Set(waiting.map(({ id }) => id))
  // What never had a number can still be taken back, so it gets none here.
  const heard = [...done.filter(({ id }) => !known.has(id)), ...waiting.filter(({ n }) => n !== null)]
  const numbered = heard
    .toSorted((left, right) => left.press - right.press)
    .map((record, index) => ({ ...record, n: index + 1 }))
  const fresh = waiting.filter(({ n }) => n === null)
  await tx.put(
    'pending',
    [...numbered, ...fresh].map((record) => ({ ...record, acked: null, again: true })),
  )
  await tx.clear(['done'])
  await tx.put('meta', [{ key: 'client', id: ids.client(), nextN: numbered.length + 1, epoch }])
}
