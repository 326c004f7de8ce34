import type { Records, StoreTable } from './records.ts'

/**
 * What the replica is kept in: Dexie, or plain memory where IndexedDB is missing or fails [E16]. The same few
 * calls on both, so that everything above runs on either.
 */
export interface Store {
  readonly kind: 'dexie' | 'memory'
  read<Result>(body: (tx: Tx) => Promise<Result>): Promise<Result>
  /** All or nothing: if `body` throws, nothing of it stays. Await only `tx` calls in it. */
  write<Result>(body: (tx: WriteTx) => Promise<Result>): Promise<Result>
  /** Told of reads that failed on data that is there, and of whether the device had room for the last write. */
  watch(on: StoreEvents): void
  /** Runs `query` in one read transaction now and after each write that touches what it read [E4]. */
  live<Result>(query: (tx: Tx) => Promise<Result>, next: (result: Result) => void): () => void
  close(): void
  /** Drops everything for good. */
  destroy(): Promise<void>
}

export interface StoreEvents {
  damaged(): void
  full(isFull: boolean): void
}

export type Key = string | number | [string, number]

export interface Range {
  from?: Key
  to?: Key
  limit?: number
  /** So many records are passed over first. */
  offset?: number
  /** Highest key first. */
  reverse?: boolean
}

export interface Tx {
  /** The store itself, as a key for what is remembered beside it in memory. */
  readonly owner: object
  /**
   * What `make` works out from reads, by a name: once for all queries that are asked in the same read transaction,
   * each time in one that writes. Nobody may change what it answers.
   */
  once<Result>(name: string, make: (tx: Tx) => Promise<Result>): Promise<Result>
  get<Name extends StoreTable>(table: Name, key: string): Promise<Records[Name] | undefined>
  /** In the order of `keys`, with undefined for what is not there. */
  many<Name extends StoreTable>(table: Name, keys: readonly string[]): Promise<(Records[Name] | undefined)[]>
  all<Name extends StoreTable>(table: Name): Promise<Records[Name][]>
  /** Records in the order of an index, bounds included. Those without the index's key are not in it. */
  range<Name extends StoreTable>(table: Name, index: IndexOf<Name>, range: Range): Promise<Records[Name][]>
  count<Name extends StoreTable>(table: Name, index: IndexOf<Name>, equals: string | number): Promise<number>
}

export interface WriteTx extends Tx {
  put<Name extends StoreTable>(table: Name, records: readonly Records[Name][]): Promise<void>
  remove(table: StoreTable, keys: readonly string[]): Promise<void>
  clear(tables: readonly StoreTable[]): Promise<void>
}

/** Primary key and indexes of each table, and the versions of the database with which they came. Only grows. */
export const layout = {
  conversations: {
    key: 'id',
    indexes: [
      'user',
      'openAt',
      'agentAt',
      'groupAt',
      'loneAt',
      'closedAt',
      'pair',
      'followUp',
      'unreadOpen',
      'unreadAgent',
      'unreadGroup',
      'unreadLone',
      'no',
      'numberAt',
      'unreadNumber',
      'waitingAt',
      'followUpAt',
      'unreadWaiting',
      'unreadFollowUp',
    ],
    grown: 4,
  },
  mobileUsers: { key: 'id', indexes: [] },
  heads: { key: 'id', indexes: [] },
  small: { key: 'key', indexes: ['table'] },
  threads: { key: 'id', indexes: ['stale'] },
  history: { key: 'user', indexes: [] },
  shelf: { key: 'user', indexes: [], since: 2 },
  texts: { key: 'user', indexes: [], since: 4 },
  pending: { key: 'id', indexes: ['press'] },
  done: { key: 'key', indexes: ['doneAt'], since: 3 },
  refusals: { key: 'id', indexes: ['at'] },
  composer: { key: 'key', indexes: [] },
  locals: { key: 'id', indexes: [] },
  media: { key: 'id', indexes: ['box', 'queued', 'seenAt'], since: 5 },
  quarantine: { key: 'key', indexes: [] },
  meta: { key: 'key', indexes: [] },
  writes: { key: 'key', indexes: [], since: 6 },
} as const satisfies Record<
  StoreTable,
  { key: string; indexes: readonly string[]; since?: number; grown?: number }
>

/** The version of the database as it is laid out now. */
export const newest = Math.max(
  ...Object.values(layout).flatMap((shape) => [
    'since' in shape ? shape.since : 1,
    'grown' in shape ? shape.grown : 1,
  ]),
)

export type IndexOf<Name extends StoreTable> = (typeof layout)[Name]['indexes'][number]

/** Every table, for a transaction over the whole replica. */
export const allTables = Object.keys(layout) as StoreTable[]

/** The primary keys of records, which every table has as text. */
export function keysOf<Name extends StoreTable>(table: Name, records: readonly Records[Name][]): string[] {
  const name: string = layout[table].key
  return records.map((record) => {
    const key = (record as unknown as Record<string, unknown>)[name]
    if (typeof key !== 'string') throw new Error(`A record of ${table} without its key.`)
    return key
  })
}
