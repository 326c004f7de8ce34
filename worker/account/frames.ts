import { toBase64 } from 'lib0/buffer'
import type { TableName } from '#shared/rows/tables.ts'
import type { RowChange, ThreadUpdate } from '#shared/wire/down.ts'
import { limits } from '#shared/wire/limits.ts'
import type { Cursor } from '#shared/wire/up.ts'
import type { Addressed } from './rows.ts'
import type { Commit } from './step.ts'

/** Everything of one window, encoded once for each audience. */
export interface Taken {
  /** A table with more rows for these audiences than a frame carries: sockets are told to pull instead [E19]. */
  tooManyFor(audiences: readonly string[]): TableName | null
  partsFor(audiences: readonly string[]): string[]
}

/** Collects commits between two flushes: of each row only the newest, of threads every update in order. */
export class FrameBuffer {
  #rows = new Map<string, Map<string, RowChange>>()
  #threads: ThreadUpdate[] = []
  /** Rows that were added, by audience and table; one that changed twice counts twice. */
  #counts = new Map<string, number>()
  #upTo: Cursor | null = null

  /** The newest commit that is in here; null where there is none. */
  get upTo(): Cursor | null {
    return this.#upTo
  }

  /** Whether a commit goes into the same frame as what is here: no more rows of a table than a frame carries [E19]. */
  fits({ rows }: Commit): boolean {
    const more = new Map<string, number>()
    for (const row of rows) more.set(kindOf(row), (more.get(kindOf(row)) ?? 0) + 1)
    for (const [kind, count] of more)
      if ((this.#counts.get(kind) ?? 0) + count > limits.rowsPerFrame) return false
    return true
  }

  add(commit: Commit): void {
    for (const row of commit.rows) {
      const { audience, change } = row
      const rows = this.#rows.get(audience) ?? new Map<string, RowChange>()
      rows.set(`${change.table}:${change.id}`, change)
      this.#rows.set(audience, rows)
      this.#counts.set(kindOf(row), (this.#counts.get(kindOf(row)) ?? 0) + 1)
    }
    this.#upTo = commit.cursor
    for (const { update, ...rest } of commit.threads)
      this.#threads.push({ ...rest, update: toBase64(update) })
  }

  take(): Taken {
    const rows = this.#rows
    const threads = this.#threads
    this.#rows = new Map()
    this.#threads = []
    this.#counts = new Map()
    this.#upTo = null
    const encoded = new Map<string, string>()
    const tooMany = new Map<string, TableName>()
    const audiences = new Set(rows.keys())
    if (threads.length > 0) audiences.add('account')
    for (const audience of audiences) {
      const changes = [...(rows.get(audience)?.values() ?? [])]
      const table = tableOfTooMany(changes)
      if (table) {
        tooMany.set(audience, table)
        continue
      }
      const part = { audience, rows: changes, threads: audience === 'account' ? threads : [] }
      encoded.set(audience, JSON.stringify(part))
    }
    return {
      tooManyFor: (wanted) => wanted.flatMap((audience) => tooMany.get(audience) ?? []).at(0) ?? null,
      partsFor: (wanted) => wanted.flatMap((audience) => encoded.get(audience) ?? []),
    }
  }
}

function kindOf({ audience, change }: Addressed): string {
  return `${audience} ${change.table}`
}

function tableOfTooMany(changes: readonly RowChange[]): TableName | null {
  if (changes.length <= limits.rowsPerFrame) return null
  const tables = Map.groupBy(changes, ({ table }) => table)
  for (const [table, of] of tables) if (of.length > limits.rowsPerFrame) return table
  return null
}
