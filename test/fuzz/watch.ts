/** What a lane says about each of its inputs, so that somebody outside can tell that it hangs. */
export interface Watch {
  /** An input begins. `text` is what is shown of it where it hangs, throws or is slow. */
  begin(text: string): void
  end(): void
}

export interface Slow {
  ms: number
  text: string
}

/** What a lane found out. */
export interface Tally {
  inputs: number
  /** How often each answer was given: a run in which one never was has tested nothing. */
  answers: Record<string, number>
  /** What must not happen, with the input it happened at. */
  faults: string[]
  slowest: Slow[]
  /** Bytes of heap after the first tenth and at the end, both after a collection. */
  heap: [number, number]
}

/** A part of the border that hostile bytes reach, and how to send it `count` of them from one seed. */
export interface Lane {
  name: string
  inputs: number
  /** Answers that must have been given at least once. */
  expected: readonly string[]
  play(seed: number, count: number, report: Report): Promise<void>
}

/** How many of the inputs that took longest are told. */
export const told = 10
const shownCharacters = 300

/** Collects what a lane says and measures it. */
export class Report {
  inputs = 0
  readonly answers: Record<string, number> = {}
  readonly faults: string[] = []
  readonly slowest: Slow[] = []
  readonly #watch: Watch
  readonly #now: () => number
  readonly #halfway: () => void
  readonly #count: number

  /** `halfway` is called once, when a tenth is done: what is allocated once for all is there by then. */
  constructor(watch: Watch, count: number, now: () => number, halfway: () => void) {
    this.#watch = watch
    this.#count = count
    this.#now = now
    this.#halfway = halfway
  }

  /** Runs one input under the watch. What it throws is a fault: nothing may be thrown past the border. */
  async input(text: string, work: () => string | Promise<string>): Promise<void> {
    this.inputs++
    if (this.inputs === Math.ceil(this.#count / 10)) this.#halfway()
    this.#watch.begin(text)
    const begun = this.#now()
    try {
      const answer = await work()
      this.answers[answer] = (this.answers[answer] ?? 0) + 1
    } catch (fault) {
      this.fault(text, fault instanceof Error ? (fault.stack ?? fault.message) : String(fault))
    }
    this.#slow(this.#now() - begun, text)
    this.#watch.end()
  }

  fault(text: string, what: string): void {
    if (this.faults.length < 20) this.faults.push(`input ${this.inputs} ${shown(text)}\n  ${what}`)
  }

  #slow(ms: number, text: string): void {
    const least = this.slowest.at(-1)
    if (this.slowest.length === told && least && least.ms >= ms) return
    this.slowest.push({ ms, text: shown(text) })
    this.slowest.sort((left, right) => right.ms - left.ms)
    this.slowest.length = Math.min(told, this.slowest.length)
  }
}

/** An input in one line of bounded length. */
export function shown(text: string): string {
  const line = JSON.stringify(text)
  return line.length > shownCharacters ? `${line.slice(0, shownCharacters)}… (${text.length})` : line
}
