import { isLooking } from '#shared/core/command.ts'
import { isDirty } from './drafts.ts'
import { copied } from './frames.ts'
import { isKnown } from './known.ts'
import { noReplica } from './meta.ts'
import type { ComposerRecord } from './records.ts'
import type { Store, Tx } from './store.ts'

/** What only this device has of a person's work. */
export interface Unsent {
  /** Changes that the edge has not confirmed. */
  changes: number
  /** Replies and notes that somebody began here and no other device can show. */
  drafts: number
}

export async function readUnsent(tx: Tx): Promise<Unsent> {
  const pending = await tx.range('pending', 'press', {})
  const changes = pending.filter(
    (record) => record.acked === null && !(isKnown(record) && isLooking(record.command)),
  )
  const boxes = new Set((await tx.all('composer')).filter(isOwn).map(({ key }) => key))
  const pictures = (await tx.range('media', 'queued', {})).flatMap(({ box }) => (box ? [`${box}:reply`] : []))
  for (const key of pictures) boxes.add(key)
  return { changes: changes.length, drafts: boxes.size }
}

/**
 * Empties a device but for its person's own unsent work, which goes when they sign in here again [P5]: nothing of a
 * customer stays but what that work says itself.
 */
export async function keepOwnWork(store: Store): Promise<void> {
  await store.write(async (tx) => {
    const sent = (await tx.all('composer')).filter((record) => !isOwn(record))
    const seen = (await tx.all('media')).filter(({ queued }) => !queued)
    await tx.clear([...copied, 'done'])
    await tx.remove(
      'composer',
      sent.map(({ key }) => key),
    )
    await tx.remove(
      'media',
      seen.map(({ id }) => id),
    )
    await tx.put('meta', [noReplica()])
  })
}

/** Whether this box has words that are nowhere else. */
function isOwn(record: ComposerRecord): boolean {
  return record.beside !== null || record.sent !== null || (record.text.trim() !== '' && isDirty(record))
}
