import type { EntryId } from '#shared/base/ids.ts'
import type { Sql } from './sql.ts'

/**
 * What a due time is for. `ref` is what it is about: for `scheduled` a text, for `waiting` and `marks` a conversation.
 * `marks` goes on with an ending that had more to write than one commit may [E19].
 */
export interface Timer {
  id: string
  due: number
  kind: 'waiting' | 'scheduled' | 'marks'
  ref: string
}

/** The timer of a scheduled text. */
export function scheduleOf(message: EntryId): string {
  return `scheduled:${message}`
}

/**
 * Due times that the one alarm serves [E21]. A timer is taken out in the transaction of the commit that it
 * causes, so an alarm that comes again, or one that died before it was done, does nothing twice.
 */
export class Timers {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  set({ id, due, kind, ref }: Timer): void {
    this.#sql.run(
      `INSERT INTO timers (id, due, kind, ref) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET due = excluded.due, kind = excluded.kind, ref = excluded.ref`,
      id,
      due,
      kind,
      ref,
    )
  }

  clear(id: string): void {
    this.#sql.run(`DELETE FROM timers WHERE id = ?`, id)
  }

  /** Takes a timer out if it is due; false where it is not, or was taken before. */
  take(id: string, now: number): boolean {
    const found = this.#sql.one(`SELECT id FROM timers WHERE id = ? AND due <= ?`, id, now)
    if (found) this.clear(id)
    return found !== null
  }

  /** Those that are due, the longest overdue first. Scheduled texts are due `delay` ms after their time [E24]. */
  due(now: number, most: number, delay: number): Timer[] {
    if ((this.#first()?.due ?? Infinity) > now) return []
    return this.#sql.all<Timer>(
      `SELECT id, due, kind, ref FROM timers
       WHERE due <= ? AND (kind <> 'scheduled' OR due <= ?) ORDER BY due, id LIMIT ?`,
      now,
      Math.max(0, now - delay),
      most,
    )
  }

  /** When the next one is due. Scheduled texts are not looked at again before `sendingFrom`. */
  nextDue(sendingFrom: number): number | null {
    const next = this.#first()
    if (!next || next.kind !== 'scheduled' || next.due >= sendingFrom) return next?.due ?? null
    const [other] = this.#sql.still<{ due: number }>(
      `SELECT due FROM timers WHERE kind <> 'scheduled' ORDER BY due LIMIT 1`,
    )
    return Math.min(other?.due ?? Infinity, sendingFrom)
  }

  #first(): Pick<Timer, 'due' | 'kind'> | null {
    const [first] = this.#sql.still<Pick<Timer, 'due' | 'kind'>>(
      `SELECT due, kind FROM timers ORDER BY due LIMIT 1`,
    )
    return first ?? null
  }

  /** Puts off one that could not be served, so that it does not stand in the way of the others. */
  postpone(id: string, due: number): void {
    this.#sql.run(`UPDATE timers SET due = ? WHERE id = ?`, due, id)
  }

  /** Forgets all timers of a kind. */
  clearAll(kind: Timer['kind']): void {
    this.#sql.run(`DELETE FROM timers WHERE kind = ?`, kind)
  }

  /** What all timers of a kind are about. */
  refs(kind: Timer['kind']): string[] {
    return this.#sql.all<{ ref: string }>(`SELECT ref FROM timers WHERE kind = ?`, kind).map(({ ref }) => ref)
  }
}
