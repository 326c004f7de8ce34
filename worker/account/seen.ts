import type { AgentId } from '#shared/base/ids.ts'
import { minute } from '#shared/base/time.ts'
import type { Sql } from './sql.ts'

/** How long those who were online before a start still count: their devices come back within seconds [E25]. */
export const graceAfterStart = 1 * minute
/** At most one row of an agent is written in this time, so that a bad connection costs no storage [E25]. */
const betweenWrites = 1 * minute

/**
 * Who was online, as rows: presence itself is memory and would be empty after every crash and deploy, in which
 * everybody is connecting again and nobody has left.
 */
export class Seen {
  readonly #sql: Sql
  readonly #before: Set<AgentId>
  readonly #until: number
  #due: number | null

  constructor(sql: Sql, now: number) {
    this.#sql = sql
    const rows = sql.all<{ agent: AgentId }>(`SELECT agent FROM seen WHERE online = 1`)
    this.#before = new Set(rows.map(({ agent }) => agent))
    this.#until = now + graceAfterStart
    this.#due = this.#before.size > 0 ? this.#until : null
  }

  /** Those who were online before this start and have not been heard of since. */
  counted(now: number): readonly AgentId[] {
    return now < this.#until ? [...this.#before] : []
  }

  /** A device of this agent has reported: from now on it is what its devices say that counts. */
  heardOf(agent: AgentId): void {
    this.#before.delete(agent)
  }

  /** Writes down who is online, for each agent on a change and at most once a minute. */
  note(online: ReadonlySet<AgentId>, now: number): void {
    const rows = this.#sql.all<{ agent: AgentId; online: number; at: number }>(
      `SELECT agent, online, seen_at AS at FROM seen`,
    )
    const written = new Map(rows.map((row) => [row.agent, row]))
    this.#due = this.counted(now).length > 0 ? this.#until : null
    for (const agent of new Set([...written.keys(), ...online])) {
      const row = written.get(agent)
      const isOnline = online.has(agent)
      if ((row?.online === 1) === isOnline) continue
      if (row && now - row.at < betweenWrites) this.#dueBy(row.at + betweenWrites)
      else
        this.#sql.run(
          `INSERT INTO seen (agent, online, seen_at) VALUES (?, ?, ?)
           ON CONFLICT (agent) DO UPDATE SET online = excluded.online, seen_at = excluded.seen_at`,
          agent,
          isOnline ? 1 : 0,
          now,
        )
    }
  }

  /** When presence has to be looked at again, or null: nothing waits, or it is being looked at. */
  nextDue(now: number): number | null {
    return this.#due !== null && this.#due > now ? this.#due : null
  }

  isDue(now: number): boolean {
    return this.#due !== null && this.#due <= now
  }

  #dueBy(at: number): void {
    this.#due = Math.min(at, this.#due ?? Infinity)
  }
}
