import { agentId, type AgentId } from '#shared/base/ids.ts'
import { day, minute } from '#shared/base/time.ts'
import type { Sql } from './sql.ts'

/** A session ends after this long without a sign of life, and after this long in any case (ASVS 7.3). */
export const idleLimit = 14 * day
export const absoluteLimit = 60 * day

/** A session as its own object knows it. `device`: what the browser calls itself; times in ms. */
export interface SessionHere {
  hash: string
  device: string
  created: number
  seen: number
}

/** What a session is called on the outside: enough of its hash to name it, and nothing to use it with. */
export function publicId(hash: string): string {
  return hash.slice(0, 24)
}

/**
 * Sessions of the account's agents. The cookie holds a 256-bit secret, this table its SHA-256, taken by the
 * Worker beforehand, because nothing here may wait for WebCrypto.
 */
export class Sessions {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  open(hash: string, agent: AgentId, device: string, now: number): void {
    this.#sql.run(
      `INSERT INTO sessions (hash, agent, device, created, seen) VALUES (?, ?, ?, ?, ?)`,
      hash,
      agent,
      device.slice(0, 200),
      now,
      now,
    )
  }

  /** Whose session this is, or null where it never was, ended, or has grown too old. */
  agentOf(hash: string, now: number): AgentId | null {
    const found = this.#sql.one<{ agent: string; created: number; seen: number }>(
      `SELECT agent, created, seen FROM sessions WHERE hash = ? AND ended IS NULL`,
      hash,
    )
    if (!found) return null
    if (now - found.seen > idleLimit || now - found.created > absoluteLimit) {
      this.close(hash)
      return null
    }
    if (now - found.seen > minute) this.#sql.run(`UPDATE sessions SET seen = ? WHERE hash = ?`, now, hash)
    return agentId.parse(found.agent)
  }

  close(hash: string): void {
    this.#sql.run(`DELETE FROM sessions WHERE hash = ?`, hash)
  }

  /** The sessions of an agent that go on, the one used last first. */
  of(agent: AgentId, now: number): SessionHere[] {
    return this.#sql.all<SessionHere>(
      `SELECT hash, device, created, seen FROM sessions
       WHERE agent = ? AND ended IS NULL AND seen >= ? AND created >= ? ORDER BY seen DESC, hash`,
      agent,
      now - idleLimit,
      now - absoluteLimit,
    )
  }

  /** Ends a session from afar. Its browser does not know yet, and learns it when it asks next. */
  end(hash: string, now: number): void {
    this.#sql.run(`UPDATE sessions SET ended = ? WHERE hash = ? AND ended IS NULL`, now, hash)
  }

  wasEnded(hash: string): boolean {
    return this.#sql.one(`SELECT hash FROM sessions WHERE hash = ? AND ended IS NOT NULL`, hash) !== null
  }

  /** Forgets sessions that are too old to be used or asked for. */
  tidy(now: number): void {
    this.#sql.run(`DELETE FROM sessions WHERE created < ?`, now - absoluteLimit)
  }
}
