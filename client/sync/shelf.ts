import * as z from 'zod/mini'
import { mobileUserId, type MobileUserId } from '#shared/base/ids.ts'
import { minute, second } from '#shared/base/time.ts'
import type { RowChange } from '#shared/wire/down.ts'
import type { Writer } from '#client/db/frames.ts'
import type { Identity } from '#client/db/meta.ts'
import { readThreadsAmong, readThreadsToPull, tidyShelf } from '#client/db/wanted.ts'
import type { Device } from './device.ts'

/** Threads to hold are looked for this long after rows came that may call for one. */
const lookAfter = 2 * second
/** Everything is looked at again this long after it was, once something comes: what left a view made room in it. */
const wholeAgain = 10 * minute
/** Where rows named more people than this, looking at everything takes less. */
const manyNamed = 500

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
  readonly #named = new Set<MobileUserId>()
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
    for (const user of usersIn(rows)) this.#named.add(user)
    this.#soon()
  }

  leave(): void {
    this.#cancelLook?.()
    this.#cancelLook = null
    this.#named.clear()
  }

  #soon(): void {
    this.#cancelLook ??= this.#device.after(lookAfter, () => {
      this.#cancelLook = null
      this.#inTurn(async () => {
        for (const thread of await this.#lacking()) this.#want(thread)
      })
    })
  }

  async #lacking(): Promise<MobileUserId[]> {
    const now = this.#device.now()
    const named = [...this.#named]
    this.#named.clear()
    const isFresh = this.#wholeAt !== null && Math.abs(now - this.#wholeAt) < wholeAgain
    if (isFresh && named.length <= manyNamed)
      return readThreadsAmong(this.#writer.store, this.#identity, named)
    await tidyShelf(this.#writer, this.#identity, now)
    const lacking = await readThreadsToPull(this.#writer.store, this.#identity)
    this.#wholeAt = now
    return lacking
  }
}

/** The people whom rows are about. A row that says of nobody is put aside where it is stored. */
function usersIn(rows: readonly RowChange[]): MobileUserId[] {
  return rows.flatMap(({ table, id, row }) => {
    if (table === 'threads') return mobileUserId.safeParse(id).data ?? []
    return table === 'conversations' ? (about.safeParse(row).data?.user ?? []) : []
  })
}

const about = z.object({ user: mobileUserId })
