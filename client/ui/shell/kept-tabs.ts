import * as z from 'zod/mini'
import { conversationId, type ConversationId } from '#shared/base/ids.ts'

/** What a browser tab keeps for its own reload: another one has its own, and it goes with its tab. It may be shut. */
type Session = () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const ofThisTab: Session = () => sessionStorage

const key = 'parley.tabs'
const kept = z.object({ whose: z.string(), tabs: z.array(conversationId) })

/** The tabs that `whose` had open here; none where somebody else did, or where what is kept cannot be read. */
export function readTabs(whose: string, session: Session = ofThisTab): ConversationId[] {
  try {
    const read = kept.safeParse(JSON.parse(session().getItem(key) ?? 'null'))
    return read.success && read.data.whose === whose ? read.data.tabs : []
  } catch {
    return []
  }
}

/** In the place of whatever was kept before, whoever's it was. */
export function keepTabs(whose: string, tabs: readonly ConversationId[], session: Session = ofThisTab): void {
  try {
    session().setItem(key, JSON.stringify({ whose, tabs }))
  } catch {
    // Private windows may refuse storage; the tabs then last as long as the page.
  }
}

/** Where nothing of a person stays behind: after a sign-out, and on a computer that is shared. */
export function forgetTabs(session: Session = ofThisTab): void {
  try {
    session().removeItem(key)
  } catch {
    // Where storage is shut, nothing was kept.
  }
}
