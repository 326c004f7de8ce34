import type { BroadcastId, ChannelId, EntryId, ListId, MobileUserId } from '#shared/base/ids.ts'
import type { Delivery, DeliveryState } from '#shared/model/delivery.ts'
import { countStates, skip, type PreparedText } from '#shared/rules/broadcast.ts'
import { advance } from '#shared/rules/delivery.ts'
import type { Broadcast, BroadcastCounts } from '#shared/rows/broadcast.ts'
import type { LedgerLine } from './durable.ts'
import { readText, type LedgerText } from './ledger-text.ts'
import { carrierPatience } from './outbox.ts'
import type { Sql } from './sql.ts'

/** A claimed text of the bulk lane, with all that its consumer needs to call the carrier once. */
export interface BulkClaim {
  message: EntryId
  /** Names this claim: only who holds it may give it back. */
  claim: string
  channel: ChannelId
  sender: string
  recipient: string
  body: string
}

/**
 * The ledger of broadcasts: one line a recipient, which is the text's outbox row as well until its carrier was called.
 * Written inside commits only.
 *
 * 1. A broadcast has one line for each recipient, whoever enters it and however often: at most one text each [P3].
 * 2. A line's state moves only forward (`rules/delivery.ts`), but for a claim whose call never began.
 * 3. Each change raises the line's version, by which D1 is brought up to date.
 */
export class Broadcasts {
  readonly #sql: Sql
  readonly #start: string
  /** False once the lane found nothing to do, until something is written here: most accounts send no broadcast. */
  stirred = true

  constructor(sql: Sql, start: string) {
    this.#sql = sql
    this.#start = start
  }

  // --------------------------------------------------------------------------------------------- preparing them

  /** Writes down who is on the list in this commit: that is whom it was pressed for, whoever leaves or joins later. */
  begin(broadcast: BroadcastId, list: ListId): void {
    this.stirred = true
    this.#sql.run(
      `INSERT INTO broadcast_jobs (broadcast, after, users)
       SELECT ?, '', json_group_array(user) FROM list_members WHERE list = ?`,
      broadcast,
      list,
    )
  }

  /** The broadcast whose recipients are being entered, and after whom that goes on. */
  job(): { broadcast: BroadcastId; after: string } | null {
    const [job] = this.#sql.still<{ broadcast: BroadcastId; after: string }>(
      `SELECT broadcast, after FROM broadcast_jobs ORDER BY broadcast LIMIT 1`,
    )
    return job ?? null
  }

  /** The next recipients to be entered, by id, after the id `after`. */
  recipients({ broadcast, after }: { broadcast: BroadcastId; after: string }, limit: number): MobileUserId[] {
    return this.#sql
      .all<{ user: MobileUserId }>(
        `SELECT value AS user FROM broadcast_jobs, json_each(users) WHERE broadcast = ? AND value > ? ORDER BY value LIMIT ?`,
        broadcast,
        after,
        limit,
      )
      .map(({ user }) => user)
  }

  goOn(broadcast: BroadcastId, after: string | null): void {
    if (after === null) this.#sql.run(`DELETE FROM broadcast_jobs WHERE broadcast = ?`, broadcast)
    else this.#sql.run(`UPDATE broadcast_jobs SET after = ? WHERE broadcast = ?`, after, broadcast)
  }

  enter(
    { id, number }: Pick<Broadcast, 'id' | 'number'>,
    message: EntryId,
    user: MobileUserId,
    channel: ChannelId,
    { text, parts, delivery }: PreparedText,
    conversation: string | null,
  ): void {
    this.#sql.run(
      `INSERT INTO ledger (message, broadcast, user, number, channel, conversation, body, parts, state, at, code, reason,
         due, answered, version, flushed)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1, 0)`,
      message,
      id,
      user,
      number,
      channel,
      conversation,
      text,
      parts,
      delivery.state,
      delivery.at,
      'code' in delivery ? delivery.code : null,
      'text' in delivery ? delivery.text : null,
      delivery.at,
    )
    this.#note(id)
  }

  /** Whether a recipient has their line already. */
  isEntered(broadcast: BroadcastId, user: MobileUserId): boolean {
    return (
      this.#sql.one(`SELECT message FROM ledger WHERE broadcast = ? AND user = ?`, broadcast, user) !== null
    )
  }

  // ------------------------------------------------------------------------------------------- handing them over

  /** The text that is next in turn, of a channel whose breaker is closed. */
  next(now: number): LedgerText | null {
    return readText(
      this.#sql,
      `state = 'accepted' AND due <= ? AND ${reachable} ORDER BY due, message LIMIT 1`,
      now,
    )
  }

  /** Whether a text waits at all, also behind a channel that cannot be reached, or is claimed. */
  leaving(): boolean {
    // Apart, so that each is found by its index: a finished ledger is long.
    const found = this.#sql.still(
      `SELECT 1 AS found WHERE EXISTS (SELECT 1 FROM ledger WHERE state = 'accepted')
         OR EXISTS (SELECT 1 FROM ledger WHERE state = 'claimed')`,
    )
    return found.length > 0
  }

  /** How many texts wait whose channel can be reached, counted up to `most`. */
  waiting(most: number): number {
    const found = this.#sql.one<{ count: number }>(
      `SELECT COUNT(*) AS count FROM (SELECT 1 FROM ledger WHERE state = 'accepted' AND ${reachable} LIMIT ?)`,
      most,
    )
    return found?.count ?? 0
  }

  /** The first by the index: `MIN` would look at every line that waits, with each text that leaves. */
  nextDue(): number | null {
    const [found] = this.#sql.still<{ due: number }>(
      `SELECT due FROM ledger WHERE state = 'accepted' AND ${reachable} ORDER BY due, message LIMIT 1`,
    )
    return found?.due ?? null
  }

  claim(message: EntryId, claim: string, now: number): void {
    this.stirred = true
    this.#sql.run(
      `UPDATE ledger SET state = 'claimed', at = ?, claim = ?, claimed_by = ?, deadline = ?, version = version + 1
       WHERE message = ? AND state = 'accepted'`,
      now,
      claim,
      this.#start,
      now + carrierPatience,
      message,
    )
  }

  /** A claim whose call never began, or was answered with "later", waits again until `due`. */
  giveBack(message: EntryId, claim: string, due: number): void {
    this.stirred = true
    this.#sql.run(
      `UPDATE ledger SET state = 'accepted', claim = NULL, claimed_by = NULL, deadline = NULL, due = ?, version = version + 1
       WHERE message = ? AND claim = ? AND state = 'claimed'`,
      due,
      message,
      claim,
    )
  }

  /** Claims of an earlier start or past their deadline: whether their carrier was called, nobody knows [E22]. */
  lost(now: number): EntryId[] {
    if (this.nextDeadline() === null) return []
    return this.#sql
      .all<{ message: EntryId }>(
        `SELECT message FROM ledger WHERE state = 'claimed' AND (claimed_by <> ? OR deadline < ?)`,
        this.#start,
        now,
      )
      .map(({ message }) => message)
  }

  nextDeadline(): number | null {
    const [found] = this.#sql.still<{ due: number | null }>(
      `SELECT MIN(deadline) AS due FROM ledger WHERE state = 'claimed'`,
    )
    return found?.due ?? null
  }

  /** Moves a text on, never back. Answers whether it moved. */
  deliver(text: LedgerText, news: Delivery): boolean {
    const next = advance(text.delivery, news)
    if (next === null) return false
    this.#sql.run(
      `UPDATE ledger SET state = ?, at = ?, code = ?, reason = ?, claim = NULL, deadline = NULL, version = version + 1
       WHERE message = ?`,
      next.state,
      next.at,
      'code' in next ? next.code : null,
      'text' in next ? next.text : null,
      text.message,
    )
    this.#note(text.broadcast)
    return true
  }

  remember(message: EntryId, carrierId: string): void {
    this.#sql.run(
      `UPDATE OR IGNORE ledger SET carrier_id = ? WHERE message = ? AND carrier_id IS NULL`,
      carrierId,
      message,
    )
  }

  /** Somebody opted out: what waits for them is skipped by this very commit [DC25]. */
  skipFor(user: MobileUserId, word: string, now: number): void {
    this.stirred = true
    const { code, text } = skip(word, now)
    this.#sql.run(
      `INSERT OR IGNORE INTO broadcast_news (broadcast)
       SELECT DISTINCT broadcast FROM ledger WHERE user = ? AND state = 'accepted'`,
      user,
    )
    this.#sql.run(
      `UPDATE ledger SET state = 'refused', at = ?, code = ?, reason = ?, version = version + 1
       WHERE user = ? AND state = 'accepted'`,
      now,
      code,
      text,
      user,
    )
  }

  // ---------------------------------------------------------------------------------------------- what is known

  text(message: EntryId): LedgerText | null {
    return readText(this.#sql, `message = ?`, message)
  }

  /** The text that a receipt of a channel is about, by our id or by the carrier's. */
  textOf(channel: string, message: EntryId | null, carrierId: string): LedgerText | null {
    return message === null
      ? readText(this.#sql, `channel = ? AND carrier_id = ?`, channel, carrierId)
      : readText(this.#sql, `channel = ? AND message = ?`, channel, message)
  }

  /** Broadcasts whose row is to be told how far they are. */
  news(): BroadcastId[] {
    return this.#sql
      .still<{ broadcast: BroadcastId }>(`SELECT broadcast FROM broadcast_news ORDER BY broadcast`)
      .map(({ broadcast }) => broadcast)
  }

  told(broadcast: BroadcastId): void {
    this.#sql.run(`DELETE FROM broadcast_news WHERE broadcast = ?`, broadcast)
  }

  counts(broadcast: BroadcastId): BroadcastCounts {
    return countStates(
      this.#sql
        .all<{ state: DeliveryState; count: number }>(
          `SELECT state, COUNT(*) AS count FROM ledger WHERE broadcast = ? GROUP BY state`,
          broadcast,
        )
        .map(({ state, count }) => [state, count] as const),
    )
  }

  answered(message: EntryId): void {
    this.#sql.run(`UPDATE ledger SET answered = 1 WHERE message = ?`, message)
  }

  // --------------------------------------------------------------------------------------------------- D1 and time

  /** Whether D1 lacks a line, or has it in an older version. */
  hasUnflushed(): boolean {
    return this.#sql.still(`SELECT message FROM ledger WHERE version > flushed LIMIT 1`).length > 0
  }

  /** Lines that D1 does not have in this version, with the version that goes there. */
  unflushed(limit: number): LedgerLine[] {
    return this.#sql.all<LedgerLine>(
      `SELECT message, broadcast, user, number, conversation, body, parts, state, at, code, reason, version
       FROM ledger WHERE version > flushed LIMIT ?`,
      limit,
    )
  }

  flushed(lines: readonly LedgerLine[]): void {
    this.#sql.run(
      `UPDATE ledger SET flushed = sent.version
       FROM (SELECT json_extract(value, '$.message') AS id, json_extract(value, '$.version') AS version FROM json_each(?)) AS sent
       WHERE ledger.message = sent.id`,
      JSON.stringify(lines.map(({ message, version }) => ({ message, version }))),
    )
  }

  /** Texts to somebody that have not left and stand in the inbox. */
  inInboxOf(user: MobileUserId): EntryId[] {
    return this.#sql
      .all<{ message: EntryId }>(
        `SELECT message FROM ledger
         WHERE user = ? AND state IN ('accepted', 'claimed') AND conversation IS NOT NULL`,
        user,
      )
      .map(({ message }) => message)
  }

  /** The account enters a new epoch: what had not left may have left in the life that is lost [E24]. */
  stop(now: number): BroadcastId[] {
    const open = this.#sql.all<{ broadcast: BroadcastId }>(
      `SELECT broadcast FROM ledger WHERE state IN ('accepted', 'claimed') UNION SELECT broadcast FROM broadcast_jobs`,
    )
    this.#sql.run(
      `UPDATE ledger SET state = 'unconfirmed', at = ?, version = version + 1 WHERE state IN ('accepted', 'claimed')`,
      now,
    )
    this.#sql.run(`DELETE FROM broadcast_jobs`)
    for (const { broadcast } of open) this.#note(broadcast)
    return open.map(({ broadcast }) => broadcast)
  }

  #note(broadcast: BroadcastId): void {
    this.stirred = true
    this.#sql.run(`INSERT OR IGNORE INTO broadcast_news (broadcast) VALUES (?)`, broadcast)
  }
}

const reachable = `NOT EXISTS (SELECT 1 FROM breakers WHERE breakers.channel = ledger.channel AND open = 1)`
