import { NotTalking } from '#client/db/meta.ts'

/** Works things off one by one, in the order in which they came; after `stop` whatever waits fails. */
export class InTurn {
  readonly #failed: (fault: unknown) => void
  #last: Promise<unknown> = Promise.resolve()
  #stopped = false

  /** `failed` hears of each fault, before the next turn begins. */
  constructor(failed: (fault: unknown) => void) {
    this.#failed = failed
  }

  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(() => {
      if (this.#stopped) throw new NotTalking()
      return work()
    })
    this.#last = result.catch((fault: unknown) => this.#failed(fault))
    return result
  }

  stop(): void {
    this.#stopped = true
  }

  /** Everything that was begun has ended. */
  async settled(): Promise<void> {
    let last: Promise<unknown>
    do {
      last = this.#last
      await last
    } while (last !== this.#last)
  }
}
