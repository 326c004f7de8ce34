/**
 * Registers the service worker that keeps the shell of the app, so that it opens without a connection. A newer
 * build waits until `letNewBuildIn`.
 */
export async function keepShell(): Promise<void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return
  try {
    await navigator.serviceWorker.register('/sw.js')
  } catch (fault) {
    // The app works without it, only not from a cold start offline.
    console.error('The shell is not kept for offline use.', fault)
  }
}

/** Lets a waiting build take over, and resolves when it has, or at once when none waits. */
export async function letNewBuildIn(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration()
  await registration?.update().catch(() => undefined)
  const waiting = registration?.waiting
  if (!waiting) return
  const taken = new Promise<void>((resolve) => {
    navigator.serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true })
    setTimeout(resolve, 3000)
  })
  waiting.postMessage({ type: 'SKIP_WAITING' })
  await taken
}

/** Tells when another page has let a newer build in. The first service worker of all takes over from nobody. */
export function whenOvertaken(then: () => void): void {
  const workers = navigator.serviceWorker
  if (!workers?.controller) return
  workers.addEventListener('controllerchange', then)
}
