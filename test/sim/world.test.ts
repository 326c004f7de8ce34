import { beforeAll, expect, it } from 'vitest'
import { missing, table } from './coverage.ts'
import { playInProcesses, type Played } from './processes.ts'
import { regressions } from './regressions.ts'
import { except, shrink } from './shrink.ts'
import { simulate } from './simulate.ts'

/** Seeds of every `npm test`. More of them, or one with its log: `npm run test:world -- --seed 17`. */
const seeds = 1000
/** Among these everything happens that the coverage asks for, rare as some of it is. */
const first = 2001

let all: Played
let smallest = ''

beforeAll(async () => {
  all = await playInProcesses({ from: first, seeds, processes: 2, stop: false })
  const [worst] = all.broken
  if (worst) smallest = await smallestOf(worst.seed)
}, 1_800_000)

it('[P1] [P2] [P3] [P4] whatever fails on the way, texts arrive once and leave at most once', () => {
  expect(broken('P1', 'P2', 'P3', 'P4'), smallest).toEqual([])
})

it('[P5] [P6] [P8] [fault M1] whatever fails on the way, all devices and D1 agree and nothing vanishes', () => {
  expect(broken('P5', 'P6', 'P8'), smallest).toEqual([])
})

it('[P7] two companies with the same customers never see a word of each other', () => {
  expect(broken('P7'), smallest).toEqual([])
})

it('[fault D1] [fault D2] [fault D3] [fault C7] the world did all of it', () => {
  const hits = new Map(Object.entries(all.hits))
  console.log(`${all.played} seeds in ${all.seconds.toFixed(0)} s\n${table(hits)}`)
  expect(missing(hits)).toEqual([])
})

it.for(regressions)('seed $seed: $found', async ({ seed, steps, course }) => {
  expect((await simulate(seed, except(steps), course)).violations).toEqual([])
})

/** What the runs found against these promises, with the seed. */
function broken(...promises: string[]): string[] {
  return all.broken.flatMap(({ seed, promise, what }) =>
    promises.includes(promise) ? [`seed ${seed} breaks ${promise}: ${what}`] : [],
  )
}

/** The log of a failing seed, without the steps that it does not need. */
async function smallestOf(seed: number): Promise<string> {
  const { run, needed } = await shrink(await simulate(seed))
  return `smallest: --seed ${seed} --steps ${needed.join(',')}\n${run.log.join('\n')}`
}
