import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { AccountId } from '#shared/base/ids.ts'
import type { HistoryBatch } from '#worker/account/history.ts'
import type { Entry } from '#shared/model/entry.ts'
import { flushHistory, historyPage } from '#worker/history/store.ts'
import type { Random } from '#test/kit/random.ts'
import type { Scheduler } from './scheduler.ts'

export type HistoryMode = 'up' | 'down' | 'slow' | 'answer lost'

const schema = ['0002_history.sql', '0004_retention.sql']
  .map((file) => readFileSync(resolve(import.meta.dirname, '../../../migrations/history', file), 'utf8'))
  .join('\n')

/** D1 as the history lane knows it: the project's own statements, on a plain SQLite, with a bad connection. */
export class HistoryBase {
  readonly db = new DatabaseSync(':memory:')
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #statements = new Map<string, StatementSync>()
  mode: HistoryMode = 'up'

  constructor(scheduler: Scheduler, random: Random) {
    this.#scheduler = scheduler
    this.#random = random
    this.db.exec(schema)
  }

  flush(account: AccountId, batch: HistoryBatch): Promise<void> {
    const { mode } = this
    const copy = structuredClone(batch)
    const delay = mode === 'slow' ? 2000 + this.#random.int(12_000) : 10 + this.#random.int(200)
    return new Promise((resolve, reject) => {
      this.#scheduler.after(delay, () => {
        if (mode === 'down') return reject(new Error('D1 is down.'))
        void flushHistory(this.#shim(), account, copy).then(() =>
          mode === 'answer lost' ? reject(new Error('Network connection lost.')) : resolve(),
        )
      })
    })
  }

  /** A page of a thread's history, as the Worker reads it. */
  page(account: string, user: string, before: number, limit: number): Promise<Entry[]> {
    if (this.mode === 'down') return Promise.reject(new Error('D1 is down.'))
    return historyPage(this.#shim(), account, user, before, limit)
  }

  close(): void {
    this.db.close()
  }

  #statement(query: string): StatementSync {
    const known = this.#statements.get(query) ?? this.db.prepare(query)
    this.#statements.set(query, known)
    return known
  }

  /** The little of D1's interface that a batch needs. */
  #shim(): D1Database {
    const { db } = this
    const shim = {
      prepare: (query: string) => ({
        bind: (...values: (string | number)[]) => ({
          run: () => this.#statement(query).run(...values),
          all: async () => ({ results: this.#statement(query).all(...values) }),
        }),
      }),
      batch: async (statements: { run(): unknown }[]) => {
        db.exec('BEGIN')
        for (const statement of statements) statement.run()
        db.exec('COMMIT')
      },
    }
    return shim as unknown as D1Database
  }
}
