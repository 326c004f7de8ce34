import type { ChannelId } from '#shared/base/ids.ts'
import { second } from '#shared/base/time.ts'
import type { CarrierEvent } from '../carriers/carrier.ts'
import { within } from './within.ts'

/** How long texts wait for the Worker's keep at most. After that they leave as if nothing were kept. */
export const keptPatience = 5 * second
const askAgainAfter = 1 * second
/** The same once texts do not wait for it any more. */
const askLaterAfter = 30 * second

export interface KeptDeps {
  channels(): ChannelId[]
  /** Brings in everything that is kept for a channel, through `admit`. Throws where the keep cannot be read. */
  bringIn(channel: ChannelId, admit: (event: CarrierEvent) => void): Promise<void>
  admit(channel: ChannelId, event: CarrierEvent): void
  /** Takes one of the object's connections; null where none is free. */
  connect(): (() => void) | null
  now(): number
  /** Calls back once after `ms`. The answer cancels it. */
  after(ms: number, call: () => void): () => void
  /** Keeps the object awake until the promise settles. */
  waitUntil(promise: Promise<unknown>): void
  /** Texts may leave: all that was kept is in, or the patience is over. */
  free(): void
}

/**
 * What carriers were told is safe and this object has not heard yet: while it cannot be reached the Worker keeps
 * webhooks in R2 and answers 2xx, and a STOP may be among them [P4, E23].
 *
 * 1. After a start, and whenever the Worker says that it kept something, no text leaves before all of it is in.
 * 2. It is asked for when the first text is about to leave: an object that only wakes to be read asks for nothing.
 * 3. Where R2 does not answer, texts wait `keptPatience` and leave then; the asking goes on beside that. Nothing new
 *    can be kept meanwhile, since the Worker answers 5xx without R2; what was kept before is in by the queue.
 */
export class Kept {
  readonly #deps: KeptDeps
  #state: 'unasked' | 'asking' | 'in' = 'unasked'
  #heldSince: number | null = null
  /** The Worker kept more while what was there before was brought in. */
  #again = false
  #cancelPatience: (() => void) | null = null

  constructor(deps: KeptDeps) {
    this.#deps = deps
  }

  /** Until when texts wait at most; null where none has to. */
  get until(): number | null {
    if (this.#state === 'in' || this.#heldSince === null) return null
    const until = this.#heldSince + keptPatience
    return this.#deps.now() < until ? until : null
  }

  /** Whether a text that is about to leave has to wait. Asks for what is kept, if nobody has. */
  holds(): boolean {
    if (this.#state === 'in') return false
    if (this.#state === 'unasked') this.#begin()
    return this.until !== null
  }

  /** The Worker has kept something for this account: from now on texts wait until it is in. */
  more(): void {
    this.#again = this.#state === 'asking'
    this.#hold()
    if (!this.#again) this.#begin()
  }

  #begin(): void {
    this.#state = 'asking'
    if (this.#heldSince === null) this.#hold()
    this.#deps.waitUntil(this.#ask())
  }

  #hold(): void {
    this.#heldSince = this.#deps.now()
    this.#cancelPatience?.()
    this.#cancelPatience = this.#deps.after(keptPatience, () => this.#deps.free())
  }

  async #ask(): Promise<void> {
    const { channels, bringIn, admit, connect, after, waitUntil, free } = this.#deps
    const release = connect()
    try {
      if (!release) throw new Error('No connection is free.')
      do {
        this.#again = false
        for (const channel of channels())
          await within(
            keptPatience,
            after,
            bringIn(channel, (event) => admit(channel, event)),
            'R2 did not answer in time.',
          )
      } while (this.#again)
    } catch (fault) {
      console.error('What is kept in R2 cannot be read.', fault)
      after(this.until === null ? askLaterAfter : askAgainAfter, () => waitUntil(this.#ask()))
      return
    } finally {
      release?.()
    }
    this.#cancelPatience?.()
    this.#state = 'in'
    this.#heldSince = null
    free()
  }
}
