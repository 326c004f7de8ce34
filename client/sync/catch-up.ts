import { second } from '#shared/base/time.ts'
import type { Cursor } from '#shared/wire/up.ts'
import type { Device } from './device.ts'

/** A missed frame is asked for again after this long, should the answer to the first asking never come. */
const askAgain = 10 * second
/** After a change that is too big for a frame, clients pull at random within this time [E19]. */
const pullWithin = 5 * second

/** Asks the edge for everything after a cursor, once, and knows the head that is to be reached. */
export class CatchUp {
  readonly #device: Device
  readonly #ask: (cursor: Cursor) => void
  readonly #pull: () => void
  #head = 0
  #asked: { seq: number; at: number } | null = null
  #cancelPull: (() => void) | null = null

  /** `ask` asks from a cursor; `pull` is called when it is time to ask from wherever the replica stands by then. */
  constructor(device: Device, ask: (cursor: Cursor) => void, pull: () => void) {
    this.#device = device
    this.#ask = ask
    this.#pull = pull
  }

  welcomed(head: Cursor): void {
    this.#head = head.seq
    this.#asked = null
  }

  from(cursor: Cursor): void {
    const now = this.#device.now()
    if (this.#asked?.seq === cursor.seq && Math.abs(now - this.#asked.at) < askAgain) return
    this.#asked = { seq: cursor.seq, at: now }
    this.#ask(cursor)
  }

  /** Something big changed for everybody up to a commit, and not everybody asks at once [E19]. */
  later(seq: number): void {
    this.#head = Math.max(this.#head, seq)
    if (this.#cancelPull === null) this.#pullIn(this.#device.random() * pullWithin)
  }

  /** The edge asked for patience, and may have dropped what was asked for: it is asked for again in `ms`. */
  slow(ms: number): void {
    if (this.#asked === null) return
    this.#asked = null
    this.#cancelPull?.()
    this.#pullIn(ms)
  }

  /** Whether what was asked for has come with a frame that led to this cursor. */
  answered(cursor: Cursor): boolean {
    if (this.#asked === null || cursor.seq <= this.#asked.seq) return false
    this.#asked = null
    return true
  }

  reached(cursor: Cursor): boolean {
    return cursor.seq >= this.#head
  }

  #pullIn(ms: number): void {
    this.#cancelPull = this.#device.after(ms, () => {
      this.#cancelPull = null
      this.#pull()
    })
  }

  /** The socket is gone, and what was to be asked on it. */
  leave(): void {
    this.#cancelPull?.()
    this.#cancelPull = null
  }
}
