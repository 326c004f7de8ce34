import type { EntryId } from '#shared/base/ids.ts'
import { second } from '#shared/base/time.ts'
import { enterRecipient } from '#shared/core/broadcast.ts'
import { settle } from '#shared/core/arrivals/receipt.ts'
import { optOut } from '#shared/core/commands/consent.ts'
import { Draft } from '#shared/core/draft.ts'
import type { Handover, Receipt } from '#shared/core/input.ts'
import { held } from '#shared/core/world.ts'
import type { Ids } from '#shared/base/ids.ts'
import type { Delivery } from '#shared/model/delivery.ts'
import { skip } from '#shared/rules/broadcast.ts'
import type { Broadcast } from '#shared/rows/broadcast.ts'
import type { After } from './chat-lane.ts'
import type { BulkClaim } from './broadcasts.ts'
import type { CommitDoor, JobWriter } from './commit.ts'
import type { Reached } from './crash-points.ts'
import { openOfPair, conversationOf } from './gather.ts'
import type { LedgerText } from './ledger-text.ts'
import { unsurePatience } from './lives.ts'
import { readNumber, writeMeta } from './memory.ts'
import { getRow } from './rows.ts'
import type { Sql } from './sql.ts'

/** Recipients that one commit enters: with their line alone, and with the six rows that the inbox takes besides [E19]. */
const enteredAtOnce = { ledger: 450, inbox: 80 } as const
/** What a nudge is trusted for. After that another goes out: queues forget, and their consumers die. */
const nudgePatience = 30 * second
/** Texts that one nudge is for, and nudges that go out at once: as many consumers as `wrangler.toml` allows. */
export const textsPerNudge = 50
const nudgesAtMost = 10
/** People who opted out that one call passes over before it lets others in. */
const skippedAtOnce = 200
/** How long a consumer waits before it asks again: while conversation goes first, and while D1 is compared with. */
const comeAgainIn = 100
/** How often a broadcast's row tells its progress, at most: each time is a commit for everybody. */
const progressEvery = 1 * second
const linesPerFlush = 500

/** What a consumer is told that asks for a text: one to hand over, to come again in so many ms, or that all is done. */
export type BulkAnswer =
  | { kind: 'text'; text: BulkClaim }
  | { kind: 'wait'; ms: number }
  | { kind: 'nothing' }

export interface BulkLaneDeps {
  sql: Sql
  door: CommitDoor
  ids: Ids
  now(): number
  reached: Reached
  /** What the Worker kept while this object could not be reached: it comes in before a text leaves [P4]. */
  kept: { holds(): boolean }
  /** Tells so many consumers that texts wait. */
  nudge(count: number): Promise<void>
  /** True once this start has compared itself with D1: before that no text is given out, and no line flushed [E24]. */
  compared(): boolean
  /**
   * Whether recipients are not entered yet: as long as pressed texts wait [E24]. They do not wait for D1, which may be
   * away for long.
   */
  held(): boolean
  /** Brings lines of the ledger to D1. */
  flush(lines: ReturnType<CommitDoor['broadcasts']['unflushed']>): Promise<void>
  after: After
  waitUntil(promise: Promise<unknown>): void
  arm(): void
}

/**
 * Broadcasts, from SUBMIT to the last receipt. Their texts leave through a queue, behind conversation [F285]:
 *
 * 1. The ledger is the truth. A queue message only says that texts wait, so losing or repeating one does no harm
 *    [fault S6]: a consumer asks for one text at a time, and the claim is written in the commit that answers it.
 * 2. Opt-out and number are looked at in that very commit [P4]. A claim whose answer nobody has becomes
 *    `unconfirmed`, never a second call [P3].
 * 3. While a text of a conversation waits to leave, no claim is given.
 */
export class BulkLane {
  readonly #deps: BulkLaneDeps
  #preparing = false
  #flushing = false
  #flushAt: number | null = null
  #toldAt = 0

  constructor(deps: BulkLaneDeps) {
    this.#deps = deps
  }

  /** When the lane has something to do next, or null. */
  nextDue(): number | null {
    const { door, now } = this.#deps
    const { broadcasts } = door
    if (!broadcasts.stirred) return null
    const waits = broadcasts.nextDue()
    const soon = this.#deps.compared() ? now() : now() + unsurePatience
    const dues = [
      broadcasts.job() ? (this.#deps.held() ? now() + comeAgainIn : now()) : null,
      broadcasts.news().length > 0 ? this.#toldAt + progressEvery : null,
      waits === null ? null : Math.max(waits, soon, this.#nudgedUntil),
      broadcasts.nextDeadline(),
      this.#flushing || !this.#deps.compared() || !broadcasts.hasUnflushed()
        ? null
        : (this.#flushAt ?? now() + progressEvery),
    ].filter((due) => due !== null)
    if (dues.length > 0) return Math.min(...dues)
    // A flush that is under way may fail, and lines may wait for the comparison with D1: they are still to go.
    broadcasts.stirred = this.#flushing || broadcasts.leaving() || broadcasts.hasUnflushed()
    return null
  }

  /** Does what is due. Awaits nothing. */
  pump(): void {
    if (!this.#deps.door.broadcasts.stirred) return
    this.#recover()
    this.#prepare()
    this.#nudge()
    this.#tell()
    this.#flush()
    this.#deps.arm()
  }

  /** A consumer asks for a text. The claim stands when this returns; its call has to begin within 2 s [E22]. */
  claim(): BulkAnswer {
    const { door, now, compared, kept, reached } = this.#deps
    if (!compared() || kept.holds()) return { kind: 'wait', ms: comeAgainIn }
    if (door.outbox.next(now(), 1).length > 0) return { kind: 'wait', ms: comeAgainIn }
    const answer = door.job((writer): BulkAnswer => {
      for (let skipped = 0; skipped < skippedAtOnce; skipped++) {
        const text = door.broadcasts.next(now())
        if (!text) return { kind: 'nothing' }
        const claim = this.#judge(text, writer)
        if (claim) return { kind: 'text', text: claim }
      }
      return { kind: 'wait', ms: 0 }
    })
    if (answer.kind === 'text') reached('after-bulk-claim')
    this.#deps.arm()
    return answer
  }

  /** What the carrier answered, or did not. Repeating it changes nothing. */
  handed(message: EntryId, claim: string, outcome: Handover): void {
    const { door, now } = this.#deps
    door.job((writer) => {
      const text = door.broadcasts.text(message)
      if (!text) return
      writer.count(text.channel, outcome.kind !== 'silent')
      switch (outcome.kind) {
        case 'accepted':
          this.#settle(text, { state: 'sent', at: now() }, writer)
          door.broadcasts.remember(message, outcome.carrierId)
          for (const receipt of this.#parked(text, outcome.carrierId)) {
            const current = door.broadcasts.text(message)
            if (current) this.#settle(current, { ...receipt, at: now() }, writer)
          }
          return
        case 'rejected':
          this.#settle(text, { state: 'failed', at: now(), code: outcome.code, text: outcome.text }, writer)
          if (outcome.optedOut) this.#carrierSaysOptedOut(text, writer)
          return
        case 'busy':
          return door.broadcasts.giveBack(message, claim, now() + outcome.retryAfter)
        case 'silent':
          return this.#settle(text, { state: 'unconfirmed', at: now() }, writer)
      }
    })
    this.#deps.reached('after-bulk-handed')
    this.#deps.arm()
  }

  /** The call of a claim never began. */
  giveBack(message: EntryId, claim: string): void {
    const { door, now } = this.#deps
    door.job(() => door.broadcasts.giveBack(message, claim, now()))
    this.#deps.arm()
  }

  /** A consumer has done its share: what waits still needs another. */
  rested(): void {
    this.#nudgedUntil = this.#deps.now()
    this.pump()
  }

  /** Looks at consent and number for the last time, and claims the text or says why it does not leave [P4, F300]. */
  #judge(text: LedgerText, writer: JobWriter): BulkClaim | null {
    const { door, sql, now, ids } = this.#deps
    const user = getRow(sql, 'mobileUsers', text.user)
    const number = door.memory.numbers.get(text.number)
    if (user?.optedOut) this.#settle(text, skip(user.optedOut.word, now()), writer)
    else if (!user || !number?.active)
      this.#settle(
        text,
        { state: 'failed', at: now(), code: 'inactive', text: 'This number is not active.' },
        writer,
      )
    else {
      const { message, channel, body } = text
      const claim = ids.command()
      door.broadcasts.claim(message, claim, now())
      return { message, claim, channel, sender: number.address, recipient: user.address, body }
    }
    return null
  }

  /** Moves a text on in the ledger, and in the thread where it stands in one. */
  #settle(text: LedgerText, news: Delivery, writer: JobWriter): void {
    const { door, sql } = this.#deps
    if (!door.broadcasts.deliver(text, news) || text.conversation === null) return
    const conversation = conversationOf(sql, text.conversation)
    const { user, message } = text
    const { changes } = settle(writer.world({ conversation, user, message }, 'with thread'), news)
    writer.write({ changes, effects: [] })
  }

  /** Twilio's 21610 and its like: the carrier knows of an opt-out that Parley does not (spec/interop 4.3). */
  #carrierSaysOptedOut({ user: id, message }: LedgerText, writer: JobWriter): void {
    const { now, ids } = this.#deps
    const world = writer.world({ user: id }, 'with thread')
    const user = held(world.user)
    if (!user || user.optedOut) return
    const draft = new Draft(world, id)
    optOut(draft, world, user, { word: 'the carrier', by: null, cause: message }, { now: now(), ids })
    writer.write(draft)
  }

  /** Receipts that came before anybody knew whose they were. */
  #parked({ channel }: LedgerText, carrierId: string): Receipt[] {
    const { sql } = this.#deps
    const parked = sql.all<{ receipt: string }>(
      `SELECT receipt FROM parked_receipts WHERE channel = ? AND carrier_id = ?`,
      channel,
      carrierId,
    )
    if (parked.length > 0)
      sql.run(`DELETE FROM parked_receipts WHERE channel = ? AND carrier_id = ?`, channel, carrierId)
    return parked.map(({ receipt }) => JSON.parse(receipt) as Receipt)
  }

  /** Claims of an earlier start, and those past their deadline, are lost: unconfirmed from now on [E22]. */
  #recover(): void {
    const { door, now } = this.#deps
    const lost = door.broadcasts.lost(now())
    if (lost.length === 0) return
    // A commit writes at most 500 rows; each of these writes three where it stands in the inbox.
    for (let from = 0; from < lost.length; from += 100)
      door.job((writer) => {
        for (const message of lost.slice(from, from + 100)) {
          const text = door.broadcasts.text(message)
          if (text) this.#settle(text, { state: 'unconfirmed', at: now() }, writer)
        }
      })
  }

  /** Enters the next recipients, a commit at a time, with room for others in between. */
  #prepare(): void {
    const { door, after, held } = this.#deps
    if (this.#preparing || held() || !door.broadcasts.job()) return
    this.#preparing = true
    try {
      door.job((writer) => this.#enterSome(writer))
    } finally {
      this.#preparing = false
    }
    this.#deps.reached('after-entering')
    after(1, () => this.pump())
  }

  #enterSome(writer: JobWriter): void {
    const { door, sql, now, ids } = this.#deps
    const job = door.broadcasts.job()
    const broadcast = job && getRow(sql, 'broadcasts', job.broadcast)
    const number = broadcast && door.memory.numbers.get(broadcast.number)
    if (!job) return
    if (!broadcast || !number) return door.broadcasts.goOn(job.broadcast, null)
    const most = enteredAtOnce[broadcast.addToInbox ? 'inbox' : 'ledger']
    const users = door.broadcasts.recipients(job, most)
    for (const user of users) {
      const message = ids.entry()
      const world = broadcast.addToInbox
        ? writer.world({ user, openOfPair: openOfPair(sql, user, number.id) }, 'with thread')
        : writer.world({ user }, 'without thread')
      const entered = enterRecipient(world, broadcast, number, message, { now: now(), ids })
      if (!entered) continue
      writer.write({ changes: entered.changes, effects: [] })
      const { conversation } = entered
      door.broadcasts.enter(broadcast, message, user, number.channel, entered, conversation)
      if (conversation) door.outbox.know(message, user, conversation, number.channel, now())
    }
    const last = users.length < most ? null : (users.at(-1) ?? null)
    door.broadcasts.goOn(job.broadcast, last)
    if (last === null) this.#put(writer, { ...broadcast, state: 'sending' })
  }

  #nudge(): void {
    const { door, now, compared, nudge, waitUntil } = this.#deps
    const due = door.broadcasts.nextDue()
    if (due === null || due > now() || !compared() || this.#nudgedUntil > now()) return
    this.#nudgedUntil = now() + nudgePatience
    const count = Math.ceil(door.broadcasts.waiting(nudgesAtMost * textsPerNudge) / textsPerNudge)
    waitUntil(
      nudge(count).catch((fault: unknown) => {
        console.error('bulk nudge', fault instanceof Error ? fault.message : 'fault')
        this.#nudgedUntil = now() + 5 * second
        this.#deps.arm()
      }),
    )
  }

  /** Tells how far broadcasts are, at most once a second. */
  #tell(): void {
    const { door, sql, now } = this.#deps
    const news = door.broadcasts.news()
    if (news.length === 0 || now() - this.#toldAt < progressEvery) return
    this.#toldAt = now()
    door.job((writer) => {
      for (const id of news) {
        const broadcast = getRow(sql, 'broadcasts', id)
        if (broadcast && broadcast.state !== 'preparing') this.#put(writer, broadcast)
        door.broadcasts.told(id)
      }
    })
  }

  #put(writer: JobWriter, broadcast: Broadcast): void {
    const counts = this.#deps.door.broadcasts.counts(broadcast.id)
    const state = broadcast.state === 'sending' && counts.waiting === 0 ? 'done' : broadcast.state
    const row = { ...broadcast, state, counts }
    if (JSON.stringify(row) === JSON.stringify(getRow(this.#deps.sql, 'broadcasts', row.id))) return
    writer.write({ changes: [{ kind: 'row', table: 'broadcasts', row }], effects: [] })
  }

  /** Brings the ledger to D1, for as long as it takes [E21, E28]. */
  #flush(): void {
    const { door, now, compared, flush, waitUntil, arm } = this.#deps
    if (this.#flushing || !compared() || (this.#flushAt !== null && this.#flushAt > now())) return
    const lines = door.broadcasts.unflushed(linesPerFlush)
    if (lines.length === 0) return
    this.#flushing = true
    waitUntil(
      flush(lines)
        .then(() => {
          door.broadcasts.flushed(lines)
          this.#flushAt = now() + progressEvery
        })
        .catch((fault: unknown) => {
          console.error('ledger', fault instanceof Error ? fault.message : 'fault')
          this.#flushAt = now() + 10 * second
        })
        .finally(() => {
          this.#flushing = false
          arm()
        }),
    )
  }

  get #nudgedUntil(): number {
    return readNumber(this.#deps.sql, 'bulk nudged until', 0)
  }

  set #nudgedUntil(at: number) {
    writeMeta(this.#deps.sql, 'bulk nudged until', at)
  }
}
