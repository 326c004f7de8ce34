import type { Down, Frame } from '#shared/wire/down.ts'
import type { InTurn } from './in-turn.ts'

/** Rows that are stored in one transaction at most: what somebody presses meanwhile waits for it. */
const rowsAtOnce = 500

/**
 * What a socket says, each thing in its turn. Frames that follow one another and wait become one: it is stored in
 * one transaction, and the screens ask once.
 */
export class Hearing {
  readonly #inTurn: InTurn
  readonly #handle: (message: Down, size: number) => Promise<void>
  /** What came last, for as long as it waits. */
  #last: { message: Down; size: number } | null = null
  #socket = 0

  /** `size`: characters that a message came in. */
  constructor(inTurn: InTurn, handle: (message: Down, size: number) => Promise<void>) {
    this.#inTurn = inTurn
    this.#handle = handle
  }

  heard(message: Down, size: number): void {
    const last = this.#last
    const whole = last && joined(last.message, message)
    if (last && whole) {
      last.message = whole
      last.size += size
      return
    }
    const waiting = { message, size }
    const socket = this.#socket
    this.#last = waiting
    void this.#inTurn.take(async () => {
      if (this.#last === waiting) this.#last = null
      if (socket === this.#socket) await this.#handle(waiting.message, waiting.size)
    })
  }

  /** The socket is gone, and what it said and was not handled yet: the next one says it again. */
  leave(): void {
    this.#socket++
    this.#last = null
  }
}

/** Two frames as one, where the second goes on from the first; else null. */
function joined(first: Down, next: Down): Frame | null {
  if (first.t !== 'frame' || next.t !== 'frame') return null
  if (next.from > first.to.seq || next.to.seq < first.to.seq) return null
  const parts = [...first.parts, ...next.parts]
  if (parts.reduce((sum, { rows }) => sum + rows.length, 0) > rowsAtOnce) return null
  return { ...next, from: Math.min(first.from, next.from), parts, acks: [...first.acks, ...next.acks] }
}
