import type { MobileUserId } from '#shared/base/ids.ts'
import { second } from '#shared/base/time.ts'
import type { Device } from './device.ts'

/** How many pulls are under way at once: few, so that a thread somebody opens never waits behind many. */
const width = 2
/** An answer that does not come by then is asked for again, behind the others. */
const patience = 15 * second

/** Asks for threads one after another, what somebody looks at first [E6]. */
export class Puller {
  readonly #device: Device
  readonly #ask: (thread: MobileUserId, background: boolean) => void
  readonly #queue: MobileUserId[] = []
  readonly #asked = new Map<MobileUserId, () => void>()
  /** To be asked for once more when the answer that is under way has come. */
  readonly #again = new Set<MobileUserId>()
  /** Those of the queue that nobody looks at. */
  readonly #background = new Set<MobileUserId>()
  #running = false
  #cancelSlow: (() => void) | null = null

  constructor(device: Device, ask: (thread: MobileUserId, background: boolean) => void) {
    this.#device = device
    this.#ask = ask
  }

  start(): void {
    this.#running = true
    this.#next()
  }

  /** The socket is gone: what was asked for is asked for first on the next one. */
  pause(): void {
    this.#running = false
    this.#cancelSlow?.()
    this.#requeue()
  }

  clear(): void {
    this.pause()
    this.#queue.length = 0
    this.#background.clear()
  }

  /** The edge asked for patience, and may have dropped what was asked for: it is asked for again in `ms`. */
  slow(ms: number): void {
    if (!this.#running) return
    this.#running = false
    this.#requeue()
    this.#cancelSlow = this.#device.after(ms, () => this.start())
  }

  /** The held copy lacks what a frame told of. An answer that is under way may be older than that. */
  lacks(thread: MobileUserId): void {
    if (this.#asked.has(thread)) this.#again.add(thread)
    else this.want(thread, 'first')
  }

  want(thread: MobileUserId, when: 'first' | 'last'): void {
    if (this.#asked.has(thread)) return
    const at = this.#queue.indexOf(thread)
    if (at >= 0 && when === 'last') return
    if (at >= 0) this.#queue.splice(at, 1)
    if (when === 'first') {
      this.#queue.unshift(thread)
      this.#background.delete(thread)
    } else {
      this.#queue.push(thread)
      this.#background.add(thread)
    }
    this.#next()
  }

  answered(thread: MobileUserId): void {
    this.#asked.get(thread)?.()
    this.#asked.delete(thread)
    if (this.#again.delete(thread)) this.want(thread, 'first')
    this.#next()
  }

  #requeue(): void {
    for (const [thread, cancel] of this.#asked) {
      cancel()
      this.#queue.unshift(thread)
    }
    this.#asked.clear()
    this.#again.clear()
  }

  #next(): void {
    while (this.#running && this.#asked.size < width) {
      const thread = this.#queue.shift()
      if (thread === undefined) return
      this.#asked.set(
        thread,
        this.#device.after(patience, () => {
          this.#asked.delete(thread)
          this.want(thread, 'last')
          this.#next()
        }),
      )
      this.#ask(thread, this.#background.delete(thread))
    }
  }
}
