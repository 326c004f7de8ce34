import { makeIds, type Ids } from '#shared/base/ids.ts'

/** Randomness that can be repeated: the same seed, the same run. */
export interface Random {
  readonly seed: number
  /** From 0 up to, not including, 1. */
  next(): number
  /** A whole number from 0 up to, not including, `below`. */
  int(below: number): number
  pick<Item>(items: readonly Item[]): Item
  bytes(count: number): Uint8Array
  shuffle<Item>(items: readonly Item[]): Item[]
}

/** Mulberry32: 32 bits of state, good enough to choose what a test does next. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (below: number) => Math.floor(next() * below)
  return {
    seed,
    next,
    int,
    pick: (items) => {
      if (items.length === 0) throw new Error('There is nothing to pick from.')
      return items[int(items.length)] as (typeof items)[number]
    },
    bytes: (count) => Uint8Array.from({ length: count }, () => int(256)),
    shuffle: (items) => {
      const left = [...items]
      return items.map(() => left.splice(int(left.length), 1)[0] as (typeof items)[number])
    },
  }
}

/** Ids from a seed, so that a failing run shows the same ids again. */
export function seededIds(seed = 1): Ids {
  const random = makeRandom(seed)
  return makeIds(() => random.bytes(16))
}

/** Every order of a few items, repeated ones included once. */
export function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item, index) =>
    items.indexOf(item) < index ? [] : permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  )
}

/**
 * What fast-check runs with. It prints the seed of a failure; `PARLEY_SEED=<seed>` repeats that run, and a seed
 * that found something is kept as an example in its test.
 */
export const runs = {
  numRuns: 300,
  ...(process.env.PARLEY_SEED ? { seed: Number(process.env.PARLEY_SEED) } : {}),
}
