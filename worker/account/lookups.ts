import type { ChannelId, EntryId } from '#shared/base/ids.ts'
import { minute } from '#shared/base/time.ts'
import type { Asked } from '#shared/rules/lookup.ts'
import { carrierPatience } from './outbox.ts'
import type { Sql } from './sql.ts'

/** How long a receipt may take before the carrier's list is asked [E22]. */
export const askAfter = 10 * minute

/** An unconfirmed text, on which channel it went, and how often its carrier was asked. */
export interface Lookup extends Asked {
  channel: ChannelId
  tries: number
}

/**
 * The unconfirmed texts: what their carriers' lists are asked for, and which of them were asked already. A row
 * stays until its text is settled, since what one text may be no other text can be for certain.
 */
export class Lookups {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /**
   * Remembers a text whose carrier fell silent, also one that may have left in a life that is lost as well. Called while its
   * outbox row, which says when it was called, stands.
   */
  add(message: EntryId, now: number): void {
    this.#sql.run(
      `INSERT INTO lookups (message, channel, sender, recipient, body, since, until, due, tries)
       SELECT message, channel, sender, recipient, body, COALESCE(deadline - ?, due), ?, ?, 0 FROM outbox WHERE message = ?
       ON CONFLICT (message) DO UPDATE SET until = excluded.until, due = COALESCE(due, excluded.due)`,
      carrierPatience,
      now,
      now + askAfter,
      message,
    )
  }

  /**
   * Remembers a text of a life that is lost [E24]: its carrier may have it under a name that is lost as well, and what
   * is listed may be this one. Its carrier is asked about it at `due`; null where its fate is known, and not by what
   * this life thought before it knew.
   */
  addNameless(
    { message, channel, from, to, text, since, until }: Omit<Lookup, 'tries'>,
    due: number | null,
  ): void {
    this.#sql.run(
      `INSERT INTO lookups (message, channel, sender, recipient, body, since, until, due, tries)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (message) DO UPDATE SET due = excluded.due`,
      message,
      channel,
      from,
      to,
      text,
      since,
      until,
      due,
    )
  }

  /** The text whose carrier is to be asked next, or null. None of a channel whose breaker is open. */
  next(now: number): Lookup | null {
    if ((this.nextDue() ?? Infinity) > now) return null
    return this.#sql.one<Lookup>(
      `SELECT ${columns} FROM lookups WHERE due <= ? AND ${reachable} ORDER BY due, message LIMIT 1`,
      now,
    )
  }

  nextDue(): number | null {
    return (
      this.#sql.still<{ due: number | null }>(
        `SELECT MIN(due) AS due FROM lookups WHERE due IS NOT NULL AND ${reachable}`,
      )[0]?.due ?? null
    )
  }

  /** Counts an attempt before it is made, so that one that ends the object does not come again at once. */
  lease(message: EntryId, until: number): void {
    this.#sql.run(`UPDATE lookups SET due = ?, tries = tries + 1 WHERE message = ?`, until, message)
  }

  postpone(message: EntryId, due: number): void {
    this.#sql.run(`UPDATE lookups SET due = ? WHERE message = ? AND due IS NOT NULL`, due, message)
  }

  /** A person wants the carrier asked now, before its time or once more. */
  hurry(message: EntryId, now: number): void {
    this.#sql.run(
      `UPDATE lookups SET due = ?1 WHERE message = ?2 AND (due IS NULL OR due > ?1)`,
      now,
      message,
    )
  }

  /** The carrier was asked, and a person decides. Lists lag: one that was asked early is asked again at its time. */
  close(message: EntryId, now: number): void {
    this.#sql.run(
      `UPDATE lookups SET due = CASE WHEN until + ?1 > ?2 THEN until + ?1 END WHERE message = ?3`,
      askAfter,
      now,
      message,
    )
  }

  forget(message: EntryId): void {
    this.#sql.run(`DELETE FROM lookups WHERE message = ?`, message)
  }

  /** Every text from one number to another on a channel of which nobody knows what its carrier calls it. */
  between({ channel, from, to }: Pick<Lookup, 'channel' | 'from' | 'to'>): Asked[] {
    return this.#sql.all<Asked>(
      `SELECT ${columns} FROM lookups WHERE channel = ? AND sender = ? AND recipient = ?
       AND NOT EXISTS (SELECT 1 FROM messages WHERE messages.id = lookups.message AND carrier_id IS NOT NULL)`,
      channel,
      from,
      to,
    )
  }

  /** Which of a carrier's ids are those of texts whose fate is known. */
  taken(channel: ChannelId, carrierIds: readonly string[]): ReadonlySet<string> {
    const found = this.#sql.all<{ id: string }>(
      `SELECT carrier_id AS id FROM messages
       WHERE channel = ? AND carrier_id IN (SELECT value FROM json_each(?))`,
      channel,
      JSON.stringify(carrierIds),
    )
    return new Set(found.map(({ id }) => id))
  }
}

const columns = 'message, channel, sender AS "from", recipient AS "to", body AS text, since, until, tries'
const reachable = `NOT EXISTS (SELECT 1 FROM breakers WHERE breakers.channel = lookups.channel AND open = 1)`
