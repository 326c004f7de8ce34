import { beforeAll, expect, it } from 'vitest'
import { lanes } from './lanes.ts'
import { patience, play } from './play.ts'
import type { Lane, Tally } from './watch.ts'

/** `PARLEY_SEED=<seed>` repeats a run; more of them, or one lane: `npm run test:fuzz -- --times 20 --lane sockets`. */
const seed = Number(process.env.PARLEY_SEED ?? 1)
/** Megabytes of heap that a lane may hold at its end beyond what it held when a tenth of it was done. */
const growth = 24

const tallies = new Map<Lane, Tally>()

beforeAll(async () => {
  await Promise.all(lanes.map(async (lane) => tallies.set(lane, await play(lane, seed, lane.inputs))))
  const all = [...tallies].flatMap(([{ name }, { slowest }]) => slowest.map((slow) => ({ name, ...slow })))
  const slowest = all.toSorted((left, right) => right.ms - left.ms).slice(0, 10)
  console.log(`seed ${seed}, ${inputs()} inputs; the slowest:`)
  for (const { name, ms, text } of slowest) console.log(`${ms.toFixed(1)} ms ${name} ${text.slice(0, 160)}`)
}, 600_000)

const inputs = () => [...tallies.values()].reduce((sum, tally) => sum + tally.inputs, 0)

it('[E30] [fault Y1] at least 50,000 hostile inputs: nothing is thrown past the border and what is refused changes nothing', () => {
  expect(inputs()).toBeGreaterThanOrEqual(50_000)
  expect(
    [...tallies].flatMap(([{ name }, { faults }]) => faults.map((fault) => `${name}: ${fault}`)),
  ).toEqual([])
})

it('no input takes long, and none leaves memory behind', () => {
  for (const { slowest, heap } of tallies.values()) {
    // One that hangs has ended the run before this.
    expect(slowest[0]?.ms).toBeLessThan(patience)
    expect((heap[1] - heap[0]) / 1e6).toBeLessThan(growth)
  }
})

it('every answer of the border was given', () => {
  for (const [{ name, expected }, { answers }] of tallies)
    expect(
      expected.filter((answer) => !answers[answer]),
      `${name} ${JSON.stringify(answers)}`,
    ).toEqual([])
})
