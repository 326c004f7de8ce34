import type { EntryId } from '#shared/base/ids.ts'
import { limits } from '#shared/wire/limits.ts'
import type { Cursor } from '#shared/wire/up.ts'
import type { Written } from './documents.ts'
import type { Closing } from './drafts.ts'
import type { Addressed } from './rows.ts'

/** One step of the account, ready to be told to sockets: rows and thread bytes under one seq [E4]. */
export interface Commit {
  cursor: Cursor
  rows: Addressed[]
  threads: Written[]
  /** Drafts whose epoch is over, because their text was sent [E15]. */
  drafts: Closing[]
}

/** Everything one transaction writes, collected for what follows it. */
export interface Step {
  /** An epoch is entered by a commit of any size, which nobody is told: all begin a first copy after it. */
  kind: 'usual' | 'epoch'
  seq: number
  rows: Addressed[]
  threads: Written[]
  drafts: Closing[]
  texts: boolean
}

/** Whether a step wrote nothing that anybody is told of, and so is no commit. */
export function isEmpty(step: Step): boolean {
  return step.kind === 'usual' && step.rows.length === 0 && step.threads.length === 0
}

/** The conversation that a text of this step stands in, from the row that was put with it. */
export function conversationIdOf(step: Step, message: EntryId): string {
  const row = step.rows.findLast(({ change }) => change.table === 'conversations' && change.row !== null)
  if (!row) throw new Error(`The text ${message} has no conversation.`)
  return row.change.id
}

/** A commit of more rows than one may write [E19]. Recovery: what asked for it does it in smaller ones. */
export class TooManyRows extends Error {
  constructor(count: number) {
    super(`A commit of ${count} rows is over the limit of ${limits.rowsPerCommit}.`)
    this.name = 'TooManyRows'
  }
}
