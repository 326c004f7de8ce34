import { parentPort, workerData } from 'node:worker_threads'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { lanes } from './lanes.ts'
import { Report, type Tally } from './watch.ts'
import { Signals } from './signals.ts'

/** The thread that hears the hostile bytes: it may hang or run out of memory, and its watchdog lives. */
const {
  lane: name,
  seed,
  count,
  shared,
} = workerData as {
  lane: string
  seed: number
  count: number
  shared: SharedArrayBuffer
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const heap = () => {
  collect()
  return process.memoryUsage().heapUsed
}

const lane = lanes.find((lane) => lane.name === name)
if (!lane) throw new Error(`There is no lane ${name}.`)
let early = 0
const report = new Report(
  new Signals(shared),
  count,
  () => performance.now(),
  () => (early = heap()),
)
await lane.play(seed, count, report)
const { inputs, answers, faults, slowest } = report
parentPort?.postMessage({ inputs, answers, faults, slowest, heap: [early, heap()] } satisfies Tally)
