/** What is done in one step at most: nothing else happens in the object meanwhile. */
const mostAtOnce = 50

interface Asked<Item, Answer> {
  item: Item
  settle(answer: Answer): void
  fail(fault: unknown): void
}

/**
 * Group commit: the first item is done at once, and what comes while the disk still writes it is done with the next
 * write, in one step. Many then cost one wait for the disk and one frame to each socket, and none waits for
 * company.
 */
export class Together<Item, Answer> {
  readonly #act: (item: Item) => Answer
  readonly #durable: () => Promise<void>
  #waiting: Asked<Item, Answer>[] = []
  #writing = false

  /** `act` does one item and may throw, which is its own answer; `durable` resolves once what was done is on disk. */
  constructor(act: (item: Item) => Answer, durable: () => Promise<void>) {
    this.#act = act
    this.#durable = durable
  }

  /** Does an item, alone or with others. Resolves once it is durable, and rejects with what doing it threw. */
  bring(item: Item): Promise<Answer> {
    return new Promise((settle, fail) => {
      this.#waiting.push({ item, settle, fail })
      if (!this.#writing) void this.#work()
    })
  }

  async #work(): Promise<void> {
    this.#writing = true
    while (this.#waiting.length > 0) {
      const done = this.#waiting
        .splice(0, mostAtOnce)
        .map((asked) => ({ asked, outcome: this.#outcome(asked.item) }))
      let fault: unknown = null
      try {
        await this.#durable()
      } catch (lost) {
        fault = lost ?? new Error('The disk did not take it.')
      }
      for (const { asked, outcome } of done) {
        if (fault !== null) asked.fail(fault)
        else if (outcome.kind === 'done') asked.settle(outcome.answer)
        else asked.fail(outcome.fault)
      }
    }
    this.#writing = false
  }

  #outcome(item: Item): { kind: 'done'; answer: Answer } | { kind: 'threw'; fault: unknown } {
    try {
      return { kind: 'done', answer: this.#act(item) }
    } catch (fault) {
      return { kind: 'threw', fault }
    }
  }
}
