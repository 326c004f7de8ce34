import { agentId, type AgentId } from '#shared/base/ids.ts'
import { day, minute } from '#shared/base/time.ts'
import type { Sql } from './sql.ts'

/** A session ends after this long without a sign of life, and after this long in any case (ASVS 7.3). */
export const idleLimit = 14 * day
export const absoluteLimit = 60 * day

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
      `SELECT agent, created, seen FROM sessions WHERE hash = ?`,
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
}
