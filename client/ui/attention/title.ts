import { createEffect, createSignal, onCleanup, type Accessor } from 'solid-js'
import { afterPaint } from '../controls/after-paint.ts'

/** The browser tab's title: flashes between what it says and the alert while somebody is called back [F177]. */
export function createTitle(title: Accessor<string>, calling: Accessor<string | null>): void {
  const [flip, setFlip] = createSignal(false)
  createEffect(() => {
    setFlip(false)
    if (calling() === null) return
    setFlip(true)
    const timer = setInterval(() => setFlip((flip) => !flip), 1000)
    onCleanup(() => clearInterval(timer))
  })
  // Telling the browser takes as long as drawing a list, and nobody looks there first.
  createEffect(() => {
    const words = (flip() && calling()) || title()
    afterPaint(() => (document.title = words))
  })
}

/** The number on the app's icon, where the browser shows one. */
export function createBadge(count: Accessor<number>): void {
  createEffect(() => {
    const unread = count()
    if (!('setAppBadge' in navigator)) return
    afterPaint(() => {
      const shown = unread > 0 ? navigator.setAppBadge(unread) : navigator.clearAppBadge()
      // Browsers refuse where the app is not installed or the person said no: then there is no badge.
      shown.catch(() => undefined)
    })
  })
}
