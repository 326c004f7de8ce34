import { limits } from '#shared/wire/limits.ts'
import type { Cursor } from '#shared/wire/up.ts'
import type { Reached } from './crash-points.ts'
import type { Memory } from './memory.ts'
import type { Sql } from './sql.ts'
import { isEmpty, TooManyRows, type Commit, type Step } from './step.ts'

export interface StepsDeps {
  sql: Sql
  now(): number
  random(): Uint8Array
  reached: Reached
  /** What mirrors the store, read anew after `drop`. */
  memory(): Memory
  drop(): void
  /** Whether this start has compared itself with D1: a commit says so, should the object have gone back [E24]. */
  sure(): boolean
  /** Called after the transaction, with what sockets must hear. Must not throw. */
  publish(commit: Commit): void
  /** Called after the transaction where texts wait to leave. Must not throw. */
  texts(): void
  /** Called where commits turn out to be durable that were never published. Must not throw. */
  overlooked(): void
}

/** Makes steps: each is one transaction with its commit row, and is told of once it is durable [E4, E18]. */
export class Steps {
  readonly #deps: StepsDeps
  /** The newest commit that was published, or was there when this life began; null before it is known. */
  #told: number | null = null

  constructor(deps: StepsDeps) {
    this.#deps = deps
  }

  /** One transaction around `work`, its commit row, and what follows it. Drops memory where it throws. */
  make<Result>(work: (step: Step) => Result): Result {
    const { sql } = this.#deps
    let step: Step
    let cursor: Cursor | null = null
    let result: Result
    try {
      this.#tellOverlooked()
      const { seq } = this.#deps.memory().head
      step = { kind: 'usual', seq: seq + 1, rows: [], threads: [], drafts: [], texts: false }
      result = sql.transaction(() => {
        const done = work(step)
        if (step.kind === 'usual' && step.rows.length > limits.rowsPerCommit)
          throw new TooManyRows(step.rows.length)
        if (!isEmpty(step)) {
          cursor = { seq: step.seq, tag: this.#tag() }
          sql.run(
            `INSERT INTO commits (seq, tag, at, sure) VALUES (?, ?, ?, ?)`,
            cursor.seq,
            cursor.tag,
            this.#deps.now(),
            Number(this.#deps.sure() || step.kind === 'epoch'),
          )
        }
        return done
      })
    } catch (fault) {
      this.#deps.drop()
      try {
        this.#tellOverlooked()
      } catch {
        // The store cannot be read either: the next input asks again.
      }
      throw fault
    }
    if (cursor !== null) this.#tell(step, cursor)
    if (step.texts) this.#deps.texts()
    this.#deps.reached('before-acknowledge')
    return result
  }

  #tell(step: Step, cursor: Cursor): void {
    this.#deps.memory().head = cursor
    this.#told = step.seq
    this.#deps.reached('before-publish')
    if (step.drafts.length > 0) this.#deps.reached('draft-closed')
    if (step.kind === 'usual')
      this.#deps.publish({ cursor, rows: step.rows, threads: step.threads, drafts: step.drafts })
  }

  /** A store may throw over a commit that it took. Nobody was told of that one, and frames would pass over it. */
  #tellOverlooked(): void {
    const { seq } = this.#deps.memory().head
    const overlooked = this.#told !== null && seq > this.#told
    this.#told = seq
    if (overlooked) this.#deps.overlooked()
  }

  #tag(): string {
    const bytes = this.#deps.random().subarray(0, 6)
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  }
}
