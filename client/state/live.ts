import { createComputed, createSignal, onCleanup, type Accessor } from 'solid-js'
import type { Store, Tx } from '#client/db/store.ts'

/**
 * The newest answer of a query over the replica, asked again after each write that touches what it read. A
 * query of null answers undefined; a new query keeps the old answer until its own comes.
 *
 * It does not read two things consistently with two calls: what belongs together is one query [E4].
 */
export function createLive<Result>(
  store: Store,
  query: Accessor<((tx: Tx) => Promise<Result>) | null>,
): Accessor<Result | undefined> {
  const [answer, setAnswer] = createSignal<Result | undefined>(undefined, { equals: false })
  createComputed(() => {
    const ask = query()
    if (ask === null) {
      setAnswer(undefined)
      return
    }
    onCleanup(store.live(ask, (result) => setAnswer(() => result)))
  })
  return answer
}

/**
 * `next` with every element that says the same as before replaced by the very object from before, so that what is
 * drawn by reference is drawn anew only where something changed.
 */
export function keepSame<Element>(
  before: Element[],
  next: readonly Element[],
  idOf: (element: Element) => string,
): Element[] {
  const known = new Map(before.map((element) => [idOf(element), element]))
  const kept = next.map((element) => {
    const old = known.get(idOf(element))
    return old !== undefined && isSame(old, element) ? old : element
  })
  return kept.length === before.length && kept.every((element, index) => element === before[index])
    ? before
    : kept
}

/** Whether two plain values say the same. They are rows and entries: no cycles, keys in the order of their schema. */
export function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (!isRecord(left) || !isRecord(right)) return JSON.stringify(left) === JSON.stringify(right)
  // What was not written to is most often the very object from before, which need not be looked into.
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => left[key] === right[key] || JSON.stringify(left[key]) === JSON.stringify(right[key]))
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
