import type { AgentId } from '#shared/base/ids.ts'
import type { QuickReply } from '#shared/rows/quick-reply.ts'
import { Overlay } from './overlay.ts'
import { readSmall } from './rows.ts'
import type { Tx } from './store.ts'

/** Every quick reply that this agent has, with the changes of this device that wait. */
export async function readQuickReplies(tx: Tx, me: AgentId, now: number): Promise<QuickReply[]> {
  const overlay = await Overlay.read(tx, me, now)
  const rows = new Map<string, QuickReply | null>(
    (await readSmall(tx, 'quickReplies')).map((row) => [row.id, row]),
  )
  for (const [id, row] of overlay.quickReplies) rows.set(id, row)
  return [...rows.values()].filter((row) => row !== null)
}
