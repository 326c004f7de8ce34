import type { MobileUserId } from '#shared/base/ids.ts'
import { second } from '#shared/base/time.ts'
import type { Writer } from '#client/db/frames.ts'
import type { Identity } from '#client/db/meta.ts'
import { readThreadsToPull, tidyShelf } from '#client/db/wanted.ts'
import type { Device } from './device.ts'

/** Threads to hold are looked for this long after rows came that may call for one. */
const lookAfter = 2 * second

/** Keeps the threads on this device that it is to hold [E6]: drops what is too old, and asks for what is missing. */
export class Shelf {
  readonly #device: Device
  readonly #writer: Writer
  readonly #identity: Identity
  readonly #inTurn: (work: () => Promise<void>) => void
  readonly #want: (thread: MobileUserId) => void
  #cancelLook: (() => void) | null = null

  constructor(
    device: Device,
    writer: Writer,
    identity: Identity,
    inTurn: (work: () => Promise<void>) => void,
    want: (thread: MobileUserId) => void,
  ) {
    this.#device = device
    this.#writer = writer
    this.#identity = identity
    this.#inTurn = inTurn
    this.#want = want
  }

  /** Looks in a moment, once for all that comes until then. */
  look(): void {
    this.#cancelLook ??= this.#device.after(lookAfter, () => {
      this.#cancelLook = null
      this.#inTurn(async () => {
        await tidyShelf(this.#writer, this.#identity, this.#device.now())
        for (const thread of await readThreadsToPull(this.#writer.store, this.#identity)) this.#want(thread)
      })
    })
  }

  leave(): void {
    this.#cancelLook?.()
    this.#cancelLook = null
  }
}
