/* Imported by the generated service worker: the network is back, so pages that sleep talk again. */
self.addEventListener('sync', (event) => {
  if (event.tag === 'parley') event.waitUntil(wake())
})

/** Without a page there is nothing to wake: what waits goes when one is opened. */
async function wake() {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  for (const page of windows) page.postMessage({ type: 'talk' })
}
