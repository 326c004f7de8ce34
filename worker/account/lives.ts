import type { AccountId } from '#shared/base/ids.ts'
import { minute, second } from '#shared/base/time.ts'
import type { CommitDoor } from './commit.ts'
import { copied, type DurableHead, type DurableHistory } from './durable.ts'
import { readNumber, writeMeta } from './memory.ts'
import { restoreInto } from './restore.ts'
import type { Sql } from './sql.ts'
import { within } from './within.ts'

/** How long texts of an earlier start wait for D1's word [E24]. */
export const comparePatience = 3 * second
/**
 * How long any text waits for it. D1 answers in some ten ms, and mostly before the first press: a webhook or a device
 * that comes in the very moment of a restore must not be answered from what is lost.
 */
export const firstPatience = 1 * second
/**
 * How long after its time a scheduled text waits for it. Nobody stands before a screen for it, so that it may wait
 * longer than what was pressed; beyond this the time that was promised is worth more.
 */
export const schedulePatience = 15 * minute
/** The alarm that stands while something waits for D1 and could leave: this life may end before it has spoken. */
export const unsurePatience = 5 * second
/** How long D1 may take for one answer. */
const answerWithin = 10 * second
const rowsPerPage = 500

/** Which pressed texts wait for D1's word: none, those that an earlier start accepted, or every one. */
export type Holding = 'none' | 'earlier' | 'all'

export interface LivesDeps {
  account: AccountId
  sql: Sql
  door(): CommitDoor
  history: DurableHistory
  now(): number
  /** Calls back once after `ms`. The answer cancels it. */
  after(ms: number, call: () => void): () => void
  /** The comparison is done. `wentBack`: a new epoch was entered, and no socket may go on in it. */
  compared(wentBack: boolean): void
}

/**
 * Tells one life of the account from another [E24]. Storage can be put back to an earlier state behind an object's
 * back; the object finds out by itself, at each start, from what it last told D1:
 *
 * 1. Until it is sure, nothing is flushed, and no text that an earlier start accepted leaves: at most 3 s while D1
 *    says nothing, and 1 s for a text of this start. Once D1 has said that the object went back, or a device's cursor
 *    or an operator lets it be suspected, no text leaves at all, for as long as it takes: whom it is for may have opted
 *    out in the life that is lost [P4]. What nobody waits for is more patient in any case: a broadcast goes on when D1
 *    has spoken, a scheduled text leaves then or 15 minutes after its time.
 * 2. A new epoch is taken in D1 before it is entered here, so no two lives ever have the same.
 * 3. What D1 has and this object lacks is collected in pages, and entered with the epoch in one commit.
 */
export class Lives {
  readonly #deps: LivesDeps
  readonly #startedAt: number
  #state: 'asking' | 'went back' | 'sure' = 'asking'
  #comparing: Promise<void> | null = null
  /** It may have gone back, though D1 has not said so. Stored as well: this life may end before D1 speaks. */
  #suspected: boolean

  constructor(deps: LivesDeps) {
    this.#deps = deps
    this.#startedAt = deps.now()
    this.#suspected = readNumber(deps.sql, 'suspected', 0) === 1
  }

  get sure(): boolean {
    return this.#state === 'sure'
  }

  /** Which pressed texts wait still. */
  get holding(): Holding {
    if (this.sure) return 'none'
    if (this.#state === 'went back' || this.#suspected) return 'all'
    const waited = this.#deps.now() - this.#startedAt
    if (waited < firstPatience) return 'all'
    return waited < comparePatience ? 'earlier' : 'none'
  }

  /** How long after its time a scheduled text leaves as things stand, in ms. `Infinity`: D1 has to speak first. */
  get delay(): number {
    if (this.sure) return 0
    return this.holding === 'none' ? schedulePatience : Infinity
  }

  /** A device's cursor or an operator speaks for it. Nothing is decided by that, but texts wait for D1's word. */
  suspect(): void {
    if (this.sure || this.#suspected) return
    this.#suspected = true
    writeMeta(this.#deps.sql, 'suspected', 1)
  }

  /** Compares once; what is under way is shared. Throws where D1 does not answer, and may be called again then. */
  compare(): Promise<void> {
    if (this.sure) return Promise.resolve()
    this.#comparing ??= this.#compare().finally(() => {
      this.#comparing = null
    })
    return this.#comparing
  }

  async #compare(): Promise<void> {
    const { account, history } = this.#deps
    const head = await this.#within(history.head(account))
    const wentBack = head !== null && this.#wentBack(head)
    if (wentBack) {
      // Written also where it stands there already: a life that is over cannot, so that what it heard late takes no epoch
      // from the life after it. On the platform nothing leaves an object before what it wrote is durable.
      this.#suspected = true
      writeMeta(this.#deps.sql, 'suspected', 1)
      this.#state = 'went back'
      await this.#goOn(head.epoch)
    }
    if (this.#suspected) writeMeta(this.#deps.sql, 'suspected', 0)
    this.#state = 'sure'
    this.#deps.compared(wentBack)
  }

  /** D1 is ahead, or has another commit under a number that is held here. */
  #wentBack({ epoch, flushed }: DurableHead): boolean {
    const { memory } = this.#deps.door()
    if (epoch > memory.epoch) return true
    if (flushed.epoch < memory.epoch || flushed.seq === 0) return false
    if (flushed.seq > memory.head.seq) return true
    const held = this.#deps.sql.one<{ tag: string }>(`SELECT tag FROM commits WHERE seq = ?`, flushed.seq)
    // Tags are forgotten after 30 days: of one so old nothing can be said, and it is no sign.
    return held !== null && held.tag !== flushed.tag
  }

  async #goOn(from: number): Promise<void> {
    const { account, history, sql, door, now } = this.#deps
    const epoch = await this.#within(history.raise(account, from))
    if (epoch === null) throw new Error('Another took the next epoch. It is asked for once more.')
    const fork = this.#fork()
    await this.#collect(fork)
    console.warn(`The account ${account} went back to commit ${fork} and goes on in epoch ${epoch}.`)
    door().enterEpoch(epoch, (writer) => restoreInto(writer, door(), sql, fork, now()))
  }

  /**
   * The last commit that is certainly of both lives: what was made by starts that had not compared themselves, and
   * was not flushed since, may be of this one alone.
   */
  #fork(): number {
    const { sql, door } = this.#deps
    const unsure = sql.one<{ seq: number | null }>(
      `SELECT MIN(seq) AS seq FROM commits WHERE sure = 0 AND seq > ?`,
      readNumber(sql, 'flushed seq', 0),
    )
    return unsure?.seq ? unsure.seq - 1 : door().memory.head.seq
  }

  /** Brings everything that D1 has from the lost life into `lost`. Begun anew where an earlier try was cut off. */
  async #collect(fork: number): Promise<void> {
    const { account, history, sql, door } = this.#deps
    const since = { epoch: door().memory.epoch, seq: fork }
    sql.run(`DELETE FROM lost`)
    for (const what of copied) {
      let after = ''
      for (;;) {
        const page = await this.#within(history.lost(account, what, since, after, rowsPerPage))
        sql.transaction(() => {
          for (const { id, user, body } of page)
            sql.run(`INSERT INTO lost (user, what, id, body) VALUES (?, ?, ?, ?)`, user, what, id, body)
        })
        const last = page.at(-1)
        if (last === undefined || page.length < rowsPerPage) break
        after = last.id
      }
    }
  }

  #within<Result>(promise: Promise<Result>): Promise<Result> {
    return within(answerWithin, this.#deps.after, promise, 'D1 did not answer in time.')
  }
}
