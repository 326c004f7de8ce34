import { Looked, type Touched } from './looked.ts'
import type { Tx } from './store.ts'

/** Opens one read transaction for all of `body`; each query in it reads through a `Tx` of its own. */
type Read = (body: (txOf: (looked: Looked) => Tx) => Promise<void>) => Promise<void>

interface Follower {
  ask(tx: Tx): Promise<unknown>
  next(result: unknown): void
  looked: Looked
  isRunning: boolean
  /** Writes that came during a run: whether they were seen by it is not known before it ends. */
  meanwhile: Touched[]
}

/**
 * Queries that are asked again after writes that touch what they looked at. Those that one write calls for are asked
 * together, in one transaction, and answer together.
 *
 * Dexie's own `liveQuery` follows reads through zones that it keeps alive over `await` by patching promises. Where
 * a zone is lost, the read succeeds and is not followed: a screen that goes stale without an error [M: in Chromium
 * 156, behind two levels of async functions]. Here each read is written down where it is made, and each write as
 * well, so nothing depends on who awaits what.
 */
export class LiveQueries {
  readonly #read: Read
  readonly #followers = new Set<Follower>()
  readonly #due = new Set<Follower>()
  #isAsked = false
  /** Told of a query that failed: what it read is damaged, and no write will set it right. */
  failed: (fault: unknown) => void = () => undefined

  constructor(read: Read) {
    this.#read = read
  }

  /** Says what a committed write touched, here or in another page. */
  wrote(touched: Touched): void {
    for (const follower of this.#followers)
      if (follower.isRunning) follower.meanwhile.push(touched)
      else if (follower.looked.isTouchedBy(touched)) this.#due.add(follower)
    this.#askSoon()
  }

  /** Runs `ask` now, and again after each write that touches what it looked at; one run at a time. */
  follow<Result>(ask: (tx: Tx) => Promise<Result>, next: (result: Result) => void): () => void {
    const follower: Follower = {
      ask,
      // It is handed what its own `ask` answered.
      next: (result) => next(result as Result),
      looked: new Looked(),
      isRunning: false,
      meanwhile: [],
    }
    this.#followers.add(follower)
    this.#due.add(follower)
    this.#askSoon()
    return () => this.#followers.delete(follower)
  }

  clear(): void {
    this.#followers.clear()
    this.#due.clear()
  }

  /** What is called for by the same press is called for before its promises are worked off. */
  #askSoon(): void {
    if (this.#isAsked || this.#due.size === 0) return
    this.#isAsked = true
    queueMicrotask(() => {
      this.#isAsked = false
      void this.#askAll()
    })
  }

  async #askAll(): Promise<void> {
    const asked = [...this.#due].filter((follower) => this.#followers.has(follower))
    this.#due.clear()
    if (asked.length === 0) return
    for (const follower of asked) {
      follower.isRunning = true
      follower.meanwhile = []
      follower.looked = new Looked()
    }
    const outcomes = new Map<Follower, () => void>()
    try {
      await this.#read(async (txOf) => {
        await Promise.all(
          asked.map(async (follower) => {
            outcomes.set(follower, await this.#answer(follower, txOf(follower.looked)))
          }),
        )
      })
    } catch (fault) {
      // The transaction itself came to nothing, whatever was answered in it.
      for (const follower of asked) outcomes.set(follower, () => this.#fail(fault))
    }
    for (const follower of asked) this.#ended(follower)
    // Told outside of the transaction: what an answer leads to may write.
    for (const [follower, tell] of outcomes) if (this.#followers.has(follower)) this.#tell(tell)
    this.#askSoon()
  }

  async #answer(follower: Follower, tx: Tx): Promise<() => void> {
    try {
      const result = await follower.ask(tx)
      return () => follower.next(result)
    } catch (fault) {
      return () => this.#fail(fault)
    }
  }

  #ended(follower: Follower): void {
    follower.isRunning = false
    if (follower.meanwhile.some((touched) => follower.looked.isTouchedBy(touched))) this.#due.add(follower)
  }

  /** A part of the screen that fails takes no other's answer away. */
  #tell(tell: () => void): void {
    try {
      tell()
    } catch (fault) {
      this.#fail(fault)
    }
  }

  #fail(fault: unknown): void {
    console.error('A query of the replica failed.', fault)
    this.failed(fault)
  }
}
