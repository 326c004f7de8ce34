import { toBase64 } from 'lib0/buffer'
import type { TableName } from '#shared/rows/tables.ts'
import type { RowChange, ThreadUpdate } from '#shared/wire/down.ts'
import { limits } from '#shared/wire/limits.ts'
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

  add(commit: Commit): void {
    for (const { audience, change } of commit.rows) {
      const rows = this.#rows.get(audience) ?? new Map<string, RowChange>()
      rows.set(`${change.table}:${change.id}`, change)
      this.#rows.set(audience, rows)
    }
    for (const { update, ...rest } of commit.threads)
      this.#threads.push({ ...rest, update: toBase64(update) })
  }

  take(): Taken {
    const rows = this.#rows
    const threads = this.#threads
    this.#rows = new Map()
    this.#threads = []
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

function tableOfTooMany(changes: readonly RowChange[]): TableName | null {
  if (changes.length <= limits.rowsPerFrame) return null
  const tables = Map.groupBy(changes, ({ table }) => table)
  for (const [table, of] of tables) if (of.length > limits.rowsPerFrame) return table
  return null
}
