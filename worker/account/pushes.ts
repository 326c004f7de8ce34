import type { AgentId, ConversationId, EntryId } from '#shared/base/ids.ts'
import type { Reach } from '#shared/rules/notify.ts'
import type { PushKeys } from '../push/encrypt.ts'
import type { Sql } from './sql.ts'

/** A browser that wants to be told, as it says it. */
export interface PushRequest extends PushKeys {
  endpoint: string
  reach: Reach
  /** Whether names and words may stand on a locked screen. */
  words: boolean
}

export interface Subscription extends PushRequest {
  /** Hash of the session that made it: it ends with it. */
  session: string
  agent: AgentId
}

/** A notification that waits to leave. */
export interface DuePush {
  session: string
  entry: EntryId
  conversation: ConversationId
  /** Order of the text in its thread: whoever has read so far needs no notification. */
  ord: number
  /** The commit that brought it. */
  seq: number
  at: number
  tries: number
}

/**
 * Browsers that want to be told of texts, one for each session, and what they are still to be told. Written in the
 * commit that brings a text, so that a crash forgets no notification; a repeated one replaces itself on the device.
 */
export class Pushes {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  subscribe(session: string, agent: AgentId, request: PushRequest): void {
    // One browser, one subscription: signing in again takes it over.
    this.#sql.run(
      `DELETE FROM push_subscriptions WHERE endpoint = ? AND session <> ?`,
      request.endpoint,
      session,
    )
    this.#sql.run(
      `INSERT INTO push_subscriptions (session, agent, endpoint, p256dh, auth, reach, words) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (session) DO UPDATE SET endpoint = excluded.endpoint, p256dh = excluded.p256dh,
         auth = excluded.auth, reach = excluded.reach, words = excluded.words`,
      session,
      agent,
      request.endpoint,
      request.p256dh,
      request.auth,
      request.reach,
      Number(request.words),
    )
  }

  unsubscribe(session: string): void {
    this.#sql.run(`DELETE FROM push_subscriptions WHERE session = ?`, session)
    this.#sql.run(`DELETE FROM pushes WHERE session = ?`, session)
  }

  /** What a session's browser asked for; null where it asked for nothing, or its session has ended. */
  of(session: string): Subscription | null {
    const row = this.#sql.one<Omit<Subscription, 'words'> & { words: number }>(
      `SELECT subscription.session, subscription.agent, endpoint, p256dh, auth, reach, words
       FROM push_subscriptions AS subscription JOIN sessions ON sessions.hash = subscription.session
       WHERE subscription.session = ?`,
      session,
    )
    return row && { ...row, words: row.words === 1 }
  }

  /** Every browser may have to be told of this text; whom it concerns is judged when it is due. */
  add(entry: EntryId, conversation: ConversationId, ord: number, seq: number, now: number): void {
    this.#sql.run(
      `INSERT OR IGNORE INTO pushes (session, entry, conversation, ord, seq, at, due, tries)
       SELECT session, ?, ?, ?, ?, ?, ?, 0 FROM push_subscriptions`,
      entry,
      conversation,
      ord,
      seq,
      now,
      now,
    )
  }

  next(now: number): DuePush | null {
    if ((this.nextDue() ?? Infinity) > now) return null
    return this.#sql.one<DuePush>(
      `SELECT session, entry, conversation, ord, seq, at, tries FROM pushes WHERE due <= ? ORDER BY due LIMIT 1`,
      now,
    )
  }

  nextDue(): number | null {
    return this.#sql.still<{ due: number | null }>(`SELECT MIN(due) AS due FROM pushes`)[0]?.due ?? null
  }

  postpone({ session, entry }: DuePush, due: number, tries: number): void {
    this.#sql.run(
      `UPDATE pushes SET due = ?, tries = ? WHERE session = ? AND entry = ?`,
      due,
      tries,
      session,
      entry,
    )
  }

  done({ session, entry }: DuePush): void {
    this.#sql.run(`DELETE FROM pushes WHERE session = ? AND entry = ?`, session, entry)
  }
}
