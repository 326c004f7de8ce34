import type { StoreTable } from './records.ts'
import type { Range } from './store.ts'

/** Which records a write touched, by table. It travels between pages, so it is plain. */
export type Touched = Partial<Record<StoreTable, string[]>>

/** What a query looked at: single records, those whose key begins alike, or a table as a whole. */
export class Looked {
  readonly #keys = new Map<StoreTable, Set<string>>()
  readonly #beginnings = new Map<StoreTable, Set<string>>()
  readonly #whole = new Set<StoreTable>()
  readonly #others = new Set<Looked>()

  at(table: StoreTable, keys: readonly string[]): void {
    const known = this.#keys.get(table) ?? new Set()
    for (const key of keys) known.add(key)
    this.#keys.set(table, known)
  }

  /** Every record whose key begins with this, also one that is still to come. */
  under(table: StoreTable, beginning: string): void {
    const known = this.#beginnings.get(table) ?? new Set()
    this.#beginnings.set(table, known.add(beginning))
  }

  over(table: StoreTable): void {
    this.#whole.add(table)
  }

  /** A range of an index: no more of the table than the range can ever hold, where the keys tell. */
  range(table: StoreTable, index: string, { from, to }: Range): void {
    // The key of a small record begins with its table.
    if (table === 'small' && index === 'table' && typeof from === 'string' && from === to)
      this.under(table, `${from}/`)
    else this.over(table)
  }

  /** What another one looked at and still looks at counts here as well. */
  also(other: Looked): void {
    this.#others.add(other)
  }

  /** Whether a write may have changed what was seen. */
  isTouchedBy(touched: Touched): boolean {
    for (const table of Object.keys(touched) as StoreTable[]) {
      const keys = touched[table]
      if (!keys || keys.length === 0) continue
      if (this.#whole.has(table)) return true
      const looked = this.#keys.get(table)
      if (looked && keys.some((key) => looked.has(key))) return true
      for (const beginning of this.#beginnings.get(table) ?? [])
        if (keys.some((key) => key.startsWith(beginning))) return true
    }
    for (const other of this.#others) if (other.isTouchedBy(touched)) return true
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

  get isEmpty(): boolean {
    return this.#keys.size === 0
  }

  sum(): Touched {
    return Object.fromEntries([...this.#keys].map(([table, keys]) => [table, [...keys]]))
  }
}
