import type { PendingRecord } from './records.ts'
import type { WriteTx } from './store.ts'
import { liftCommand } from '#shared/core/upgrade.ts'
import { wireVersion } from '#shared/wire/version.ts'

/**
 * Brings what waits on this device up to date after the app was upgraded [E17]. The edge hears it as it was
 * pressed, since it knows a repetition by that; here it is read as this build reads commands. What this build
 * cannot read any more is refused in sight, with its text.
 */
export async function liftStored(tx: WriteTx): Promise<void> {
  const waiting = await tx.all('pending')
  for (const record of waiting) {
    const lifted = lift(record)
    if (lifted) await tx.put('pending', [lifted])
    else await giveUp(tx, record)
  }
  for (const done of await tx.all('done')) {
    const lifted = lift(done.record)
    if (lifted) await tx.put('done', [{ ...done, record: lifted }])
    else await tx.remove('done', [done.key])
  }
}

function lift(record: PendingRecord): PendingRecord | null {
  if (record.version === wireVersion) return record
  const pressed = record.pressed ?? record.command
  // Whether it is too old to be carried out is the edge's word.
  const command = liftCommand(record.version, pressed, record.at)
  return command === null || 'refused' in command ? null : { ...record, command, pressed }
}

async function giveUp(tx: WriteTx, { id, command, conversation, at }: PendingRecord): Promise<void> {
  await tx.remove('pending', [id])
  const text = 'This version of Parley cannot read this change any more. Please make it again.'
  await tx.put('refusals', [{ id, command, conversation, at, code: 'too old', text }])
}
