import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { remembering } from '#worker/account/remembering.ts'
import { migrate } from '#worker/account/tables.ts'
import type { Sql, SqlValue } from '#worker/account/sql.ts'

/** Storage that outlives the lives of an object which use it. */
export class Disk {
  #base: Base
  /** The tables are those of a founded account, so that the next world may use them again. */
  #laidOut = false
  /** The newest copy, and how much had been written when it was made. */
  #copied: { bytes: Uint8Array; writes: number } | null = null
  /** After so many writes inside transactions one throws, as a full or broken disk does; null for never [fault D3]. */
  failIn: number | null = null
  /** After so many transactions one is not taken at its very end; null for never. */
  refuseIn: number | null = null
  /** After so many transactions one throws although it is durable; null for never. */
  lieIn: number | null = null

  constructor(db = new DatabaseSync(':memory:')) {
    this.#base = { db, statements: new Map() }
  }

  get db(): DatabaseSync {
    return this.#base.db
  }

  /** A statement of the object's. */
  statement(query: string): StatementSync {
    return statementOf(this.#base, query)
  }

  /** A question of whoever looks at the object from outside: what is asked of statements of its own is not of these. */
  look(query: string): StatementSync {
    return statementOf(this.#base, query)
  }

  /** Lays out the tables, as the first founding of an account would: from a copy, or in what a world is done with. */
  layOut(): void {
    const spare = spares.pop()
    if (spare) {
      this.close()
      this.#base = spare
    } else this.restore((template ??= makeTemplate()).bytes)
    this.#laidOut = true
  }

  /** What is stored now, to be put back later: the same bytes where nothing was written since the last time. */
  copy(): Uint8Array {
    const writes = Number(this.look('SELECT total_changes() AS n').get()?.['n'])
    if (this.#copied?.writes !== writes) this.#copied = { bytes: this.db.serialize(), writes }
    return this.#copied.bytes
  }

  /** Puts the storage back to what a copy says. */
  restore(copy: Uint8Array): void {
    this.#copied = null
    this.db.close()
    this.#base = { db: new DatabaseSync(':memory:'), statements: new Map() }
    this.db.deserialize(copy)
  }

  close(): void {
    if (this.#laidOut && template) {
      this.db.exec(template.wipe)
      spares.push(this.#base)
    } else this.db.close()
    this.#laidOut = false
  }
}

interface Base {
  readonly db: DatabaseSync
  readonly statements: Map<string, StatementSync>
}

function statementOf({ db, statements }: Base, query: string): StatementSync {
  const known = statements.get(query)
  if (known) return known
  const made = db.prepare(query)
  statements.set(query, made)
  return made
}

/** Bases that worlds are done with, wiped: preparing the statements anew for each world takes longer. */
const spares: Base[] = []

/** A base that nobody has used: its bytes, and what makes a used one like it. */
let template: { bytes: Uint8Array; wipe: string } | null = null

function makeTemplate(): { bytes: Uint8Array; wipe: string } {
  const disk = new Disk()
  // Most tables hold little: a copy of the storage is a tenth of what it is with usual pages.
  disk.db.exec('PRAGMA page_size = 512')
  migrate(sqlOf(disk, { alive: true }, () => undefined))
  const tables = disk.db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all()
  const wipe = tables.flatMap(({ name }) => {
    const rows = disk.db.prepare(`SELECT * FROM ${String(name)}`).all()
    const puts = rows.map(
      (row) => `INSERT INTO ${String(name)} VALUES (${Object.values(row).map(literal).join()});`,
    )
    return [`DELETE FROM ${String(name)};`, ...puts]
  })
  const bytes = disk.copy()
  disk.close()
  return { bytes, wipe: `BEGIN;${wipe.join('')}COMMIT;` }
}

function literal(value: unknown): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  throw new Error('The tables begin with numbers and words only.')
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
  const sql = remembering({
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
      disk.look('BEGIN').run()
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
        disk.look('COMMIT').run()
        committed = true
        if (disk.lieIn !== null && disk.lieIn-- <= 0) {
          disk.lieIn = null
          hit('disk lied')
          throw new Error('The disk took it all and said that it had not.')
        }
        return result
      } catch (fault) {
        if (!committed) disk.look('ROLLBACK').run()
        throw fault
      } finally {
        inside = false
      }
    },
  })
  return {
    ...sql,
    still: <Row>(query: string, ...values: SqlValue[]) => {
      living()
      return sql.still<Row>(query, ...values)
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
