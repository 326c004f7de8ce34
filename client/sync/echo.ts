import { second } from '#shared/base/time.ts'
import { limits } from '#shared/wire/limits.ts'
import type { Device } from './device.ts'

const everyFrames = 32
const everyMs = 5 * second
/** Well before the edge takes this client for one that does not keep up: a burst comes in few frames, and large ones. */
const everyCharacters = limits.bytesBehind / 4

/**
 * Says how far this client has stored, sparingly: after 32 frames or a quarter of a megabyte, with anything that is
 * sent anyway, at once for a customer's text in an own conversation, else at most once in 5 s [E20].
 */
export class Echo {
  readonly #device: Pick<Device, 'after'>
  readonly #send: (n: number) => void
  #stored = 0
  #said = 0
  #unsaid = 0
  #cancel: (() => void) | null = null

  constructor(device: Pick<Device, 'after'>, send: (n: number) => void) {
    this.#device = device
    this.#send = send
  }

  /** A new socket numbers its frames anew. */
  reset(): void {
    this.#cancel?.()
    this.#cancel = null
    this.#stored = 0
    this.#said = 0
    this.#unsaid = 0
  }

  /** A frame of so many characters is stored. */
  stored(n: number, size: number, urgent: boolean): void {
    this.#stored = Math.max(this.#stored, n)
    this.#unsaid += size
    const isMuch = this.#stored - this.#said >= everyFrames || this.#unsaid >= everyCharacters
    if (urgent || isMuch) this.flush()
    else this.#cancel ??= this.#device.after(everyMs, () => this.flush())
  }

  flush(): void {
    this.#cancel?.()
    this.#cancel = null
    if (this.#stored <= this.#said) return
    this.#said = this.#stored
    this.#unsaid = 0
    this.#send(this.#stored)
  }
}
