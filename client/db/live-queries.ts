import type { StoreTable } from './records.ts'

/** Which records a write touched, by table. It travels between pages, so it is plain. */
export type Touched = Partial<Record<StoreTable, string[]>>

/** What a query looked at: single records, or a table as a whole where it read a range of it. */
export class Looked {
  readonly #keys = new Map<StoreTable, Set<string>>()
  readonly #whole = new Set<StoreTable>()

  at(table: StoreTable, keys: readonly string[]): void {
    const known = this.#keys.get(table) ?? new Set()
    for (const key of keys) known.add(key)
    this.#keys.set(table, known)
  }

  over(table: StoreTable): void {
    this.#whole.add(table)
  }

  /** Whether a write may have changed what was seen. */
  isTouchedBy(touched: Touched): boolean {
    for (const table of Object.keys(touched) as StoreTable[]) {
      const keys = touched[table]
      if (!keys || keys.length === 0) continue
      if (this.#whole.has(table)) return true
      const looked = this.#keys.get(table)
      if (looked && keys.some((key) => looked.has(key))) return true
    }
    return false
  }
}

/** Adds up what one transaction wrote. */
export class Touches {
  readonly #keys = new Map<StoreTable, Set<string>>()

  add(table: StoreTable, keys: readonly string[]): void {
    const known = this.#keys.get(table) ?? new Set()
    for (const key of keys) known.add(key)
    this.#keys.set(table, known)
  }

  sum(): Touched {
    return Object.fromEntries([...this.#keys].map(([table, keys]) => [table, [...keys]]))
  }
}

/**
 * Queries that are asked again after writes that touch what they looked at.
 *
 * Dexie's own `liveQuery` follows reads through zones that it keeps alive over `await` by patching promises. Where
 * a zone is lost, the read succeeds and is not followed: a screen that goes stale without an error [M: in Chromium
 * 156, behind two levels of async functions]. Here each read is written down where it is made, and each write as
 * well, so nothing depends on who awaits what.
 */
export class LiveQueries {
  readonly #listeners = new Set<(touched: Touched) => void>()
  /** Told of a query that failed: what it read is damaged, and no write will set it right. */
  failed: (fault: unknown) => void = () => undefined

  /** Says what a committed write touched, here or in another page. */
  wrote(touched: Touched): void {
    for (const listener of this.#listeners) listener(touched)
  }

  /** Runs `ask` now, and again after each write that touches what it looked at; one run at a time. */
  follow<Result>(ask: (looked: Looked) => Promise<Result>, next: (result: Result) => void): () => void {
    let running = false
    let looked = new Looked()
    // Writes that came during a run: whether they were seen by it is not known before it ends.
    let meanwhile: Touched[] = []
    const run = async () => {
      running = true
      do {
        meanwhile = []
        looked = new Looked()
        try {
          const result = await ask(looked)
          if (this.#listeners.has(listener)) next(result)
        } catch (fault) {
          if (this.#listeners.has(listener)) {
            console.error('A query of the replica failed.', fault)
            this.failed(fault)
          }
        }
      } while (this.#listeners.has(listener) && meanwhile.some((touched) => looked.isTouchedBy(touched)))
      running = false
    }
    const listener = (touched: Touched) => {
      if (running) meanwhile.push(touched)
      else if (looked.isTouchedBy(touched)) void run()
    }
    this.#listeners.add(listener)
    void run()
    return () => this.#listeners.delete(listener)
  }

  clear(): void {
    this.#listeners.clear()
  }
}
