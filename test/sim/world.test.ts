import { beforeAll, expect, it } from 'vitest'
import { addUp, missing, table } from './coverage.ts'
import { regressions } from './regressions.ts'
import { simulate, type Run } from './simulate.ts'

/** Seeds of every `npm test`. More of them, or one with its log: `npm run test:world -- --seed 17`. */
const seeds = Array.from({ length: 200 }, (_, index) => index + 1)

const failed: Run[] = []
const hits = new Map<string, number>()

beforeAll(async () => {
  for (const seed of [...regressions.map(({ seed }) => seed), ...seeds]) {
    const run = await simulate(seed)
    addUp(hits, run.hits)
    if (run.violations.length > 0) failed.push(run)
  }
}, 300_000)

it('[P1] [P2] [P3] [P4] whatever fails on the way, texts arrive once and leave at most once', () => {
  expect(broken('P1', 'P2', 'P3', 'P4')).toEqual([])
})

it('[P5] [P6] [P8] [fault M1] whatever fails on the way, all devices and D1 agree and nothing vanishes', () => {
  expect(broken('P5', 'P6', 'P8')).toEqual([])
})

it('[fault D1] [fault D2] [fault D3] [fault C7] the world did all of it', () => {
  expect(missing(hits), table(hits)).toEqual([])
})

/** What the runs found against these promises, with the seed. The log of the first is printed. */
function broken(...promises: string[]): string[] {
  const found = failed.flatMap(({ seed, violations, log }) =>
    violations.flatMap(({ promise, what }) =>
      promises.includes(promise) ? [{ line: `seed ${seed} breaks ${promise}: ${what}`, log }] : [],
    ),
  )
  const [first] = found
  if (first) console.log(`${first.log.join('\n')}\n${first.line}`)
  return found.map(({ line }) => line)
}
