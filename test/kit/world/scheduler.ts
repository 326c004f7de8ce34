/** Virtual time: nothing happens but what was asked to happen, in the order of its time and then of its asking. */
export class Scheduler {
  #now: number
  #count = 0
  readonly #heap: Due[] = []
  /** Called after every event, when everything that it caused has come to rest. */
  onRest: (() => void) | null = null

  constructor(start: number) {
    this.#now = start
  }

  get now(): number {
    return this.#now
  }

  /** Events so far. */
  get count(): number {
    return this.#count
  }

  /** Calls back once after `ms` of virtual time. The answer cancels it. */
  after(ms: number, call: () => void): () => void {
    const due: Due = { at: this.#now + Math.max(0, ms), order: this.#count++, call }
    push(this.#heap, due)
    return () => {
      due.call = null
    }
  }

  /** Lets time pass and does what falls due in it, each to its end before the next. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms
    for (let due = this.#heap[0]; due && due.at <= end; due = this.#heap[0]) {
      pop(this.#heap)
      if (due.call === null) continue
      this.#now = Math.max(this.#now, due.at)
      due.call()
      await settled()
      this.onRest?.()
    }
    this.#now = end
  }
}

/**
 * Lets everything that promises carry on come to its end: the loop's immediate phase begins only when the queue
 * of microtasks is empty, however long their chains are. Nothing in the world waits for anything real.
 */
export function rest(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** The same without a turn of the loop, after which alone a promise counts as one that nobody took care of. */
function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve))
}

interface Due {
  at: number
  order: number
  call: (() => void) | null
}

function before(left: Due, right: Due): boolean {
  return left.at < right.at || (left.at === right.at && left.order < right.order)
}

function push(heap: Due[], due: Due): void {
  let at = heap.length
  heap.push(due)
  while (at > 0) {
    const up = (at - 1) >> 1
    const parent = heap[up]
    if (!parent || !before(due, parent)) break
    heap[at] = parent
    heap[up] = due
    at = up
  }
}

function pop(heap: Due[]): void {
  const last = heap.pop()
  if (!last || heap.length === 0) return
  let at = 0
  for (;;) {
    const left = heap[2 * at + 1]
    const right = heap[2 * at + 2]
    const child = left && right && before(right, left) ? right : left
    if (!child || !before(child, last)) break
    heap[at] = child
    at = child === left ? 2 * at + 1 : 2 * at + 2
  }
  heap[at] = last
}
