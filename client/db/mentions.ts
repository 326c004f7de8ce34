import type { AgentId } from '#shared/base/ids.ts'
import type { Mention } from '#shared/rows/mention.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import { Overlay } from './overlay.ts'
import { readSmall } from './rows.ts'
import type { Tx } from './store.ts'

/** A note that names the agent of this replica, with the person whose conversation it stands in. */
export interface ListedMention {
  mention: Mention
  user: MobileUser | null
}

/** What names this agent, newest first. What waits on this device counts already. */
export async function readMentions(tx: Tx, me: AgentId, now: number): Promise<ListedMention[]> {
  // Most agents are named seldom, and then nothing has to be laid over anything.
  if ((await readSmall(tx, 'mentions')).length === 0) return []
  const overlay = await Overlay.read(tx, me, now)
  const mentions = (await overlay.mentionsOfMe()).toSorted((left, right) => right.at - left.at)
  return Promise.all(mentions.map(async (mention) => ({ mention, user: await overlay.user(mention.user) })))
}
