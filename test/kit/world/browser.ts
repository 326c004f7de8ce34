import type { AccountId, AgentId } from '#shared/base/ids.ts'
import { MemoryStore } from '#client/db/memory-store.ts'
import { allTables, type Store, type Tx, type WriteTx } from '#client/db/store.ts'
import type { Locks, Mirror } from '#client/sync/device.ts'
import type { Random } from '#test/kit/random.ts'
import type { Page } from './page.ts'

/** One browser of one agent: what its pages share. */
export interface Browser {
  name: string
  account: AccountId
  agent: AgentId
  /** Whose session the browser holds: another person's, while its pages stay the first one's [E12]. */
  signedIn: AgentId
  /** Where `kind` is "memory" the work of a page is its own and goes with it [E16]. */
  store: Store
  locks: BrowserLocks
  mirror: Mirror
  pages: Set<Page>
  /** What its clock is wrong by. */
  skew: number
  online: boolean
  /** Since when, in the world's time, it is wrong by that. */
  skewChanged: number
  /** It runs the build before: its pages speak version 1 of the wire [E17]. */
  old: boolean
  /** Nothing comes through, and nobody is told. */
  held: boolean
  /** A thread of its replica went wrong: it is whole again once somebody has opened it [fault C5]. */
  damaged: boolean
  /** Texts that were pressed here and not seen confirmed yet, by their command, with whom they are for [P5]. */
  texts: Map<string, string>
}

/** A replica that outlives its pages: memory that says it is a database, so that pages take turns on it. */
export class SharedStore implements Store {
  readonly kind = 'dexie'
  readonly inner = new MemoryStore()
  /** Writes until one is not taken, as by a full disk; null for never [fault C4]. */
  failIn: number | null = null
  /** Nothing more fits: every write fails until there is room again [fault C4]. */
  full = false
  /** A write was not taken: what is typed in its pages waits for the next key there. */
  hasFailed = false

  read<Result>(body: (tx: Tx) => Promise<Result>): Promise<Result> {
    return this.inner.read(body)
  }

  write<Result>(body: (tx: WriteTx) => Promise<Result>): Promise<Result> {
    return this.inner.write(async (tx) => {
      const result = await body(tx)
      if (this.full) this.hasFailed = true
      if (this.full) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
      if (this.failIn === null || this.failIn-- > 0) return result
      this.failIn = null
      this.hasFailed = true
      throw new Error('The database did not take a write.')
    })
  }

  /** All of it in another database, with a byte of a thread's document gone wrong [fault C5]. */
  async damaged(random: Random): Promise<SharedStore> {
    const copy = new SharedStore()
    const threads = await this.inner.read((tx) => tx.all('threads'))
    const hurt = threads.length > 0 ? random.pick(threads).id : null
    await this.inner.read((from) =>
      copy.inner.write(async (to) => {
        for (const table of allTables) await to.put(table, await from.all(table))
        for (const record of threads)
          if (record.id === hurt)
            await to.put('threads', [
              { ...record, updates: record.updates.map((bytes) => spoilt(bytes, random)) },
            ])
      }),
    )
    return copy
  }

  /** Shared by several pages, none of which is the one to tell. */
  watch(): void {}

  live<Result>(query: (tx: Tx) => Promise<Result>, next: (result: Result) => void): () => void {
    return this.inner.live(query, next)
  }

  close(): void {}

  destroy(): Promise<void> {
    return this.inner.destroy()
  }
}

function spoilt(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice()
  const at = random.int(copy.length)
  copy[at] = (copy[at] ?? 0) ^ 0xff
  return copy
}

interface Holder {
  page: Page
  reject(reason: unknown): void
}

/** Web Locks of one browser: first come first served, `steal`, and a page that is gone holds nothing. */
export class BrowserLocks {
  #holder: Holder | null = null
  #queue: { page: Page; take(): void }[] = []

  of(page: Page): Locks {
    return {
      request: (_name, { signal, steal }, hold) =>
        new Promise((resolve, reject) => {
          const take = () => {
            const mine: Holder = { page, reject }
            this.#holder = mine
            const done = () => {
              if (this.#holder === mine) this.#holder = null
              this.#next()
            }
            // A page that sleeps holds what it is given, and does nothing with it.
            page.wake(() => {
              hold().then(
                () => (done(), resolve()),
                (fault: unknown) => (done(), reject(fault)),
              )
            })
          }
          if (steal) {
            const robbed = this.#holder
            robbed?.page.wake(() => robbed.reject(new Error('stolen')))
            take()
            return
          }
          const waiting = { page, take }
          this.#queue.push(waiting)
          signal?.addEventListener('abort', () => {
            const before = this.#queue.length
            this.#queue = this.#queue.filter((other) => other !== waiting)
            if (this.#queue.length < before) reject(new Error('aborted'))
          })
          this.#next()
        }),
    }
  }

  gone(page: Page): void {
    this.#queue = this.#queue.filter((waiting) => waiting.page !== page)
    if (this.#holder?.page === page) this.#holder = null
    this.#next()
  }

  #next(): void {
    if (!this.#holder) this.#queue.shift()?.take()
  }
}

export function memoryMirror(): Mirror {
  const kept = new Map<string, string>()
  return {
    get: (key) => kept.get(key) ?? null,
    set: (key, value) => void kept.set(key, value),
    remove: (key) => void kept.delete(key),
    keys: () => [...kept.keys()],
  }
}
