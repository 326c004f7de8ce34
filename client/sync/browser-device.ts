import type { Device, Mirror } from './device.ts'

/** The browser that this page runs in. */
export function browserDevice(): Device {
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    randomBytes: () => crypto.getRandomValues(new Uint8Array(16)),
    after(ms, call) {
      const timer = setTimeout(call, ms)
      return () => clearTimeout(timer)
    },
    async fetch(path, init) {
      // A picture brings its own type along.
      const headers = typeof init?.body === 'string' ? { 'content-type': 'application/json' } : undefined
      const response = await fetch(path, { ...init, headers, credentials: 'same-origin' })
      return {
        status: response.status,
        json: () => response.json(),
        blob: () => response.blob(),
        header: (name) => response.headers.get(name),
      }
    },
    connect(on) {
      const address = new URL('/api/socket', location.href)
      address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
      const socket = new WebSocket(address)
      socket.addEventListener('open', () => on.opened())
      socket.addEventListener('message', ({ data }) => {
        if (typeof data === 'string') on.heard(data)
      })
      socket.addEventListener('close', ({ code }) => on.closed(code))
      return {
        send: (text) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(text)
        },
        close: (code) => socket.close(code),
      }
    },
    locks: navigator.locks
      ? {
          async request(name, options, hold) {
            await navigator.locks.request(name, options, hold)
          },
        }
      : null,
    channel(name, heard) {
      if (typeof BroadcastChannel === 'undefined') return null
      const channel = new BroadcastChannel(name)
      channel.addEventListener('message', ({ data }) => heard(data))
      return { post: (message) => channel.postMessage(message), close: () => channel.close() }
    },
    online: () => navigator.onLine,
    visible: () => document.visibilityState === 'visible',
    build: Number(document.querySelector<HTMLMetaElement>('meta[name="build"]')?.content) || 0,
    watch(on) {
      const stop = new AbortController()
      const { signal } = stop
      addEventListener('online', () => on('online'), { signal })
      addEventListener('offline', () => on('offline'), { signal })
      addEventListener('pagehide', () => on('leaving'), { signal })
      // A page that comes back from the back-forward cache lost its socket without an event.
      window.addEventListener('pageshow', ({ persisted }) => persisted && on('visible'), { signal })
      // Background sync: the service worker heard that the network is back.
      navigator.serviceWorker?.addEventListener(
        'message',
        ({ data }: MessageEvent<{ type?: unknown } | null>) => data?.type === 'talk' && on('online'),
        { signal },
      )
      document.addEventListener(
        'visibilitychange',
        () => on(document.visibilityState === 'visible' ? 'visible' : 'hidden'),
        { signal },
      )
      return () => stop.abort()
    },
    touched(on) {
      const stop = new AbortController()
      for (const event of ['keydown', 'input', 'pointerdown', 'wheel'])
        addEventListener(event, on, { signal: stop.signal, capture: true, passive: true })
      return () => stop.abort()
    },
    wakeLater,
    mirror: localMirror(),
  }
}

/** Background sync, where the browser has it: its timers sleep with a page, this does not. */
function wakeLater(): void {
  void navigator.serviceWorker
    ?.getRegistration()
    .then((registration) => {
      const sync = (registration as { sync?: { register(tag: string): Promise<void> } } | undefined)?.sync
      return sync?.register('parley')
    })
    // Refused where its person forbids it: then the page goes on by itself when it wakes.
    .catch((fault: unknown) => console.warn('No background sync.', fault))
}

/** Local storage, or null where it is forbidden. Each call is guarded: it may be full or taken away at any time. */
function localMirror(): Mirror | null {
  try {
    localStorage.getItem('parley')
  } catch {
    return null
  }
  return {
    get: (key) => guarded(() => localStorage.getItem(key), null),
    set: (key, value) => guarded(() => localStorage.setItem(key, value), undefined),
    remove: (key) => guarded(() => localStorage.removeItem(key), undefined),
    keys: () => guarded(() => Object.keys(localStorage), []),
  }
}

function guarded<Result>(call: () => Result, otherwise: Result): Result {
  try {
    return call()
  } catch {
    return otherwise
  }
}
