import { hash64 } from '#shared/base/hash64.ts'
import { morning } from '#test/kit/clock.ts'
import { makeRandom, type Random } from '#test/kit/random.ts'
import { Company } from './company.ts'
import { plans } from './founding.ts'
import { HistoryBase } from './history-base.ts'
import { withOutside } from './outside.ts'
import { Scheduler } from './scheduler.ts'
import type { Witness } from './witness.ts'

/** Parley in one process: two companies, their people, carriers and customers, and one D1, all from one seed. */
export class World {
  readonly seed: number
  readonly scheduler = new Scheduler(morning)
  readonly history: HistoryBase
  readonly companies: Company[]
  readonly log: string[] = []
  /** What happened, by its name, for the coverage. */
  readonly hits = new Map<string, number>()
  readonly #restore: () => void

  /** Companies answer automatically, by the time and to words. */
  readonly answers: boolean

  constructor(seed: number, witnessOf: (account: string) => Witness, mayAnswer = true) {
    this.seed = seed
    this.answers = mayAnswer && this.stream('auto-replies').int(4) === 0
    // The second company is there in half of the runs: what they could do to each other shows in these.
    const there = plans.slice(0, 1 + this.stream('companies').int(2))
    this.history = new HistoryBase(
      there.map((plan) => plan.account),
      this.scheduler,
      this.stream('history'),
    )
    this.companies = there.map((plan) => new Company(plan, this, witnessOf(plan.account)))
    this.#restore = withOutside(this.companies.map(({ carrier }) => carrier))
  }

  async begin(): Promise<void> {
    const random = this.stream('founding')
    for (const company of this.companies) await company.begin(random)
    await this.scheduler.pass(2000)
  }

  /** Randomness that depends on the seed and a name alone: what is left out elsewhere does not change it. */
  stream(name: string): Random {
    return makeRandom(Number.parseInt(hash64(`${this.seed} ${name}`).slice(0, 8), 16))
  }

  readonly hit = (name: string): void => {
    this.hits.set(name, (this.hits.get(name) ?? 0) + 1)
  }

  readonly note = (line: string): void => {
    this.log.push(`${String(this.scheduler.now - morning).padStart(8)} ${line}`)
  }

  async end(): Promise<void> {
    for (const company of this.companies) await company.end()
    this.#restore()
    this.history.close()
  }
}
