import type { AgentId, ConversationId, MobileUserId } from '#shared/base/ids.ts'
import { conversationIn, isLooking, userIn, type Command } from '#shared/core/command.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import { isKnown } from './known.ts'
import { Overlay, readConversation } from './overlay.ts'
import type { PendingRecord, RefusalRecord } from './records.ts'
import type { Tx } from './store.ts'

/** A change that waits or was refused, with whom it is about. */
export type Waiting = (
  | { kind: 'waiting'; record: PendingRecord }
  | { kind: 'refused'; record: RefusalRecord }
  /** Left by a newer build of Parley on this device: this one can show no more of it than that it is there. */
  | { kind: 'unknown'; record: PendingRecord }
) & { user: MobileUserId | null; person: MobileUser | null; conversation: ConversationId | null }

/**
 * What the edge has not confirmed, in press order, and what it refused since. Read marks are left out: nobody
 * would call them a change. So are acknowledged commands, which only wait for their thread's bytes.
 */
export async function readWaiting(tx: Tx, me: AgentId, now: number): Promise<Waiting[]> {
  const overlay = await Overlay.read(tx, me, now)
  const found: Waiting[] = []
  for (const record of await tx.range('refusals', 'at', {}))
    found.push({ kind: 'refused', record, ...(await about(tx, overlay, record.command)) })
  for (const record of await tx.range('pending', 'press', {}))
    if (!isKnown(record))
      found.push({ kind: 'unknown', record, user: null, person: null, conversation: null })
    else if (record.acked === null && !isLooking(record.command))
      found.push({ kind: 'waiting', record, ...(await about(tx, overlay, record.command)) })
  return found.sort((left, right) => left.record.at - right.record.at)
}

async function about(tx: Tx, overlay: Overlay, command: Command) {
  const conversation = conversationIn(command)
  const found = conversation && (await readConversation(tx, overlay, conversation))
  const user = found?.row.user ?? userIn(command)
  const person = user ? await overlay.user(user) : null
  return {
    user,
    person,
    conversation: found?.row.id ?? conversation,
  }
}
