import type { AccountId, ChannelId, EntryId, MobileUserId } from '#shared/base/ids.ts'
import { second } from '#shared/base/time.ts'
import type { Effect } from '#shared/core/outcome.ts'
import type { Holding } from './lives.ts'
import type { Sql } from './sql.ts'

/** How long Parley waits for a carrier's answer: the one place that says so [design 9]. */
export const carrierPatience = 10 * second
/** A call starts within this of its claim row, or the claim is given back unused [E22]. */
export const claimFreshness = 2 * second
/** Silences in a row that open a channel's breaker [E22]. */
const silencesToOpen = 2
/** Between two harmless GETs to a carrier whose breaker is open. */
export const probeEvery = 5 * second

/** A text that waits to leave, or is leaving. */
export interface Waiting {
  message: EntryId
  channel: ChannelId
  sender: string
  recipient: string
  body: string
  /** 1 where it leaves as an MMS without a picture. */
  textOnly?: number
  /** JSON, a list of media ids; absent for none. */
  media?: string
  /** Whose text it is, which its pictures are found by. */
  account?: AccountId
}

/**
 * The rows of the chat lane: what waits, what is claimed, which channels are silent. Written only inside
 * commits, except for what a restart finds; who calls carriers is `chat-lane.ts`.
 */
export class Outbox {
  readonly #sql: Sql
  readonly #start: string

  constructor(sql: Sql, start: string) {
    this.#sql = sql
    this.#start = start
  }

  add(text: Extract<Effect, { kind: 'hand over' }>, conversation: string, now: number): void {
    this.#sql.run(
      `INSERT INTO outbox (message, user, channel, sender, recipient, body, text_only, media, ord, state, start, deadline, due, tries, life, behind)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'ready', NULL, NULL, ?, 0, ?, ?)`,
      text.message,
      text.user,
      text.channel,
      text.from,
      text.to,
      text.text,
      Number(text.textOnly ?? false),
      JSON.stringify(text.media ?? []),
      text.order,
      now,
      this.#start,
      Number(text.behind ?? false),
    )
    // One that was held after a restore is known already.
    this.know(text.message, text.user, conversation, text.channel, now)
  }

  withdraw(message: EntryId): void {
    this.#sql.run(`DELETE FROM outbox WHERE message = ?`, message)
  }

  claim(message: EntryId, now: number): void {
    this.#sql.run(
      `UPDATE outbox SET state = 'claimed', start = ?, deadline = ? WHERE message = ? AND state = 'ready'`,
      this.#start,
      now + carrierPatience,
      message,
    )
  }

  /** Back to waiting, until `due`: the carrier asked for time, or the call never started. */
  retry(message: EntryId, due: number): void {
    this.#sql.run(
      `UPDATE outbox SET state = 'ready', start = NULL, deadline = NULL, due = ?, tries = tries + 1 WHERE message = ?`,
      due,
      message,
    )
  }

  /**
   * The next texts that may leave now: for each person the oldest, and only if nothing of theirs is claimed, so
   * that order is kept per conversation; none of a channel whose breaker is open, nor of those that wait while
   * nobody knows whether the object has gone back [E24]. What waits behind conversation comes last, and never takes the
   * last connection that is `free` [F215].
   */
  next(now: number, free: number, holding: Holding = 'none'): Waiting[] {
    if (holding === 'all') return []
    // Mostly nothing waits, and the whole question costs twenty times as much.
    if (this.#sql.still(`SELECT message FROM outbox WHERE state = 'ready' LIMIT 1`).length === 0) return []
    const texts = this.#sql.all<Waiting & { behind: number }>(
      `SELECT message, channel, sender, recipient, body, text_only AS textOnly, media, behind FROM outbox AS text
       WHERE state = 'ready' AND due <= ? AND (life = ? OR ? = 0)
         AND NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.user = text.user AND earlier.ord < text.ord)
         AND NOT EXISTS (SELECT 1 FROM breakers WHERE breakers.channel = text.channel AND open = 1)
       ORDER BY behind, due, ord LIMIT ?`,
      now,
      this.#start,
      Number(holding === 'earlier'),
      free,
    )
    return texts.filter(({ behind }, index) => behind === 0 || index < free - 1)
  }

  /** Claims of an earlier start or past their deadline: whether their carrier was called, nobody knows [E22]. */
  lost(now: number): EntryId[] {
    if (this.#nextDeadline() === null) return []
    return this.#sql
      .all<{ message: EntryId }>(
        `SELECT message FROM outbox WHERE state = 'claimed' AND (start <> ? OR deadline < ?)`,
        this.#start,
        now,
      )
      .map(({ message }) => message)
  }

  /** Whether a text of an earlier start waits or is claimed. */
  holdsEarlier(): boolean {
    return this.#sql.one(`SELECT message FROM outbox WHERE life <> ? LIMIT 1`, this.#start) !== null
  }

  /** Texts of earlier starts to one person that may or may not have left in a life that is lost [E24]. */
  earlierFor(user: MobileUserId): EntryId[] {
    return this.#sql
      .all<{ message: EntryId }>(`SELECT message FROM outbox WHERE user = ? AND life <> ?`, user, this.#start)
      .map(({ message }) => message)
  }

  /** Texts that this start accepted for one person and that have not left yet. */
  waitingFor(user: MobileUserId): EntryId[] {
    return this.#sql
      .all<{ message: EntryId }>(
        `SELECT message FROM outbox WHERE user = ? AND life = ? AND state = 'ready'`,
        user,
        this.#start,
      )
      .map(({ message }) => message)
  }

  /** Nothing that an earlier start accepted is left to be sent. */
  dropEarlier(): void {
    this.#sql.run(`DELETE FROM outbox WHERE life <> ?`, this.#start)
  }

  /** What a carrier is known to have, or may have: kept so that its receipt finds the text [E27]. */
  know(message: EntryId, user: MobileUserId, conversation: string, channel: string, now: number): void {
    this.#sql.run(
      `INSERT OR IGNORE INTO messages (id, user, conversation, channel, carrier_id, at) VALUES (?, ?, ?, ?, NULL, ?)`,
      message,
      user,
      conversation,
      channel,
      now,
    )
  }

  isClaimed(message: EntryId): boolean {
    return (
      this.#sql.one(`SELECT message FROM outbox WHERE message = ? AND state = 'claimed'`, message) !== null
    )
  }

  /** When the lane has something to do next, or null. */
  nextDue(holding: Holding = 'none'): number | null {
    const [text] = this.#sql.still<{ due: number | null }>(
      `SELECT MIN(due) AS due FROM outbox AS text
       WHERE state = 'ready' AND (life = ? OR ? = 0) AND ? = 0
         AND NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.user = text.user AND earlier.ord < text.ord)
         AND NOT EXISTS (SELECT 1 FROM breakers WHERE breakers.channel = text.channel AND open = 1)`,
      this.#start,
      Number(holding === 'earlier'),
      Number(holding === 'all'),
    )
    const dues = [text?.due ?? null, this.#nextDeadline(), this.#nextProbe()].filter((due) => due !== null)
    return dues.length === 0 ? null : Math.min(...dues)
  }

  /** When the first claim is past its patience; null where nothing is claimed. */
  #nextDeadline(): number | null {
    const [found] = this.#sql.still<{ due: number | null }>(
      `SELECT MIN(deadline) AS due FROM outbox WHERE state = 'claimed'`,
    )
    return found?.due ?? null
  }

  #nextProbe(): number | null {
    const [found] = this.#sql.still<{ due: number | null }>(
      `SELECT MIN(probe_at) AS due FROM breakers WHERE open = 1`,
    )
    return found?.due ?? null
  }

  remember(message: EntryId, carrierId: string): void {
    this.#sql.run(
      `UPDATE OR IGNORE messages SET carrier_id = ? WHERE id = ? AND carrier_id IS NULL`,
      carrierId,
      message,
    )
  }

  channelOf(message: EntryId): ChannelId | null {
    return (
      this.#sql.one<{ channel: ChannelId }>(`SELECT channel FROM messages WHERE id = ?`, message)?.channel ??
      null
    )
  }

  /** Counts an answer or a silence of a channel. Answers true when that opened its breaker, false when it closed. */
  count(channel: ChannelId, answered: boolean, now: number): boolean | null {
    const before = this.#breaker(channel)
    const silent = answered ? 0 : before.silent + 1
    const open = answered ? 0 : silent >= silencesToOpen ? 1 : before.open
    this.#writeBreaker(channel, silent, open, now + probeEvery)
    return open === before.open ? null : open === 1
  }

  /** Channels that are due for a probe. */
  probesDue(now: number): ChannelId[] {
    if ((this.#nextProbe() ?? Infinity) > now) return []
    return this.#sql
      .all<{ channel: ChannelId }>(`SELECT channel FROM breakers WHERE open = 1 AND probe_at <= ?`, now)
      .map(({ channel }) => channel)
  }

  probed(channel: ChannelId, alive: boolean, now: number): void {
    if (alive) this.#writeBreaker(channel, 0, 0, 0)
    else this.#writeBreaker(channel, silencesToOpen, 1, now + probeEvery)
  }

  #breaker(channel: ChannelId): { silent: number; open: number } {
    return (
      this.#sql.one<{ silent: number; open: number }>(
        `SELECT silent, open FROM breakers WHERE channel = ?`,
        channel,
      ) ?? {
        silent: 0,
        open: 0,
      }
    )
  }

  #writeBreaker(channel: ChannelId, silent: number, open: number, probeAt: number): void {
    this.#sql.run(
      `INSERT INTO breakers (channel, silent, open, probe_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (channel) DO UPDATE SET silent = excluded.silent, open = excluded.open, probe_at = excluded.probe_at`,
      channel,
      silent,
      open,
      probeAt,
    )
  }
}
