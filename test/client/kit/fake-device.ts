import { makeClock, type Clock } from '#test/kit/clock.ts'
import { makeRandom } from '#test/kit/random.ts'
import type { Device, Locks, Mirror, Moment, Reply, SocketEvents } from '#client/sync/device.ts'

/** A device whose clock, network, pages and luck are in the test's hand. */
export interface FakeDevice extends Device {
  clock: Clock
  isOnline: boolean
  isVisible: boolean
  /** Lets time pass and runs what falls due in it, in order. */
  pass(ms: number): void
  tell(moment: Moment): void
  /** A person presses a key, or clicks. */
  touch(): void
  /** How many timers wait. */
  timers(): number
}

export interface Network {
  connect(on: SocketEvents): { send(text: string): void; close(code?: number): void }
  fetch(path: string, init?: { method?: string; body?: string | Blob }): Promise<Reply>
}

export function fakeDevice(
  network: Network,
  seed = 1,
  shared: { mirror?: Mirror; locks?: Locks | null; deaf?: boolean; build?: number; hidden?: boolean } = {},
): FakeDevice {
  const random = makeRandom(seed)
  const clock = makeClock()
  const watchers = new Set<(moment: Moment) => void>()
  const touched = new Set<() => void>()
  const due: { at: number; call: () => void }[] = []
  // Timers go by their own time: a device's clock may be set back.
  let elapsed = 0
  const device: FakeDevice = {
    clock,
    isOnline: true,
    isVisible: !shared.hidden,
    now: () => clock.now(),
    random: () => random.next(),
    randomBytes: () => random.bytes(16),
    after(ms, call) {
      const timer = { at: elapsed + ms, call }
      due.push(timer)
      return () => {
        const at = due.indexOf(timer)
        if (at >= 0) due.splice(at, 1)
      }
    },
    pass(ms) {
      const end = elapsed + ms
      for (;;) {
        const next = due.filter(({ at }) => at <= end).sort((left, right) => left.at - right.at)[0]
        if (!next) break
        due.splice(due.indexOf(next), 1)
        clock.pass(Math.max(0, next.at - elapsed))
        elapsed = Math.max(elapsed, next.at)
        next.call()
      }
      clock.pass(end - elapsed)
      elapsed = end
    },
    timers: () => due.length,
    fetch: (path, init) => network.fetch(path, init),
    connect: (on) => network.connect(on),
    locks: shared.locks ?? null,
    channel(name, heard) {
      // A page that sleeps hears nothing and says nothing.
      if (shared.deaf) return { post: () => undefined, close: () => undefined }
      const channel = new BroadcastChannel(name)
      channel.addEventListener('message', (event: unknown) => heard((event as MessageEvent).data))
      return { post: (message) => channel.postMessage(message), close: () => channel.close() }
    },
    online: () => device.isOnline,
    visible: () => device.isVisible,
    build: shared.build ?? 0,
    watch(on) {
      watchers.add(on)
      return () => watchers.delete(on)
    },
    touched(on) {
      touched.add(on)
      return () => touched.delete(on)
    },
    touch() {
      for (const on of touched) on()
    },
    tell(moment) {
      for (const on of watchers) on(moment)
    },
    mirror: shared.mirror ?? memoryMirror(),
  }
  return device
}

export function memoryMirror(): Mirror {
  const kept = new Map<string, string>()
  return {
    get: (key) => kept.get(key) ?? null,
    set: (key, value) => void kept.set(key, value),
    remove: (key) => void kept.delete(key),
    keys: () => [...kept.keys()],
  }
}

/** Web Locks of one browser, shared by its pages: first come first served, and `steal`. */
export function fakeLocks(): Locks {
  let holder: { reject(reason: unknown): void } | null = null
  const queue: (() => void)[] = []
  const next = () => {
    if (!holder) queue.shift()?.()
  }
  return {
    request(_name, { signal, steal }, hold) {
      return new Promise((resolve, reject) => {
        const take = () => {
          const mine = { reject }
          holder = mine
          hold()
            .then(resolve, reject)
            .finally(() => {
              if (holder === mine) holder = null
              next()
            })
        }
        if (steal) {
          holder?.reject(new DOMException('stolen', 'AbortError'))
          take()
          return
        }
        queue.push(take)
        signal?.addEventListener('abort', () => {
          const at = queue.indexOf(take)
          if (at < 0) return
          queue.splice(at, 1)
          reject(new DOMException('aborted', 'AbortError'))
        })
        next()
      })
    },
  }
}

/** Waits until something holds. Turns of the event loop, not time: the database works in those. */
export async function until(
  what: () => boolean | Promise<boolean>,
  why = 'it never came true',
): Promise<void> {
  for (let turn = 0; turn < 2000; turn++) {
    if (await what()) return
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error(why)
}

/** Lets everything that is under way come to rest. */
export async function rest(turns = 60): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
}
