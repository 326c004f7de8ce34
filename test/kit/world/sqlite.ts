import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { migrate } from '#worker/account/tables.ts'
import type { Sql, SqlValue } from '#worker/account/sql.ts'

/** Storage that outlives the lives of an object which use it. */
export class Disk {
  db = new DatabaseSync(':memory:')
  readonly #statements = new Map<string, StatementSync>()
  /** After so many writes inside transactions one throws, as a full or broken disk does; null for never [fault D3]. */
  failIn: number | null = null
  /** After so many transactions one is not taken at its very end; null for never. */
  refuseIn: number | null = null
  /** After so many transactions one throws although it is durable; null for never. */
  lieIn: number | null = null

  statement(query: string): StatementSync {
    const known = this.#statements.get(query)
    if (known) return known
    const made = this.db.prepare(query)
    this.#statements.set(query, made)
    return made
  }

  /** Lays out the tables, as the first founding of an account would: from a copy that is made once. */
  layOut(): void {
    tables ??= laidOut()
    this.restore(tables)
  }

  /** What is stored now, to be put back later. */
  copy(): Uint8Array {
    return this.db.serialize()
  }

  /** Puts the storage back to what a copy says. */
  restore(copy: Uint8Array): void {
    this.close()
    this.db = new DatabaseSync(':memory:')
    this.db.deserialize(copy)
  }

  close(): void {
    this.#statements.clear()
    this.db.close()
  }
}

let tables: Uint8Array | null = null

function laidOut(): Uint8Array {
  const disk = new Disk()
  migrate(sqlOf(disk, { alive: true }, () => undefined))
  const copy = disk.copy()
  disk.close()
  return copy
}

/** The disk as one life sees it: what is dead reads and writes nothing any more. */
export function sqlOf(disk: Disk, life: { alive: boolean }, hit: (name: string) => void): Sql {
  let inside = false
  const living = () => {
    if (!life.alive) throw new Error('This life of the object is over.')
  }
  const rows = <Row>(query: string, values: SqlValue[]): Row[] => {
    living()
    return disk.statement(query).all(...inputs(values)) as Row[]
  }
  return {
    run(query, ...values) {
      living()
      if (inside && disk.failIn !== null && disk.failIn-- <= 0) {
        disk.failIn = null
        hit('disk failed')
        throw new Error('The disk did not take a write.')
      }
      // Only a call without values may hold several statements: the steps of the tables.
      if (values.length === 0) disk.db.exec(query)
      else disk.statement(query).run(...inputs(values))
    },
    all: <Row>(query: string, ...values: SqlValue[]) => rows<Row>(query, values),
    one: <Row>(query: string, ...values: SqlValue[]) => {
      living()
      return (disk.statement(query).get(...inputs(values)) as Row | undefined) ?? null
    },
    transaction(step) {
      living()
      if (inside) throw new Error('A transaction inside a transaction.')
      disk.db.exec('BEGIN')
      inside = true
      let committed = false
      try {
        const result = step()
        if (result instanceof Promise) throw new Error('A transaction waits for nothing.')
        living()
        if (disk.refuseIn !== null && disk.refuseIn-- <= 0) {
          disk.refuseIn = null
          hit('disk refused')
          throw new Error('The disk did not take a transaction.')
        }
        disk.db.exec('COMMIT')
        committed = true
        if (disk.lieIn !== null && disk.lieIn-- <= 0) {
          disk.lieIn = null
          hit('disk lied')
          throw new Error('The disk took it all and said that it had not.')
        }
        return result
      } catch (fault) {
        if (!committed) disk.db.exec('ROLLBACK')
        throw fault
      } finally {
        inside = false
      }
    },
  }
}

/** A row of an object holds two megabytes; more is an error there. */
const mostBytes = 2_000_000

function inputs(values: readonly SqlValue[]): SQLInputValue[] {
  return values.map((value) => {
    const size = typeof value === 'string' ? value.length : value instanceof Uint8Array ? value.length : 0
    if (size > mostBytes) throw new Error('string or blob too big: SQLITE_TOOBIG')
    return value instanceof ArrayBuffer ? new Uint8Array(value) : value
  })
}
