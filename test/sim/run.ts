import { parseArgs } from 'node:util'
import { addUp, missing, table } from './coverage.ts'
import { simulate } from './simulate.ts'

/**
 * Plays seeds: `npm run test:world -- --seeds 1000 --from 1`, one of them with its log by `--seed 17`. Ends with 1
 * where a promise was broken. `--json` prints one line of JSON for scripts.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
  },
})
const from = Number(values.seed ?? values.from)
const count = values.seed ? 1 : Number(values.seeds)
const started = performance.now()
const hits = new Map<string, number>()
const broken: { seed: number; promise: string; what: string }[] = []
let played = 0
for (let seed = from; seed < from + count; seed++) {
  const run = await simulate(seed)
  played++
  addUp(hits, run.hits)
  if (values.seed) console.log(run.log.join('\n'))
  const [first] = run.violations
  if (!first) continue
  broken.push({ seed, ...first })
  if (!values.json)
    for (const { promise, what } of run.violations) console.log(`seed ${seed} breaks ${promise}: ${what}`)
  if (!values.all) break
}
const seconds = (performance.now() - started) / 1000
if (values.json) console.log(JSON.stringify({ played, seconds, broken }))
else {
  console.log(table(hits))
  const never = missing(hits)
  if (never.length > 0) console.log(`Never: ${never.join(', ')}`)
  console.log(`${played} seeds in ${seconds.toFixed(1)} s, ${(played / seconds).toFixed(1)} a second`)
}
process.exitCode = broken.length > 0 ? 1 : 0
