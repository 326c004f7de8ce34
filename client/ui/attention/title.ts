import { createEffect, createSignal, onCleanup, type Accessor } from 'solid-js'

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
  createEffect(() => {
    document.title = (flip() && calling()) || title()
  })
}

/** The number on the app's icon, where the browser shows one. */
export function createBadge(count: Accessor<number>): void {
  createEffect(() => {
    const unread = count()
    if (!('setAppBadge' in navigator)) return
    const shown = unread > 0 ? navigator.setAppBadge(unread) : navigator.clearAppBadge()
    // Browsers refuse where the app is not installed or the person said no: then there is no badge.
    shown.catch(() => undefined)
  })
}
