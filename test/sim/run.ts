import '#test/kit/random-supply.ts'
import { parseArgs } from 'node:util'
import { addUp, missing, table } from './coverage.ts'
import { long, short } from './course.ts'
import { playInProcesses, type Played } from './processes.ts'
import { except, shrink } from './shrink.ts'
import { simulate } from './simulate.ts'

/**
 * Plays seeds: `npm run test:world -- --seeds 1000 --from 1`, one of them with its log by `--seed 17`, and of that
 * only some steps by `--steps 3,9,20`. The first that breaks a promise is made as small as it gets and printed;
 * `--all` goes on behind it; `--long` plays runs of all lengths alike. Ends with 1 where a promise was broken.
 * `--json` prints one line of JSON for scripts.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    every: { type: 'string', default: '1' },
    processes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    steps: { type: 'string' },
    json: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
  },
})
const [from, seeds, every, processes] = [values.from, values.seeds, values.every, values.processes].map(
  Number,
)

const course = values.long ? long : short

if (values.seed !== undefined) await showOne(Number(values.seed), values.steps?.split(',').map(Number))
else {
  const result =
    (processes ?? 1) > 1
      ? await playInProcesses({
          from: from ?? 1,
          seeds: seeds ?? 0,
          processes: processes ?? 1,
          stop: !values.all,
          long: values.long,
        })
      : await playHere()
  if (values.json) console.log(JSON.stringify(result))
  else await show(result)
  process.exitCode = result.broken.length > 0 ? 1 : 0
}

async function playHere(): Promise<Played> {
  const started = performance.now()
  const hits = new Map<string, number>()
  const broken: Played['broken'] = []
  let count = 0
  for (; count < (seeds ?? 0); count++) {
    const run = await simulate((from ?? 1) + count * (every ?? 1), undefined, course)
    addUp(hits, run.hits)
    const [first] = run.violations
    if (!first) continue
    broken.push({ seed: run.seed, ...first })
    if (!values.all) break
  }
  const played = broken.length > 0 && !values.all ? count + 1 : count
  return { played, seconds: (performance.now() - started) / 1000, broken, hits: Object.fromEntries(hits) }
}

async function show({ played, seconds, broken, hits }: Played): Promise<void> {
  const sum = new Map(Object.entries(hits))
  console.log(table(sum))
  const never = missing(sum)
  if (never.length > 0) console.log(`Never: ${never.join(', ')}`)
  for (const { seed, promise, what } of broken) console.log(`seed ${seed} breaks ${promise}: ${what}`)
  const [first] = broken
  if (first) console.log(await smallest(first.seed))
  console.log(`${played} seeds in ${seconds.toFixed(1)} s, ${(played / seconds).toFixed(1)} a second`)
}

/** The log of a broken seed without the steps that it does not need. */
async function smallest(seed: number): Promise<string> {
  const { run, needed } = await shrink(await simulate(seed, undefined, course), course)
  const lines = run.violations.map(({ promise, what }) => `breaks ${promise}: ${what}`)
  return [
    `smallest:${values.long ? ' --long' : ''} --seed ${seed} --steps ${needed.join(',')}`,
    ...run.log,
    ...lines,
  ].join('\n')
}

async function showOne(seed: number, needed?: number[]): Promise<void> {
  const run = await simulate(seed, needed && except(needed), course)
  console.log(run.log.join('\n'))
  for (const { promise, what } of run.violations) console.log(`seed ${seed} breaks ${promise}: ${what}`)
  process.exitCode = run.violations.length > 0 ? 1 : 0
}
