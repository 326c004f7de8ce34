import type { Random } from '#test/kit/random.ts'
import type { Scheduler } from './scheduler.ts'

/** One direction of a connection: what goes in comes out in order, later. */
export class Pipe<Item> {
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #deliver: (item: Item) => void
  readonly #backlog: Item[] = []
  #last = 0
  #open = true
  #held = false

  constructor(scheduler: Scheduler, random: Random, deliver: (item: Item) => void) {
    this.#scheduler = scheduler
    this.#random = random
    this.#deliver = deliver
  }

  send(item: Item): void {
    const at = Math.max(this.#last, this.#scheduler.now + 5 + this.#random.int(120))
    this.#last = at
    this.#scheduler.after(at - this.#scheduler.now, () => {
      if (!this.#open) return
      if (this.#held) this.#backlog.push(item)
      else this.#deliver(item)
    })
  }

  /** Keeps what arrives until it is released, as a stalled network does. */
  hold(held: boolean): void {
    this.#held = held
    if (held) return
    for (const item of this.#backlog.splice(0)) if (this.#open) this.#deliver(item)
  }

  /** What is under way is lost. */
  break(): void {
    this.#open = false
    this.#backlog.length = 0
  }
}
