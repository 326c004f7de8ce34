import type { ConversationId } from '#shared/base/ids.ts'
import { isThreadChange, type Change } from '#shared/core/outcome.ts'
import { waitingDue } from '#shared/rules/flags.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { RowPut } from '#shared/rows/tables.ts'
import { limits } from '#shared/wire/limits.ts'
import type { Reached } from './crash-points.ts'
import type { Documents } from './documents.ts'
import { noteUnflushed } from './history.ts'
import { remember, writeMeta, type Memory } from './memory.ts'
import { getRow, putRow, removeRow } from './rows.ts'
import type { Sql } from './sql.ts'
import type { Step } from './step.ts'
import type { Timers } from './timers.ts'

/** Rows of a commit up to which read marks go with it. The other half is for what the commit is about. */
const roomForMarks = limits.rowsPerCommit / 2

export interface WriterDeps {
  sql: Sql
  memory(): Memory
  documents: Documents
  timers: Timers
  reached: Reached
}

/** Writes what was decided, within the transaction of a step, and notes in the step what others must hear of. */
export class Writer {
  readonly #deps: WriterDeps

  constructor(deps: WriterDeps) {
    this.#deps = deps
  }

  /** Writes what a rule decided: threads first, for their rows to say where they stand. */
  write(changes: readonly Change[], step: Step): void {
    this.writeThreads(changes, step)
    this.#deps.reached('after-documents')
    for (const change of changes) {
      if (change.kind === 'row') this.put(change, step)
      if (change.kind === 'gone')
        step.rows.push(...removeRow(this.#deps.sql, change.table, change.id, step.seq))
    }
    this.#deps.reached('after-rows')
  }

  /** Writes entries and receipts into their threads, one update for each. */
  writeThreads(changes: readonly Change[], step: Step): void {
    const writes = changes.filter(isThreadChange)
    for (const user of new Set(writes.map((change) => change.user))) {
      const written = this.#deps.documents.write(
        user,
        writes.filter((change) => change.user === user),
      )
      step.threads.push(written)
      for (const change of writes) if (change.user === user) noteUnflushed(this.#deps.sql, change, step.seq)
      this.put({ table: 'threads', row: { id: user, epoch: written.epoch, clock: written.to } }, step)
    }
  }

  /** Writes a row, and what hangs on it: the open conversation of a pair, its timer, read marks. */
  put(put: RowPut, step: Step): void {
    const { sql } = this.#deps
    step.rows.push(...putRow(sql, put, step.seq))
    const memory = this.#deps.memory()
    remember(memory, put)
    if (put.table === 'settings' || put.table === 'numbers') return this.#keepAllTimes()
    if (put.table !== 'conversations') return
    const { row } = put
    this.keepTime(row)
    if (row.no === memory.nextNo) {
      memory.nextNo++
      writeMeta(sql, 'next no', memory.nextNo)
    }
    if (row.status === 'open') {
      sql.run(
        `INSERT INTO open_pairs (user, number, conversation) VALUES (?, ?, ?) ON CONFLICT (user, number) DO NOTHING`,
        row.user,
        row.number,
        row.id,
      )
    } else {
      sql.run(
        `DELETE FROM open_pairs WHERE user = ? AND number = ? AND conversation = ?`,
        row.user,
        row.number,
        row.id,
      )
      this.forgetMarks(row.id, step)
    }
  }

  /**
   * A read mark is kept only for an open conversation [E27]. Everybody may have read one: marks that would crowd the
   * commit are left to commits of their own, which follow at once [E19].
   */
  forgetMarks(conversation: ConversationId, step: Step): void {
    const { sql, timers } = this.#deps
    for (const agent of this.#deps.memory().agents.keys()) {
      if (step.rows.length >= roomForMarks)
        return timers.set({ id: `marks:${conversation}`, due: 0, kind: 'marks', ref: conversation })
      step.rows.push(...removeRow(sql, 'readMarks', `${agent}:${conversation}`, step.seq))
    }
  }

  /** A timer stands for exactly those conversations that may still turn into Waiting for Reply [F85, DC16]. */
  keepTime(row: Conversation): void {
    const { settings, numbers } = this.#deps.memory()
    const id = `waiting:${row.id}`
    const due = waitingDue(row, settings, numbers.get(row.number))
    if (due === null) this.#deps.timers.clear(id)
    else this.#deps.timers.set({ id, due, kind: 'waiting', ref: row.id })
  }

  /** Hours or the waiting time may have changed: what runs already goes by the new ones. */
  #keepAllTimes(): void {
    for (const id of this.#deps.timers.refs('waiting')) {
      const row = getRow(this.#deps.sql, 'conversations', id)
      if (row) this.keepTime(row)
    }
  }
}
