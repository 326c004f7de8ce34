import { remembering } from './remembering.ts'

/** A value as SQLite holds it here. */
export type SqlValue = string | number | null | ArrayBuffer | Uint8Array

/**
 * SQLite as the object uses it: synchronous, so that a commit is really one step [E18]. The platform's storage
 * implements it, and so does a plain SQLite in tests that run without the platform.
 */
export interface BareSql {
  /** Runs one or more statements for their effect. */
  run(query: string, ...values: SqlValue[]): void
  all<Row>(query: string, ...values: SqlValue[]): Row[]
  one<Row>(query: string, ...values: SqlValue[]): Row | null
  /** All or nothing, and nothing asynchronous inside. */
  transaction<Result>(step: () => Result): Result
}

export interface Sql extends BareSql {
  /** As `all`, for what every step asks again: from memory until a table that it names is written. */
  still<Row>(query: string, ...values: SqlValue[]): readonly Row[]
}

/** The object's own storage. */
export function storageSql(storage: DurableObjectStorage): Sql {
  const exec = (query: string, values: SqlValue[]) => storage.sql.exec(query, ...values.map(toBuffer))
  return remembering({
    run: (query, ...values) => void exec(query, values),
    all: <Row>(query: string, ...values: SqlValue[]) => exec(query, values).toArray() as Row[],
    one: <Row>(query: string, ...values: SqlValue[]) =>
      (exec(query, values).toArray()[0] as Row | undefined) ?? null,
    transaction: (step) => storage.transactionSync(step),
  })
}

/** A view into a larger buffer is stored as its own bytes only. */
function toBuffer(value: SqlValue): string | number | null | ArrayBuffer {
  if (!(value instanceof Uint8Array)) return value
  return value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength) as ArrayBuffer
}
