import { Dexie, type Table, type Transaction } from 'dexie'
import { LiveQueries } from './live-queries.ts'
import { Looked, Touches, type Touched } from './looked.ts'
import { Moment, Remembered, unwritten, type Written } from './moment.ts'
import { isFull } from './faults.ts'
import { recordOf } from './conversation-record.ts'
import type { Records, StoreTable } from './records.ts'
import {
  allTables,
  keysOf,
  layout,
  newest,
  type IndexOf,
  type Range,
  type Store,
  type StoreEvents,
  type Tx,
  type WriteTx,
} from './store.ts'

/** So many keys at once are a page of a copy, whose keys follow each other. A frame has fewer. */
const manyKeys = 250

/** What a page does when another one takes its database away. */
export interface Leave {
  leaving?: () => Promise<void> | undefined
  gone?: () => void
}

/**
 * The replica's tables in Dexie. A transaction is always one of its own (`!`): Dexie finds the one around it by the
 * zone it is in, and a microtask that nobody awaited may find itself in that of another, which has ended.
 *
 * `cache` is off: a screen shows what is stored, and nothing that may fail yet.
 */
export class DexieStore implements Store {
  readonly kind = 'dexie'
  readonly db: Dexie
  readonly #queries = new LiveQueries((body) => this.#read(body))
  readonly #remembered = new Remembered()
  /** Other pages of this replica hear what was written here. */
  readonly #pages: BroadcastChannel | null

  #on: StoreEvents | null = null

  private constructor(db: Dexie) {
    this.db = db
    this.#pages = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`${db.name}:wrote`)
    this.#pages?.addEventListener('message', (event) => {
      // Only this class posts on this channel, and pages of another version have closed the database.
      this.#told((event as MessageEvent<Told>).data)
    })
  }

  static exists(name: string): Promise<boolean> {
    return Dexie.exists(name)
  }

  /**
   * Opens or makes the database. Where another page deletes it or opens a newer one, that page waits until this one
   * has let go: `leaving` may store what is left to store, then it is closed, then `gone` hears of it [E17]. Throws where
   * IndexedDB does: `open.ts` knows what to do then.
   */
  static async open(name: string, { leaving, gone }: Leave = {}): Promise<DexieStore> {
    const db = new Dexie(name, { cache: 'disabled' })
    // Dexie's own live queries and their cache, which write down once more what `Looked` and `Touches` do.
    for (const name of ['Observability', 'Cache']) db.unuse({ stack: 'dbcore', name })
    for (const [version, added] of versions) {
      const declared = db.version(version).stores(added)
      if (version === grown) declared.upgrade(keyAnew)
    }
    db.on('versionchange', () => {
      void Promise.resolve(leaving?.()).finally(() => {
        db.close()
        gone?.()
      })
      // Else Dexie closes it at once.
      return false
    })
    await db.open()
    return new DexieStore(db)
  }

  read<Result>(body: (tx: Tx) => Promise<Result>): Promise<Result> {
    return this.#read((txOf) => body(txOf(new Looked())))
  }

  async write<Result>(body: (tx: WriteTx) => Promise<Result>): Promise<Result> {
    const touches = new Touches()
    const written = async (transaction: Transaction) => {
      const before = await this.#reach(transaction)
      const moment = new Moment(this.#remembered, before)
      const result = await body(new DexieTx(this, transaction, new Looked(), moment, touches))
      if (touches.isEmpty) return { result, at: null }
      const at = { life: before.life || crypto.randomUUID(), at: before.at + 1 }
      await transaction.table('writes').put({ key: 'last', ...at })
      return { result, at }
    }
    const { result, at } = await this.#transaction('rw!', written).catch((fault: unknown) => {
      if (isFull(fault)) this.#on?.full(true)
      throw fault
    })
    this.#on?.full(false)
    if (at === null) return result
    const told = { at, touched: touches.sum() }
    this.#told(told)
    // Closed while the write was under way: the others find it when they look next.
    if (this.db.isOpen()) this.#pages?.postMessage(told)
    return result
  }

  watch(on: StoreEvents): void {
    this.#on = on
    // A database that was closed is not a damaged one.
    this.#queries.failed = () => this.db.isOpen() && on.damaged()
  }

  live<Result>(query: (tx: Tx) => Promise<Result>, next: (result: Result) => void): () => void {
    return this.#queries.follow(query, next)
  }

  close(): void {
    this.#queries.clear()
    this.#pages?.close()
    this.db.close()
  }

  async destroy(): Promise<void> {
    this.#queries.clear()
    this.#pages?.close()
    await this.db.delete()
  }

  #told({ at, touched }: Told): void {
    this.#remembered.told(at, touched)
    this.#queries.wrote(touched)
  }

  async #read<Result>(body: (txOf: (looked: Looked) => Tx) => Promise<Result>): Promise<Result> {
    return this.#transaction('r!', async (transaction) => {
      const moment = new Moment(this.#remembered, await this.#reach(transaction))
      return body((looked) => new DexieTx(this, transaction, looked, moment, null))
    })
  }

  /**
   * Given an async function, Dexie has its zone follow every `await` in it, which takes a quarter of the time of a
   * press [M]. Everything here names its transaction, so no zone is asked for it.
   */
  async #transaction<Result>(
    mode: 'r!' | 'rw!',
    body: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result> {
    return this.db.transaction(mode, allTables, (transaction) => body(transaction))
  }

  /** Which write this transaction begins after. */
  async #reach(transaction: Transaction): Promise<Written> {
    const table: Table<Records['writes'], string> = transaction.table('writes')
    const at = (await table.get('last')) ?? unwritten
    this.#remembered.reach(at)
    return at
  }
}

/** A write, as pages tell each other: which one it was, and what it touched. */
interface Told {
  at: Written
  touched: Touched
}

/**
 * What each version of the database added: one that an older build made is carried on as it stands. Only those are
 * named in which records are made anew, and the last: Dexie takes milliseconds for each, at each opening.
 */
const versions = new Map<number, Record<string, string>>()
const { grown } = layout.conversations
for (const [table, shape] of Object.entries(layout)) {
  const since = 'since' in shape ? shape.since : grown
  const version = since <= grown ? grown : newest
  versions.set(version, { ...versions.get(version), [table]: [shape.key, ...shape.indexes].join(', ') })
}

/** Conversations that an older build stored lack the keys of the views that came since. */
async function keyAnew(transaction: Transaction): Promise<void> {
  const table: Table<Records['conversations'], string> = transaction.table('conversations')
  await table.toCollection().modify((record) => {
    if (record.row === null) return
    // What is unread stays so: the order it was read up to lies just below, or at, the newest inbound text.
    const readUpTo = record.row.inboundOrder - (record.unreadOpen ?? 0)
    Object.assign(record, recordOf(record.row, record.seq, readUpTo))
  })
}

class DexieTx implements WriteTx {
  readonly #transaction: Transaction

  readonly #looked: Looked
  readonly #moment: Moment
  /** Of a write. Once it has written, what it reads is its own and not of the moment. */
  readonly #touches: Touches | null
  readonly owner: object

  constructor(
    owner: object,
    transaction: Transaction,
    looked: Looked,
    moment: Moment,
    touches: Touches | null,
  ) {
    this.owner = owner
    this.#transaction = transaction
    this.#looked = looked
    this.#moment = moment
    this.#touches = touches
  }

  #table<Name extends StoreTable>(name: Name): Table<Records[Name], string> {
    return this.#transaction.table(name)
  }

  get #isOwn(): boolean {
    return this.#touches !== null && !this.#touches.isEmpty
  }

  #read<Answer>(
    name: string,
    looks: (looked: Looked) => void,
    read: () => PromiseLike<Answer>,
  ): PromiseLike<Answer> {
    looks(this.#looked)
    return this.#isOwn ? read() : this.#moment.read(name, looks, read)
  }

  #one<Name extends StoreTable>(
    table: Name,
    key: string,
    read: () => PromiseLike<Records[Name] | undefined>,
  ): PromiseLike<Records[Name] | undefined> {
    this.#looked.at(table, [key])
    return this.#isOwn ? read() : this.#moment.read(`${table} ${key}`, null, read)
  }

  once<Result>(name: string, make: (tx: Tx) => Promise<Result>): Promise<Result> {
    if (this.#touches !== null) return make(this)
    return this.#moment.once(name, this.#looked, (looked) =>
      make(new DexieTx(this.owner, this.#transaction, looked, this.#moment, null)),
    )
  }

  async get<Name extends StoreTable>(table: Name, key: string): Promise<Records[Name] | undefined> {
    return this.#one(table, key, () => this.#table(table).get(key))
  }

  async many<Name extends StoreTable>(
    table: Name,
    keys: readonly string[],
  ): Promise<(Records[Name] | undefined)[]> {
    if (keys.length > manyKeys) return this.#pageOf(table, keys)
    if (this.#isOwn) return keys.length === 0 ? [] : this.#table(table).bulkGet([...keys])
    // Those that are not known are asked for together.
    const missing = keys.filter((key) => !this.#moment.knows(`${table} ${key}`))
    const asked = missing.length > 0 ? this.#table(table).bulkGet(missing) : null
    return Promise.all(
      keys.map((key) => this.#one(table, key, async () => (await asked)?.[missing.indexOf(key)])),
    )
  }

  /**
   * Each key is a request of its own, also where nothing is stored under it, as in most of a first copy: so first it
   * is asked, in one request, which of them there are. Too much to be remembered.
   */
  async #pageOf<Name extends StoreTable>(
    table: Name,
    keys: readonly string[],
  ): Promise<(Records[Name] | undefined)[]> {
    this.#looked.at(table, keys)
    const sorted = keys.toSorted()
    const there = await this.#table(table)
      .where(':id')
      .between(sorted[0], sorted.at(-1), true, true)
      .limit(2 * keys.length)
      .primaryKeys()
    const isAll = there.length < 2 * keys.length
    const stored = new Set(there)
    const asked = isAll ? keys.filter((key) => stored.has(key)) : [...keys]
    const found = asked.length === 0 ? [] : await this.#table(table).bulkGet(asked)
    const records = new Map(asked.map((key, index) => [key, found[index]]))
    return keys.map((key) => records.get(key))
  }

  async all<Name extends StoreTable>(table: Name): Promise<Records[Name][]> {
    const looks = (looked: Looked) => looked.over(table)
    return [...(await this.#read(`all ${table}`, looks, () => this.#table(table).toArray()))]
  }

  async range<Name extends StoreTable>(
    table: Name,
    index: IndexOf<Name>,
    range: Range,
  ): Promise<Records[Name][]> {
    const name = `${table}/${index} ${JSON.stringify(range)}`
    const looks = (looked: Looked) => looked.range(table, index, range)
    return [...(await this.#read(name, looks, () => this.#range(table, index, range)))]
  }

  #range<Name extends StoreTable>(
    table: Name,
    index: IndexOf<Name>,
    range: Range,
  ): PromiseLike<Records[Name][]> {
    let found = this.#table(table)
      .where(index)
      .between(range.from ?? Dexie.minKey, range.to ?? Dexie.maxKey, true, true)
    if (range.reverse) found = found.reverse()
    if (range.offset) found = found.offset(range.offset)
    if (range.limit !== undefined) found = found.limit(range.limit)
    return found.toArray()
  }

  async count<Name extends StoreTable>(
    table: Name,
    index: IndexOf<Name>,
    equals: string | number,
  ): Promise<number> {
    const name = `${table}/${index} count ${JSON.stringify(equals)}`
    const looks = (looked: Looked) => looked.over(table)
    const found = () => this.#table(table).where(index).equals(equals)
    const { tallies } = this.#moment
    const ask = {
      count: () => found().count(),
      keys: () => found().primaryKeys(),
      records: (keys: readonly string[]) => this.many(table, keys),
    }
    return this.#read(name, looks, () =>
      tallies && !this.#isOwn ? tallies.count({ table, index, equals }, ask) : ask.count(),
    )
  }

  async put<Name extends StoreTable>(table: Name, records: readonly Records[Name][]): Promise<void> {
    if (records.length === 0) return
    this.#touches?.add(table, keysOf(table, records))
    await this.#table(table).bulkPut([...records])
  }

  async remove(table: StoreTable, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return
    this.#touches?.add(table, keys)
    await this.#table(table).bulkDelete([...keys])
  }

  async clear(tables: readonly StoreTable[]): Promise<void> {
    for (const table of tables) {
      this.#touches?.add(table, await this.#table(table).toCollection().primaryKeys())
      await this.#table(table).clear()
    }
  }
}
