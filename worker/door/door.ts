import { DurableObject } from 'cloudflare:workers'
import { hour } from '#shared/base/time.ts'
import { limits } from '#shared/wire/limits.ts'
import type { Env } from '../env.ts'
import { checkPassword, hashPassword } from './password.ts'
import { waitFor } from './throttle.ts'

export type Attempt = { kind: 'right' } | { kind: 'wrong' } | { kind: 'wait'; ms: number }
export type DoorApi = Door

/**
 * The door that a person knocks on: one object per email (and one per network), so that failures are counted
 * exactly and hashes of one person run one at a time, far from any account's object, which a hash would block
 * for a quarter of a second [E26].
 */
export class Door extends DurableObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    ctx.storage.sql.exec(`CREATE TABLE IF NOT EXISTS failures (at INTEGER NOT NULL)`)
  }

  /** Checks a password against a stored hash, or says how long to wait. Counts the failure before it answers. */
  knock(password: string, stored: string | null): Attempt {
    const ms = this.wait(limits.failuresPerEmail)
    if (ms > 0) return { kind: 'wait', ms }
    // A megabyte of password is nobody's: it is wrong without being hashed.
    if (password.length > 1024) return this.#failed()
    if (checkPassword(password, stored, this.env.PEPPER)) {
      this.ctx.storage.sql.exec(`DELETE FROM failures`)
      return { kind: 'right' }
    }
    return this.#failed()
  }

  /** Milliseconds until the next attempt from here is heard. */
  wait(free: number): number {
    const failures = this.ctx.storage.sql
      .exec<{ at: number }>(`SELECT at FROM failures ORDER BY at`)
      .toArray()
    return waitFor(
      failures.map(({ at }) => at),
      free,
      Date.now(),
    )
  }

  fail(): void {
    this.#failed()
  }

  hash(password: string): string {
    return hashPassword(password, this.env.PEPPER)
  }

  #failed(): Attempt {
    const now = Date.now()
    this.ctx.storage.sql.exec(`DELETE FROM failures WHERE at < ?`, now - hour)
    this.ctx.storage.sql.exec(`INSERT INTO failures (at) VALUES (?)`, now)
    return { kind: 'wrong' }
  }
}
