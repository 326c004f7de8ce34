import type { MobileUserId } from '#shared/base/ids.ts'
import type { Ack } from '#shared/wire/down.ts'
import { isLooking, type Command } from '#shared/core/command.ts'
import type { DraftBox } from '#shared/wire/draft.ts'
import { restoreText } from './composer.ts'
import { moveBox, reopenSent, settleSent } from './drafts.ts'
import { keepDone } from './done.ts'
import { aliasOf } from './locals.ts'
import { bringPicturesBack, moveAttached } from './media.ts'
import type { PendingRecord } from './records.ts'
import type { Tx, WriteTx } from './store.ts'

/**
 * Takes the edge's word on a command: removes it, keeps a refusal in sight with its text, and keeps one whose
 * thread is not here at the named clock until a pull has brought it [E4]. Answers the threads to pull.
 */
export async function settleAck(tx: WriteTx, ack: Ack, now: number): Promise<MobileUserId[]> {
  const pending = await tx.get('pending', ack.id)
  if (!pending) return []
  if (ack.refusal) {
    await refuse(tx, pending, ack.refusal)
    return []
  }
  await settleLocal(tx, pending, ack)
  const box = boxOf(pending.command)
  if (box) await settleSent(tx, box, pending.id, ack.draft ?? 0)
  await keepDone(tx, pending, now)
  if (ack.thread === null || (await isHeldAt(tx, ack.thread))) {
    await tx.remove('pending', [pending.id])
    return []
  }
  await tx.put('pending', [{ ...pending, acked: { seq: ack.seq, thread: ack.thread } }])
  return [ack.thread.id]
}

/** Removes the acknowledged commands that only waited for these threads, which a pull or a frame has brought. */
export async function settleStaleAcks(tx: WriteTx, threads: readonly MobileUserId[]): Promise<void> {
  if (threads.length === 0) return
  for (const pending of await tx.all('pending')) {
    if (!pending.acked || !threads.includes(pending.acked.thread.id)) continue
    // Without the document there is nothing to wait for: the thread is gone from the edge.
    const gone = !(await tx.get('threads', pending.acked.thread.id))
    if (gone || (await isHeldAt(tx, pending.acked.thread))) await tx.remove('pending', [pending.id])
  }
}

async function isHeldAt(tx: Tx, thread: NonNullable<Ack['thread']>): Promise<boolean> {
  const held = await tx.get('threads', thread.id)
  if (!held) return false
  return held.epoch > thread.epoch || (held.epoch === thread.epoch && held.clock >= thread.clock)
}

/** Takes a command out of what waits, and keeps it in sight with the reason. */
export async function refuse(
  tx: WriteTx,
  pending: PendingRecord,
  refusal: NonNullable<Ack['refusal']>,
): Promise<void> {
  const { id, command, conversation, at } = pending
  await tx.remove('pending', [id])
  // Nothing was lost where a person only looked at something.
  if (isLooking(command)) return
  await tx.put('refusals', [{ id, command, conversation, at, code: refusal.code, text: refusal.text }])
  await bringBack(tx, pending)
}

/** What was not sent stands in its box again: the draft as it was, or the bare text where that was none. */
export async function bringBack(tx: WriteTx, pending: PendingRecord): Promise<void> {
  await bringPicturesBack(tx, pending)
  const { id, command } = pending
  const box = boxOf(command)
  if (box && 'text' in command && !(await reopenSent(tx, box, id)))
    await restoreText(tx, box, command.text, id)
}

/** The box that a command takes its text from. */
export function boxOf(command: Command): DraftBox | null {
  switch (command.name) {
    case 'SendReply':
    case 'ScheduleReply':
    case 'StartConversation':
      return { conversation: command.conversation, kind: 'reply' }
    case 'AddNote':
      return { conversation: command.conversation, kind: 'note' }
    default:
      return null
  }
}

/** A start made its conversation, or joined one that was open by then and whose name the unsent id becomes [E14]. */
async function settleLocal(tx: WriteTx, pending: PendingRecord, ack: Ack): Promise<void> {
  if (pending.command.name !== 'StartConversation') return
  const local = await tx.get('locals', pending.command.conversation)
  if (!local) return
  if (ack.conversation === null || ack.conversation === local.id) {
    await tx.remove('locals', [local.id])
    return
  }
  const joined = ack.conversation
  await tx.put('locals', [{ ...local, joined }])
  for (const kind of ['reply', 'note'] as const)
    await moveBox(tx, { conversation: local.id, kind }, { conversation: joined, kind }, pending.id)
  await moveAttached(tx, local.id, joined)
  for (const later of await tx.all('pending'))
    if (later.conversation === local.id && later.n === null) await tx.put('pending', [aliasOf(later, joined)])
}
