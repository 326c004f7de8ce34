import type { Touched } from './looked.ts'
import type { Records, StoreTable } from './records.ts'

/** So many numbers are kept at most: one for each bubble of the sidebar, and some to spare. */
const keptAtMost = 100
/** Where more records than this were written, as by a page of a copy, counting anew is quicker. */
const touchedAtMost = 50

/** Records of a table that stand under one key of an index. */
export interface Under<Name extends StoreTable> {
  table: Name
  index: string
  equals: string | number
}

/** How the database is asked, within one transaction. */
export interface Counting<Name extends StoreTable> {
  count(): PromiseLike<number>
  /** Primary keys of the records under the key. */
  keys(): PromiseLike<string[]>
  records(keys: readonly string[]): PromiseLike<(Records[Name] | undefined)[]>
}

interface Kept {
  table: StoreTable
  /** Null until it is asked for again after a small write. */
  keys: Set<string> | null
  /** Written since: whether they still stand there is not known. Null where they are many. */
  touched: Set<string> | null
}

/**
 * Numbers of records that are asked for again and again. IndexedDB counts by walking the index, which takes 10 ms for
 * ten thousand unread conversations, and a screen has six such numbers and more [M]. So who is counted is kept, and
 * after a write only those are looked at that it touched.
 */
export class Tallies {
  readonly #kept = new Map<string, Kept>()

  clear(): void {
    this.#kept.clear()
  }

  /** Takes note of a write. */
  wrote(touched: Touched): void {
    for (const kept of this.#kept.values()) {
      for (const key of touched[kept.table] ?? []) kept.touched?.add(key)
      if ((kept.touched?.size ?? 0) > touchedAtMost) kept.touched = null
    }
  }

  /** The transaction must be of the moment up to which writes were noted. */
  async count<Name extends StoreTable>(under: Under<Name>, ask: Counting<Name>): Promise<number> {
    const name = JSON.stringify(under)
    const kept = this.#kept.get(name)
    if (!kept?.touched) {
      const count = await ask.count()
      this.#keep(name, { table: under.table, keys: null, touched: new Set() })
      return count
    }
    if (kept.keys === null) {
      const keys = new Set(await ask.keys())
      this.#keep(name, { table: under.table, keys, touched: new Set() })
      return keys.size
    }
    const touched = [...kept.touched]
    const records = touched.length === 0 ? [] : await ask.records(touched)
    for (const [index, key] of touched.entries()) {
      if (stands(records[index], under)) kept.keys.add(key)
      else kept.keys.delete(key)
      kept.touched.delete(key)
    }
    return kept.keys.size
  }

  #keep(name: string, kept: Kept): void {
    if (this.#kept.size >= keptAtMost) this.#kept.clear()
    this.#kept.set(name, kept)
  }
}

function stands(record: object | undefined, { index, equals }: Under<StoreTable>): boolean {
  return record !== undefined && (record as Record<string, unknown>)[index] === equals
}
