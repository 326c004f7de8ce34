import type { Random } from '#test/kit/random.ts'
import type { Edge } from './edge.ts'
import type { Plan } from './founding.ts'
import type { Scheduler } from './scheduler.ts'
import type { Witness } from './witness.ts'

/** What stands around a company's object is made of: its edge, and what it goes wrong by. */
export interface CompanyParts {
  scheduler: Scheduler
  random: Random
  witness: Witness
  edge: Edge
  plan: Plan
  hit(name: string): void
}
