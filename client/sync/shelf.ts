import type { MobileUserId } from '#shared/base/ids.ts'
import { minute, second } from '#shared/base/time.ts'
import type { RowChange } from '#shared/wire/down.ts'
import type { Writer } from '#client/db/frames.ts'
import type { Identity } from '#client/db/meta.ts'
import { lookAmong, lookAtAll } from '#client/db/wanted.ts'
import type { Device } from './device.ts'

/** Threads to hold are looked for this long after rows came that may call for one. */
const lookAfter = 2 * second
/** Everything is looked at again this long after it was, once something comes: what left a view made room in it. */
const wholeAgain = 10 * minute

/**
 * Keeps the threads on this device that it is to hold [E6]: drops what is too old, and asks for what is missing. All
 * of the device is looked at where a copy or a connection begins, and seldom after that; else only whom rows named.
 */
export class Shelf {
  readonly #device: Device
  readonly #writer: Writer
  readonly #identity: Identity
  readonly #inTurn: (work: () => Promise<void>) => void
  readonly #want: (thread: MobileUserId) => void
  #rows: RowChange[] = []
  /** When everything was looked at; null where it has to be. */
  #wholeAt: number | null = null
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

  /** Looks at everything in a moment. */
  lookAtAll(): void {
    this.#wholeAt = null
    this.#soon()
  }

  /** Looks in a moment, once for all that comes until then, at what these rows are about. */
  look(rows: readonly RowChange[]): void {
    // Other groups of this agent mean other conversations.
    if (rows.some(({ table, id }) => table === 'agents' && id === this.#identity.agent)) this.#wholeAt = null
    this.#rows.push(...rows)
    this.#soon()
  }

  leave(): void {
    this.#cancelLook?.()
    this.#cancelLook = null
    this.#rows = []
  }

  #soon(): void {
    this.#cancelLook ??= this.#device.after(lookAfter, () => {
      this.#cancelLook = null
      this.#inTurn(async () => {
        for (const thread of await this.#lacking()) this.#want(thread)
      })
    })
  }

  #lacking(): Promise<MobileUserId[]> {
    const now = this.#device.now()
    const rows = this.#rows
    this.#rows = []
    const isFresh = this.#wholeAt !== null && Math.abs(now - this.#wholeAt) < wholeAgain
    this.#wholeAt = isFresh ? this.#wholeAt : now
    return isFresh
      ? lookAmong(this.#writer.store, this.#identity, rows)
      : lookAtAll(this.#writer, this.#identity, now)
  }
}
