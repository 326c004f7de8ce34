import type { EntryId, MobileUserId } from '#shared/base/ids.ts'
import { minute, second } from '#shared/base/time.ts'
import type { ThreadChange } from '#shared/core/outcome.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import type { Cursor } from '#shared/wire/up.ts'
import type { CommitDoor } from './commit.ts'
import { DamagedThread } from './documents.ts'
import type { Connections } from './connections.ts'
import type { AuditEvent, HistoryBatch } from './durable.ts'
import { readNumber, writeMeta } from './memory.ts'
import type { Sql } from './sql.ts'
import { within } from './within.ts'

/** At most so many rows in a batch [E28]; a commit is never split. */
const rowsPerBatch = 500
/** How long changes are collected before they go. */
const collect = 1 * second
/** A lag that is worth telling. */
const worthTelling = 1 * minute
const flightLimit = 10 * second
/** How long after D1 is back a start that has not compared itself asks it, at most. */
const comparedWithin = 10 * second
/** Entries above which a thread goes on in a new epoch, and how many it keeps [E2]. */
const longThread = 360
const keepEntries = 300

export interface HistoryDeps {
  sql: Sql
  door: CommitDoor
  connections: Connections
  now(): number
  /** True once this start has compared itself with D1: what a restored object holds must not be flushed [E24]. */
  compared(): boolean
  /** Compares, and enters a new epoch where the object has gone back. Throws where D1 does not answer. */
  compare(): Promise<void>
  /** Upserts a batch by id and version. Throws where D1 did not confirm it. */
  flush(batch: HistoryBatch): Promise<void>
  /** Calls back once after `ms`. The answer cancels it. */
  after(ms: number, call: () => void): () => void
  waitUntil(promise: Promise<unknown>): void
  arm(): void
}

/** Remembers that D1 lacks an entry in this version. Called inside the commit's transaction. */
export function noteUnflushed(sql: Sql, change: ThreadChange, seq: number): void {
  const id: EntryId = change.kind === 'entry' ? change.entry.id : change.entry
  sql.run(
    `INSERT INTO unflushed (id, user, seq) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq`,
    id,
    change.user,
    seq,
  )
}

/**
 * The history lane: brings every version of conversations, people and entries to D1, in batches, for as long as
 * it takes. Durable point: D1's confirmation; dedupe key: id and version. While D1 is down nothing else suffers,
 * and after a minute the lag is told.
 */
export class HistoryLane {
  readonly #deps: HistoryDeps
  #flying = false
  #failures = 0
  #dueAt: number | null = null

  constructor(deps: HistoryDeps) {
    this.#deps = deps
  }

  /** Something of ours is under way that D1 does not have. Comparing alone needs no alarm: the next start does it. */
  get busy(): boolean {
    return this.#flying && !this.#hasAll()
  }

  /** What each start begins with. */
  begin(): void {
    this.#dueAt = this.#deps.now()
    this.pump()
  }

  /** When the lane wants the alarm, or null where D1 has everything. */
  nextDue(): number | null {
    if (this.#flying) return null
    if (this.#hasAll() && this.#deps.compared()) return null
    this.#dueAt ??= this.#deps.now() + collect
    return this.#dueAt
  }

  /** Flushes if it is time. Awaits nothing. */
  pump(): void {
    const due = this.nextDue()
    if (due === null || due > this.#deps.now()) return
    const release = this.#deps.connections.take('history')
    if (!release) return
    this.#flying = true
    this.#deps.waitUntil(this.#fly().finally(release))
  }

  /** What is written but not yet in D1. */
  lag(): { commits: number; since: number | null } {
    const { sql, door } = this.#deps
    const flushed = this.#flushed()
    const oldest = sql.one<{ at: number | null }>(`SELECT MIN(at) AS at FROM commits WHERE seq > ?`, flushed)
    return { commits: door.memory.head.seq - flushed, since: oldest?.at ?? null }
  }

  async #fly(): Promise<void> {
    const { sql, now, arm } = this.#deps
    try {
      await this.#deps.compare()
      if (this.#hasAll()) return
      const { batch, to } = this.#nextBatch()
      await within(flightLimit, this.#deps.after, this.#deps.flush(batch), 'D1 did not answer in time.')
      sql.transaction(() => {
        // Only what was sent, in the version that was sent: a newer one waits for its own flush [E21].
        const sent = [...batch.entries.map(({ entry, seq }) => ({ id: entry.id, seq })), ...batch.gone]
        for (const { id, seq } of sent) sql.run(`DELETE FROM unflushed WHERE id = ? AND seq = ?`, id, seq)
        writeMeta(sql, 'flushed seq', to)
        const event = batch.audit.at(-1)
        if (event) writeMeta(sql, 'flushed audit', event.id)
      })
      this.#failures = 0
      this.#dueAt = now()
      this.#shortenThreads()
    } catch (fault) {
      console.error('history lane', fault instanceof Error ? fault.message : 'fault')
      // The batch is put together anew, of what can be read.
      if (fault instanceof DamagedThread) this.#deps.door.mend(fault)
      this.#failures++
      // Who does not know yet whether the account was put back asks more often: texts wait for it, or do not [E24].
      const longest = this.#deps.compared() ? minute : comparedWithin
      this.#dueAt = now() + Math.min(longest, second * 2 ** Math.min(6, this.#failures))
    } finally {
      this.#flying = false
      this.#tellLag()
      if (this.#hasAll() && this.#deps.compared()) this.#dueAt = null
      arm()
      this.pump()
    }
  }

  #hasAll(): boolean {
    return this.#flushed() >= this.#deps.door.memory.head.seq
  }

  #flushed(): number {
    return readNumber(this.#deps.sql, 'flushed seq', 0)
  }

  #nextBatch(): { batch: HistoryBatch; to: number } {
    const { sql, door } = this.#deps
    const from = this.#flushed()
    const rows = sql.all<{
      tbl: HistoryBatch['removed'][number]['table']
      id: string
      seq: number
      body: string | null
    }>(
      // With the plus sign it is read by its index over `seq`, and not every conversation that there is.
      `SELECT tbl, id, seq, body FROM rows
       WHERE seq > ? AND +tbl IN ('conversations', 'mobileUsers') ORDER BY seq LIMIT ?`,
      from,
      rowsPerBatch,
    )
    const waiting = sql.all<{ id: EntryId; user: MobileUserId; seq: number }>(
      `SELECT id, user, seq FROM unflushed ORDER BY seq LIMIT ?`,
      rowsPerBatch,
    )
    // Where a list was cut its last commit may be incomplete: stop before it.
    const ends = [rows, waiting].flatMap((list) =>
      list.length === rowsPerBatch ? [(list.at(-1)?.seq ?? 0) - 1] : [],
    )
    const to = Math.max(Math.min(door.memory.head.seq, ...ends), from + 1)
    const of = <Row>(table: string) =>
      rows
        .filter(({ tbl, seq }) => tbl === table && seq <= to)
        .flatMap(({ seq, body }) => (body === null ? [] : [{ seq, row: JSON.parse(body) as Row }]))
    const entries: HistoryBatch['entries'] = []
    const gone: HistoryBatch['gone'] = []
    for (const { id, user, seq } of waiting) {
      if (seq > to) continue
      const entry = door.documents.read(user).entries.find((entry) => entry.id === id)
      if (entry) entries.push({ seq, user, entry })
      else gone.push({ seq, id })
    }
    return {
      batch: {
        epoch: door.memory.epoch,
        conversations: of<Conversation>('conversations'),
        mobileUsers: of<MobileUser>('mobileUsers'),
        entries,
        gone,
        removed: rows.flatMap(({ tbl: table, id, seq, body }) =>
          body === null && seq <= to ? [{ table, id, seq }] : [],
        ),
        at: this.#deps.now(),
        audit: sql.all<AuditEvent>(
          `SELECT id, at, seq, what, by, about FROM audit WHERE id > ? ORDER BY id LIMIT ?`,
          readNumber(sql, 'flushed audit', 0),
          rowsPerBatch,
        ),
        head: sql.one<Cursor>(`SELECT seq, tag FROM commits WHERE seq = ?`, to),
      },
      to,
    }
  }

  /** Long threads leave their oldest entries to D1, once D1 has them all. */
  #shortenThreads(): void {
    const { sql, door } = this.#deps
    for (const thread of door.documents.longer(longThread)) {
      const missing = sql.one(`SELECT id FROM unflushed WHERE user = ? LIMIT 1`, thread)
      const moving = sql.one(`SELECT message FROM outbox WHERE user = ? LIMIT 1`, thread)
      if (!missing && !moving) door.shorten(thread, keepEntries)
    }
  }

  /** Tells the account once when D1 lags by more than a minute, and once when it is over. */
  #tellLag(): void {
    const { sql, door, now } = this.#deps
    const { since } = this.lag()
    const behindSince = since !== null && now() - since > worthTelling ? since : null
    const told = sql.one<{ body: string }>(`SELECT body FROM rows WHERE tbl = 'health' AND id = 'history'`)
    const before: unknown = told ? JSON.parse(told.body).behindSince : null
    if ((before === null) === (behindSince === null)) return
    door.install([{ table: 'health', row: { id: 'history', behindSince } }])
  }
}
