import { limits } from '#shared/wire/limits.ts'
import type { Account } from './account.ts'
import { round } from './figures.ts'
import { InProcess } from './in-process.ts'
import { measureWrites } from './writes.ts'

/**
 * Heap and disk of one account, and a commit's time by step. Run by itself with `--expose-gc`, and prints one line
 * of JSON: `node --expose-gc test/bench/heap.ts <commits>`.
 */
/** So few that their threads stay decoded, and each is shortened again and again. */
const customers = 200
const commits = Number(process.argv[2] ?? 20_000)
const here = new InProcess()
const empty = heap()
here.crowd(10_000)
const conversations = heap() - empty
here.join(500)
const sockets = heap() - empty
const rowsBefore = here.sum(`SELECT sum(length(body)) AS bytes FROM rows`)
const phases = measurePhases(2_000)
for (let index = 0; index < commits; index++) {
  here.text(customers)
  if (index % limits.arrivalsPerSecond === 0) await here.passSecond()
}
const after = heap() - empty
const found: Account = {
  conversations: megabytes(conversations),
  sockets: megabytes(sockets),
  after: megabytes(after),
  commits,
  rows: here.sum(`SELECT sum(length(body)) AS bytes FROM rows`) - rowsBefore,
  documents:
    here.sum(`SELECT sum(length(bytes)) AS bytes FROM updates`) +
    here.sum(`SELECT sum(length(bytes)) AS bytes FROM snapshots`),
  phases,
  writes: await measureWrites(),
}
console.log(JSON.stringify(found))

/** Medians between the named points of a commit: what stands before the first point is gathering and dedupe. */
function measurePhases(times: number): Record<string, number> {
  const taken = new Map<string, number[]>()
  let last = 0
  here.reached = (point) => {
    const now = performance.now()
    taken.set(point, [...(taken.get(point) ?? []), (now - last) * 1000])
    last = now
  }
  for (let index = 0; index < times; index++) {
    last = performance.now()
    here.text(300)
  }
  here.reached = null
  return Object.fromEntries([...taken].map(([point, samples]) => [point, median(samples)]))
}

function median(samples: number[]): number {
  return round(samples.toSorted((left, right) => left - right)[Math.floor(samples.length / 2)] ?? Number.NaN)
}

function heap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

function megabytes(bytes: number): number {
  return round(bytes / 1024 / 1024)
}
