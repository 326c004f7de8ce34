/* Imported by the generated service worker: shows what the edge pushes, and opens it. */
self.addEventListener('push', (event) => {
  const message = event.data?.json() ?? {}
  event.waitUntil(show(message))
})

/** Nothing for who has the app in front of them; browsers want a notification for every push to anybody else. */
async function show({ title = 'Parley', body = 'A customer texted.', conversation = '' }) {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (windows.some(({ focused }) => focused)) return
  await self.registration.showNotification(title, {
    body,
    // One for each conversation: the newest takes the place of the one before.
    tag: `conversation ${conversation}`,
    renotify: true,
    icon: '/icon-192.png',
    badge: '/icon.svg',
    data: { conversation },
  })
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open(event.notification.data?.conversation ?? ''))
})

async function open(conversation) {
  const path = conversation === '' ? '/' : `/inbox/open/${conversation}`
  const [first] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (!first) return self.clients.openWindow(path)
  await first.focus()
  first.postMessage({ type: 'open', conversation })
}
