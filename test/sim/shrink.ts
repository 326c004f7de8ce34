import { short, steps } from './course.ts'
import { simulate, type Run } from './simulate.ts'

/** Runs that may be spent on making one failing seed smaller: some ten seconds. */
const patience = 120

/**
 * Leaves steps out of a failing seed for as long as it breaks the same promise: first halves, then ever smaller
 * pieces. Answers the smallest run that was found, with the steps that it still needs.
 */
export async function shrink(failed: Run, course = short): Promise<{ run: Run; needed: number[] }> {
  const promise = failed.violations[0]?.promise
  let needed = Array.from({ length: steps }, (_, step) => step)
  let smallest = failed
  let runs = 0
  for (let size = steps / 2; size >= 1; size = Math.floor(size / 2))
    for (let at = 0; at < needed.length && runs < patience;) {
      const fewer = needed.toSpliced(at, size)
      const run = await simulate(failed.seed, except(fewer), course)
      runs++
      if (run.violations[0]?.promise === promise) {
        needed = fewer
        smallest = run
      } else at += size
    }
  return { run: smallest, needed }
}

/** Every step but these. */
export function except(needed: readonly number[]): Set<number> {
  return new Set(Array.from({ length: steps }, (_, step) => step).filter((step) => !needed.includes(step)))
}
