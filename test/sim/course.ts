import type { Random } from '#test/kit/random.ts'

/** Steps of a run at most, each a customer's text, an agent's press or a fault. */
export const steps = 70

/** How a run is drawn. */
export interface Course {
  /** Its steps; `mails` where somebody sends to lists. */
  length(random: Random, mails: boolean): number
  /** Of half of the runs so many steps are without faults, so that what comes later meets a company at work. */
  calm(length: number): number
  /** Every so manieth step of those with lists sends to one. */
  mailsEvery: number
  /** Whether some companies answer automatically. */
  answers: boolean
  /** Whether rather those act for whom something waits: customers a text, agents what stands beside their box. */
  watched: boolean
}

/**
 * Most runs are short: what is wrong shows in a few steps, and more of those are played. Some are long. Those with
 * lists are never shorter than the queue takes to bring anything to anybody.
 */
export const short: Course = {
  length: (random, mails) =>
    mails ? 18 + random.int(25) : 6 + Math.floor(64 * (random.int(1000) / 1000) ** 3),
  calm: (length) => Math.min(15, length / 3),
  mailsEvery: 2,
  answers: true,
  watched: true,
}

/** All lengths alike, as the first regressions were found. */
export const long: Course = {
  length: (random) => 20 + random.int(steps - 20 + 1),
  calm: () => 15,
  mailsEvery: 3,
  answers: true,
  watched: false,
}
