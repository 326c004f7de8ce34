import { isLooking } from '#shared/core/command.ts'
import { isDirty } from './drafts.ts'
import { isKnown } from './known.ts'
import type { ComposerRecord } from './records.ts'
import type { Tx } from './store.ts'

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
  // What a waiting command takes along is counted as that change.
  const isTaken = ({ sent, beside, text }: ComposerRecord) =>
    beside === null && text.trim() === '' && changes.some(({ id }) => id === sent?.command)
  const boxes = new Set(
    (await tx.all('composer')).filter((box) => isOwn(box) && !isTaken(box)).map(({ key }) => key),
  )
  const pictures = (await tx.range('media', 'queued', {})).flatMap(({ box }) => (box ? [`${box}:reply`] : []))
  for (const key of pictures) boxes.add(key)
  return { changes: changes.length, drafts: boxes.size }
}

/** Whether this box has words that are nowhere else. */
export function isOwn(record: ComposerRecord): boolean {
  return record.beside !== null || record.sent !== null || (record.text.trim() !== '' && isDirty(record))
}
