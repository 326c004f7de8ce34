import { toBase64 } from 'lib0/buffer'
import type { RowChange, ThreadUpdate } from '#shared/wire/down.ts'
import { limits } from '#shared/wire/limits.ts'
import type { Commit } from './commit.ts'

/** Everything of one window, encoded once for each audience. */
export interface Taken {
  /** Above the limit of rows in a frame: sockets are told to pull instead [E19]. */
  tooBig: boolean
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
    let tooBig = false
    const audiences = new Set(rows.keys())
    if (threads.length > 0) audiences.add('account')
    for (const audience of audiences) {
      const changes = [...(rows.get(audience)?.values() ?? [])]
      tooBig ||= changes.length > limits.rowsPerFrame
      const part = { audience, rows: changes, threads: audience === 'account' ? threads : [] }
      encoded.set(audience, JSON.stringify(part))
    }
    return {
      tooBig,
      partsFor: (wanted) => wanted.flatMap((audience) => encoded.get(audience) ?? []),
    }
  }
}
