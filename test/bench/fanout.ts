import { percentile, round, type Figure } from './figures.ts'
import { startRuntime, type Machines } from './machines.ts'
import { floorStage, hocuspocusStage, leave, parleyStage, partyStage, type Stage } from './stages.ts'

/** What one system did at one number of sockets. Times in milliseconds, rates in logical updates a second. */
export interface Measured {
  burst: number
  p50: number
  p95: number
  p99: number
}
export type FanOut = Record<number, Record<string, Measured>>

/** Texts of a burst, all at once, and of a paced run, at twenty a second. */
const burst = 500
/** Bursts of which the middle one counts. */
const bursts = 3
const paced = 100
const interval = 50
/**
 * One text to many sockets, by four systems on the same work: the same bytes, heard by every socket. Paced, each is
 * a request over HTTP; in a burst the Worker is asked once and has so many webhooks handled at once, each by itself: the
 * local runtime's HTTP front takes a fifth of them a second and would be all that is measured. A logical update is
 * one text at one socket. Parley and the floor answer when the text is durable;
 * y-partyserver and Hocuspocus store seconds later.
 */
export async function fanOut(machines: Machines, sizes: readonly number[]): Promise<FanOut> {
  const parley = parleyStage(machines)
  const bytes = await bytesOfOne(parley)
  const party = await startRuntime('rivals/partyserver.worker.ts', 'Rival', 'RIVAL')
  const hocuspocus = await hocuspocusStage(bytes)
  const stages = [parley, floorStage(machines, bytes), partyStage(party.port, bytes), hocuspocus.stage]
  const found: FanOut = {}
  try {
    for (const size of sizes) {
      const row: Record<string, Measured> = {}
      for (const stage of stages) {
        console.error(`  ${size} sockets on ${stage.name}`)
        row[stage.name] = await measure(stage, size)
      }
      found[size] = row
    }
  } finally {
    hocuspocus.stop()
    party.stop()
  }
  return found
}

/** The figures that have a goal, as the other figures are written. */
export function fanOutFigures(found: FanOut): Record<string, Figure> {
  const figures: Record<string, Figure> = {}
  for (const [size, row] of Object.entries(found)) {
    const { Parley: ours, floor } = row
    if (!ours || !floor) continue
    figures[`fan-out to ${size} sockets, burst`] = {
      value: ours.burst,
      unit: 'updates/s',
      floor: floor.burst,
      ratio: round(ours.burst / floor.burst),
      samples: burst,
      p50: ours.burst,
      p95: ours.burst,
    }
    figures[`fan-out to ${size} sockets, 20 texts/s`] = {
      value: ours.p50,
      unit: 'ms',
      floor: floor.p50,
      ratio: round(ours.p50 / floor.p50),
      samples: paced * Number(size),
      p50: ours.p50,
      p95: ours.p95,
    }
  }
  return figures
}

/** All four side by side, as a table. */
export function fanOutTable(found: FanOut): string {
  const lines = Object.entries(found).flatMap(([size, row]) =>
    Object.entries(row).map(
      ([name, { burst, p50, p95, p99 }]) =>
        `| ${size} | ${name} | ${Math.round(burst).toLocaleString('en-US')} | ${p50} / ${p95} / ${p99} |`,
    ),
  )
  return [
    '| sockets | system | burst, updates/s | paced p50 / p95 / p99, ms |',
    '| --- | --- | --- | --- |',
    ...lines,
  ].join('\n')
}

async function measure(stage: Stage, size: number): Promise<Measured> {
  const listeners = await stage.join(size)
  await warmUp(stage, listeners)
  const times = await pacedRun(stage, listeners)
  const rates: number[] = []
  for (let round = 0; round < bursts; round++) {
    await stage.rest()
    rates.push(await burstRun(stage, listeners))
  }
  await leave(listeners)
  return {
    burst: percentile(rates, 0.5),
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    p99: percentile(times, 0.99),
  }
}

/** Warms every path up, and waits until the last socket hears. */
async function warmUp(stage: Stage, listeners: Awaited<ReturnType<Stage['join']>>): Promise<void> {
  const mark = markOf()
  const heard = listeners.map((listener) => listener.expect(mark, 5))
  for (let index = 0; index < 5; index++) await stage.post(mark, index)
  await Promise.all(heard)
}

async function pacedRun(stage: Stage, listeners: Awaited<ReturnType<Stage['join']>>): Promise<number[]> {
  const mark = markOf()
  const heard = listeners.map((listener) => listener.expect(mark, paced))
  const posted: number[] = []
  const answers: Promise<void>[] = []
  const began = performance.now()
  for (let index = 0; index < paced; index++) {
    const wait = began + index * interval - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    posted.push(performance.now())
    answers.push(stage.post(mark, index))
  }
  await Promise.all([...answers, ...heard])
  return listeners.flatMap(({ at }) => posted.map((from, index) => (at[index] ?? Infinity) - from))
}

async function burstRun(stage: Stage, listeners: Awaited<ReturnType<Stage['join']>>): Promise<number> {
  const mark = markOf()
  const heard = listeners.map((listener) => listener.expect(mark, burst))
  const began = performance.now()
  await Promise.all([stage.burst(mark, burst), ...heard])
  return round((burst * listeners.length) / ((performance.now() - began) / 1000))
}

/** How many bytes Parley sends a socket for one text: what the others are given to send. */
async function bytesOfOne(parley: Stage): Promise<number> {
  const [listener] = await parley.join(1)
  if (!listener) throw new Error('No socket.')
  await warmUp(parley, [listener])
  const mark = markOf()
  const heard = listener.expect(mark, 1)
  await parley.post(mark, 0)
  await heard
  await leave([listener])
  return listener.bytes
}

let marks = 0
function markOf(): string {
  return `mark-${++marks}-`
}
