import { parseArgs } from 'node:util'
import { lanes } from './lanes.ts'
import { play } from './play.ts'

/** Sends hostile bytes by hand: `node test/fuzz/run.ts --seed 7 --times 10 --lane sockets`. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    times: { type: 'string', default: '1' },
    lane: { type: 'string' },
  },
})
let failed = false
for (const lane of lanes) {
  if (values.lane && values.lane !== lane.name) continue
  const started = performance.now()
  const tally = await play(lane, Number(values.seed), Math.ceil(lane.inputs * Number(values.times)))
  const seconds = (performance.now() - started) / 1000
  const megabytes = tally.heap.map((bytes) => (bytes / 1e6).toFixed(1)).join(' to ')
  console.log(`${lane.name}: ${tally.inputs} inputs in ${seconds.toFixed(1)} s, heap ${megabytes} MB`)
  console.log(tally.answers)
  for (const { ms, text } of tally.slowest) console.log(`  ${ms.toFixed(1)} ms ${text.slice(0, 120)}`)
  for (const fault of tally.faults) console.log(fault)
  failed ||= tally.faults.length > 0
}
process.exitCode = failed ? 1 : 0
