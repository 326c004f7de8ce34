import { createEffect } from 'solid-js'
import type { Desk, Wish } from '../../shell/desk.ts'

/** Does what is wished for in the conversation that is open, for as long as the caller's owner lives. */
export function grant(desk: Desk, kind: Wish['kind'], act: () => void): void {
  createEffect(() => {
    const wish = desk.wish()
    if (wish?.kind !== kind || wish.conversation !== desk.openId()) return
    desk.granted()
    // The dialog it was chosen in gives the focus back first.
    setTimeout(act)
  })
}
