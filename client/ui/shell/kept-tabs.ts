import * as z from 'zod/mini'
import { conversationId, type ConversationId } from '#shared/base/ids.ts'

/** What a browser tab keeps for its own reload: another one has its own, and it goes with its tab. It may be shut. */
export type Session = () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export const ofThisTab: Session = () => sessionStorage

const key = 'parley.tabs'
/** What is typed into forms (`kept-forms.ts`). */
export const formsKey = 'parley.forms'

const front = z.enum(['conversation', 'info'])
const kept = z.object({ whose: z.string(), tabs: z.array(conversationId), front: z.optional(front) })

/** The conversations that are open as tabs, and which of the two tabs within a conversation is in front. */
export interface KeptTabs {
  tabs: readonly ConversationId[]
  front: z.infer<typeof front>
}

/** The tabs that `whose` had open here; none where somebody else did, or where what is kept cannot be read. */
export function readTabs(whose: string | null, session: Session = ofThisTab): KeptTabs {
  try {
    const read = kept.safeParse(JSON.parse(session().getItem(key) ?? 'null'))
    if (read.success && read.data.whose === whose)
      return { tabs: read.data.tabs, front: read.data.front ?? 'conversation' }
  } catch {
    // Shut, or not what this build kept: as where nothing was.
  }
  return { tabs: [], front: 'conversation' }
}

/** In the place of whatever was kept before, whoever's it was. */
export function keepTabs(whose: string, tabs: KeptTabs, session: Session = ofThisTab): void {
  try {
    session().setItem(key, JSON.stringify({ whose, ...tabs }))
  } catch {
    // Private windows may refuse storage; the tabs then last as long as the page.
  }
}

/** Where nothing of a person stays behind: after a sign-out, and on a computer that is shared. */
export function forgetTabs(session: Session = ofThisTab): void {
  try {
    session().removeItem(key)
    session().removeItem(formsKey)
  } catch {
    // Where storage is shut, nothing was kept.
  }
}
