import type { AgentId, ConversationId, MobileUserId } from '#shared/base/ids.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import { Overlay, readConversation } from './overlay.ts'
import type { Tx } from './store.ts'
import { readHeldThread } from './threads.ts'

/** What a tab tells of its conversation, which may stand behind another one. */
export interface TabFacts {
  /** The id that the tab was opened under. */
  id: ConversationId
  user: MobileUserId
  person: MobileUser | null
  /** Order of the customer's newest text. */
  inboundOrder: number
  /** The newest note that the edge has confirmed. */
  note: { order: number; at: number; by: AgentId } | null
}

/** The facts of those that this device knows, in the order of `ids`. */
export async function readTabs(
  tx: Tx,
  me: AgentId,
  ids: readonly ConversationId[],
  now: number,
): Promise<TabFacts[]> {
  if (ids.length === 0) return []
  const overlay = await Overlay.read(tx, me, now)
  const facts = await Promise.all(
    ids.map(async (id): Promise<TabFacts | null> => {
      const found = await readConversation(tx, overlay, id)
      if (found === null) return null
      const { user, inboundOrder } = found.row
      const [person, thread] = await Promise.all([overlay.user(user), readHeldThread(tx, user)])
      const note = thread?.entries.findLast((entry) => entry.kind === 'note') ?? null
      return { id, user, person, inboundOrder, note: note && { order: note.order, at: note.at, by: note.by } }
    }),
  )
  return facts.filter((one) => one !== null)
}
