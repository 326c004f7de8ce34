import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { AccountId } from '#shared/base/ids.ts'
import type { DurableHistory } from '#worker/account/durable.ts'
import type { Entry } from '#shared/model/entry.ts'
import { durableHistory, historyPage } from '#worker/history/store.ts'
import type { Random } from '#test/kit/random.ts'
import type { Scheduler } from './scheduler.ts'

export type HistoryMode = 'up' | 'down' | 'slow' | 'answer lost'

const folder = resolve(import.meta.dirname, '../../../migrations/history')

/** An empty D1, made once: every run begins with a copy of it. */
const empty = (() => {
  const db = new DatabaseSync(':memory:')
  for (const name of readdirSync(folder).toSorted()) db.exec(readFileSync(resolve(folder, name), 'utf8'))
  const bytes = db.serialize()
  db.close()
  return bytes
})()

/** D1 as the history lane knows it: the project's own statements, on a plain SQLite, with a bad connection. */
export class HistoryBase implements DurableHistory {
  readonly db = new DatabaseSync(':memory:')
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #statements = new Map<string, StatementSync>()
  readonly #d1: DurableHistory
  mode: HistoryMode = 'up'
  /** Until then it answers whatever its mode is. */
  steadyUntil = 0
  /** Flushes that D1 has not answered yet. */
  flushing = 0

  constructor(accounts: readonly AccountId[], scheduler: Scheduler, random: Random) {
    this.#scheduler = scheduler
    this.#random = random
    this.db.deserialize(empty)
    for (const account of accounts)
      this.db.prepare(`INSERT INTO accounts (id, name) VALUES (?, ?)`).run(account, account)
    this.#d1 = durableHistory(this.#shim())
  }

  flush(...[account, batch]: Parameters<DurableHistory['flush']>): Promise<void> {
    this.flushing++
    return this.#answer(() => this.#d1.flush(account, batch)).finally(() => void this.flushing--)
  }

  head(...asked: Parameters<DurableHistory['head']>): ReturnType<DurableHistory['head']> {
    return this.#answer(() => this.#d1.head(...asked))
  }

  raise(...asked: Parameters<DurableHistory['raise']>): ReturnType<DurableHistory['raise']> {
    return this.#answer(() => this.#d1.raise(...asked))
  }

  lost(...asked: Parameters<DurableHistory['lost']>): ReturnType<DurableHistory['lost']> {
    return this.#answer(() => this.#d1.lost(...asked))
  }

  ledger(...asked: Parameters<DurableHistory['ledger']>): Promise<void> {
    const copy = structuredClone(asked)
    return this.#answer(() => this.#d1.ledger(...copy))
  }

  /** What D1 answers, after as long as its mode wants, or nothing. */
  #answer<Result>(ask: () => Promise<Result>): Promise<Result> {
    const mode = this.#scheduler.now < this.steadyUntil ? 'up' : this.mode
    const delay = mode === 'slow' ? 2000 + this.#random.int(12_000) : 10 + this.#random.int(200)
    return new Promise((resolve, reject) => {
      this.#scheduler.after(delay, () => {
        if (mode === 'down') return reject(new Error('D1 is down.'))
        ask().then(
          (result) =>
            mode === 'answer lost' ? reject(new Error('Network connection lost.')) : resolve(result),
          reject,
        )
      })
    })
  }

  /** A page of a thread's history, as the Worker reads it. */
  page(account: string, user: string, before: number, limit: number): Promise<Entry[]> {
    if (this.mode === 'down') return Promise.reject(new Error('D1 is down.'))
    // A page of the life that is lost would stay on its device: a gap that docs/reliability.md names.
    const head = this.statement(`SELECT epoch, flushed_epoch AS flushed FROM accounts WHERE id = ?`).get(
      account,
    )
    if (Number(head?.flushed) > 0 && Number(head?.flushed) < Number(head?.epoch))
      return Promise.reject(new Error('D1 and the object are not yet one after a restore.'))
    return historyPage(this.#shim(), account, user, before, limit)
  }

  /** The last commit of which D1 has everything. */
  flushedOf(account: string): number {
    return Number(this.statement(`SELECT flushed_seq FROM accounts WHERE id = ?`).get(account)?.flushed_seq)
  }

  /** Takes the next epoch at once, as whoever restores an account by hand does first. */
  raiseNow(account: string): void {
    this.statement(`UPDATE accounts SET epoch = epoch + 1 WHERE id = ?`).run(account)
  }

  /** What D1 has of an account: the words of its entries, and the numbers of who opted out. */
  known(account: string): { texts: ReadonlySet<string>; out: ReadonlySet<string> } {
    const of = (query: string) =>
      this.statement(query)
        .all(account)
        .map(({ value }) => String(value))
    return {
      texts: new Set(of(`SELECT json_extract(body, '$.text') AS value FROM entries WHERE account = ?`)),
      out: new Set(
        of(
          `SELECT json_extract(body, '$.address') AS value FROM mobile_users
           WHERE account = ? AND json_extract(body, '$.optedOut') IS NOT NULL`,
        ),
      ),
    }
  }

  close(): void {
    this.db.close()
  }

  /** A statement by its text, prepared once: for the lane, and for whoever looks at what D1 has. */
  statement(query: string): StatementSync {
    const known = this.#statements.get(query) ?? this.db.prepare(query)
    this.#statements.set(query, known)
    return known
  }

  /** The little of D1's interface that a batch needs. */
  #shim(): D1Database {
    const shim = {
      prepare: (query: string) => ({
        bind: (...values: (string | number)[]) => ({
          run: () => this.statement(query).run(...values),
          first: async () => this.statement(query).get(...values) ?? null,
          all: async () => ({ results: this.statement(query).all(...values) }),
        }),
      }),
      batch: async (statements: { run(): unknown }[]) => {
        this.statement('BEGIN').run()
        for (const statement of statements) statement.run()
        this.statement('COMMIT').run()
      },
    }
    return shim as unknown as D1Database
  }
}
