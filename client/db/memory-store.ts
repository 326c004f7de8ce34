import { LiveQueries } from './live-queries.ts'
import { Looked, Touches } from './looked.ts'
import { Moment } from './moment.ts'
import type { Records, StoreTable } from './records.ts'
import {
  allTables,
  keysOf,
  type IndexOf,
  type Key,
  type Range,
  type Store,
  type StoreEvents,
  type Tx,
  type WriteTx,
} from './store.ts'

/**
 * The replica in memory, for a browser without a usable IndexedDB [E16]. One transaction at a time, and a
 * write that throws is taken back, which is plenty for one page.
 */
export class MemoryStore implements Store {
  readonly kind = 'memory'
  #tables = emptyTables()
  #turn: Promise<unknown> = Promise.resolve()
  readonly #queries = new LiveQueries((body) =>
    this.#inTurn(() => {
      const moment = new Moment()
      return body((looked) => new MemoryTx(this, this.#tables, looked, new Touches(), moment))
    }),
  )

  read<Result>(body: (tx: Tx) => Promise<Result>): Promise<Result> {
    return this.#inTurn(() =>
      body(new MemoryTx(this, this.#tables, new Looked(), new Touches(), new Moment())),
    )
  }

  write<Result>(body: (tx: WriteTx) => Promise<Result>): Promise<Result> {
    return this.#inTurn(async () => {
      // A table is copied when it is first written to, so that taking a write back is forgetting its copies.
      const draft = new Map(this.#tables)
      const touches = new Touches()
      const result = await body(new MemoryTx(this, draft, new Looked(), touches, null))
      this.#tables = draft
      this.#queries.wrote(touches.sum())
      return result
    })
  }

  watch(on: StoreEvents): void {
    this.#queries.failed = () => on.damaged()
  }

  live<Result>(query: (tx: Tx) => Promise<Result>, next: (result: Result) => void): () => void {
    return this.#queries.follow(query, next)
  }

  close(): void {
    this.#queries.clear()
  }

  async destroy(): Promise<void> {
    this.close()
    this.#tables = emptyTables()
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }
}

type Tables = Map<StoreTable, Map<string, unknown>>

function emptyTables(): Tables {
  return new Map(allTables.map((name) => [name, new Map()]))
}

class MemoryTx implements WriteTx {
  readonly #tables: Tables
  readonly #copied = new Set<StoreTable>()
  readonly #looked: Looked
  readonly #touches: Touches
  readonly #moment: Moment | null
  readonly owner: object

  constructor(owner: object, tables: Tables, looked: Looked, touches: Touches, moment: Moment | null) {
    this.owner = owner
    this.#moment = moment
    this.#tables = tables
    this.#looked = looked
    this.#touches = touches
  }

  // The map of a table holds records of that table only: `put` is the one way in.
  #table<Name extends StoreTable>(name: Name): Map<string, Records[Name]> {
    const table = this.#tables.get(name)
    if (!table) throw new Error(`No table ${name}.`)
    return table as Map<string, Records[Name]>
  }

  #writable<Name extends StoreTable>(name: Name): Map<string, Records[Name]> {
    if (this.#copied.has(name)) return this.#table(name)
    const copy = new Map(this.#table(name))
    this.#tables.set(name, copy)
    this.#copied.add(name)
    return copy
  }

  once<Result>(name: string, make: (tx: Tx) => Promise<Result>): Promise<Result> {
    const moment = this.#moment
    if (moment === null) return make(this)
    return moment.once(name, this.#looked, (looked) =>
      make(new MemoryTx(this.owner, this.#tables, looked, this.#touches, moment)),
    )
  }

  async get<Name extends StoreTable>(table: Name, key: string): Promise<Records[Name] | undefined> {
    this.#looked.at(table, [key])
    return this.#table(table).get(key)
  }

  async many<Name extends StoreTable>(
    table: Name,
    keys: readonly string[],
  ): Promise<(Records[Name] | undefined)[]> {
    this.#looked.at(table, keys)
    return keys.map((key) => this.#table(table).get(key))
  }

  async all<Name extends StoreTable>(table: Name): Promise<Records[Name][]> {
    this.#looked.over(table)
    return [...this.#table(table).values()]
  }

  async range<Name extends StoreTable>(
    table: Name,
    index: IndexOf<Name>,
    range: Range,
  ): Promise<Records[Name][]> {
    this.#looked.range(table, index, range)
    const { from, to, reverse, limit, offset = 0 } = range
    const all = this.#inOrder(table, index)
    const begin = from === undefined ? 0 : firstAt(all, (key) => compare(key, from) >= 0)
    const end = to === undefined ? all.length : firstAt(all, (key) => compare(key, to) > 0)
    let inside = all.slice(begin, end)
    if (reverse) inside = inside.toReversed()
    return inside.slice(offset, limit === undefined ? limit : offset + limit).map(({ record }) => record)
  }

  /** A table's records in the order of an index, kept until the table is written to. */
  #inOrder<Name extends StoreTable>(table: Name, index: IndexOf<Name>): readonly Indexed<Records[Name]>[] {
    const records = this.#table(table)
    // What this transaction writes to may change under the index.
    const kept = this.#copied.has(table) ? undefined : indexes.get(records)
    const known = kept?.get(index)
    if (known) return known as readonly Indexed<Records[Name]>[]
    const sorted = [...records.values()]
      .flatMap((record) => {
        const key = keyAt(record, index)
        return key === undefined ? [] : [{ key, record }]
      })
      .sort((left, right) => compare(left.key, right.key))
    if (this.#copied.has(table)) return sorted
    if (kept) kept.set(index, sorted)
    else indexes.set(records, new Map([[index, sorted]]))
    return sorted
  }

  async count<Name extends StoreTable>(
    table: Name,
    index: IndexOf<Name>,
    equals: string | number,
  ): Promise<number> {
    return (await this.range(table, index, { from: equals, to: equals })).length
  }

  async put<Name extends StoreTable>(table: Name, records: readonly Records[Name][]): Promise<void> {
    const keys = keysOf(table, records)
    this.#touches.add(table, keys)
    const written = this.#writable(table)
    for (const [index, key] of keys.entries()) {
      const record = records[index]
      if (record) written.set(key, copyOf(record))
    }
  }

  async remove(table: StoreTable, keys: readonly string[]): Promise<void> {
    this.#touches.add(table, keys)
    const written = this.#writable(table)
    for (const key of keys) written.delete(key)
  }

  async clear(tables: readonly StoreTable[]): Promise<void> {
    for (const table of tables) {
      const written = this.#writable(table)
      this.#touches.add(table, [...written.keys()])
      written.clear()
    }
  }
}

interface Indexed<Row> {
  key: Key
  record: Row
}

/** Indexes of tables as they were left by the last write. A write works on a copy, which has none yet. */
const indexes = new WeakMap<Map<string, unknown>, Map<string, readonly Indexed<unknown>[]>>()

/** Where an index first answers yes; from there on it does. */
function firstAt<Row>(index: readonly Indexed<Row>[], is: (key: Key) => boolean): number {
  let low = 0
  let high = index.length
  while (low < high) {
    const middle = (low + high) >> 1
    const here = index[middle]
    if (here === undefined || is(here.key)) high = middle
    else low = middle + 1
  }
  return low
}

/** A record as IndexedDB would keep it. Bytes and pictures are shared: nobody writes into them. */
function copyOf<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof Blob)
    return value
  if (Array.isArray(value)) return value.map(copyOf) as Value
  const copy: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value)) copy[key] = copyOf(member)
  return copy as Value
}

function keyAt(record: object, name: string): Key | undefined {
  return (record as Record<string, Key | undefined>)[name]
}

/** IndexedDB's order: numbers before strings before arrays, arrays by their members. */
function compare(left: Key, right: Key): number {
  if (Array.isArray(left) && Array.isArray(right))
    return compare(left[0], right[0]) || compare(left[1], right[1])
  if (typeof left === typeof right) return left < right ? -1 : left > right ? 1 : 0
  return kindOf(left) - kindOf(right)
}

function kindOf(key: Key): number {
  return Array.isArray(key) ? 2 : typeof key === 'string' ? 1 : 0
}
