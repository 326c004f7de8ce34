import type { AgentId, ChannelId, ClientId, ConversationId, EntryId, MobileUserId } from '#shared/base/ids.ts'
import { makeIds } from '#shared/base/ids.ts'
import { hash64 } from '#shared/base/hash64.ts'
import { decide } from '#shared/core/decide.ts'
import type { Input, InputOf } from '#shared/core/input.ts'
import { isRefusal, type Change, type Decision } from '#shared/core/outcome.ts'
import { refuse } from '#shared/core/refusal.ts'
import type { World } from '#shared/core/world.ts'
import type { RowPut } from '#shared/rows/tables.ts'
import { limits } from '#shared/wire/limits.ts'
import type { CommandFrame, OutdatedFrame } from '#shared/wire/up.ts'
import { arrivalIds } from './arrival-ids.ts'
import { Broadcasts } from './broadcasts.ts'
import { Commands, refused, type CommandAnswer } from './commands.ts'
import { DamagedThread, Documents } from './documents.ts'
import { Drafts } from './drafts.ts'
import { Effects } from './effects.ts'
import { conversationOf, gather, worldOf, type Subject } from './gather.ts'
import { mendThread } from './mend.ts'
import { ListMembers } from './list-members.ts'
import { loadMemory, writeMeta, type Memory } from './memory.ts'
import { Lookups } from './lookups.ts'
import { MediaCopies } from './media-copies.ts'
import { Outbox } from './outbox.ts'
import { Pushes } from './pushes.ts'
import { getRow } from './rows.ts'
import { isEmpty, TooManyRows, type Step } from './step.ts'
import { Steps, type StepsDeps } from './steps.ts'
import { Timers } from './timers.ts'
import { Uploads } from './uploads.ts'
import { Writer } from './writer.ts'

/**
 * The door: the one place where something happens to an account. Admit, persist, publish, acknowledge.
 *
 * 1. The dedupe key, document updates, rows, outbox rows and the audit event are one transaction.
 * 2. All of it is synchronous inside one `transactionSync`; nothing is sent, fetched or acknowledged before it
 *    returned [E18].
 * 3. If it throws, everything in memory that mirrors the store is dropped and read again before the next input.
 * 4. The same input again changes nothing and gets the same answer.
 */

export interface DoorDeps extends Omit<StepsDeps, 'memory' | 'drop'> {
  /** Names this start of the object; a claim of another start is lost [E22]. */
  start: string
}

/** What became of an input that is not a command. `repeated`: seen before, nothing changed. */
export type Answer =
  | { kind: 'done'; seq: number | null }
  | { kind: 'repeated' }
  | { kind: 'refused'; code: string; text: string }

/** What a restore writes with, inside the commit that enters a new epoch. */
export interface EpochWriter {
  seq: number
  change(changes: readonly Change[]): void
  /** Applies receipts that came for a text before it was back. */
  knownAgain(message: EntryId): void
  /** The next Conversation ID# from here on. */
  nextNo(no: number): void
}

/** What one commit of a job writes with [E19]. */
export interface JobWriter {
  /** The world around somebody, with what this commit has written already. Without their thread it is cheap. */
  world(subject: Partial<Subject>, thread: 'with thread' | 'without thread'): World
  /** Writes a decision's changes and carries out its effects. */
  write(decision: Decision): void
  /** Counts an answer or a silence of a channel [E22]. */
  count(channel: ChannelId, answered: boolean): void
}

export class CommitDoor {
  readonly documents: Documents
  readonly drafts: Drafts
  readonly outbox: Outbox
  readonly lookups: Lookups
  readonly copies: MediaCopies
  readonly pushes: Pushes
  readonly timers: Timers
  readonly uploads: Uploads
  readonly broadcasts: Broadcasts
  readonly members: ListMembers
  readonly #deps: DoorDeps
  readonly #writer: Writer
  readonly #effects: Effects
  readonly #commands: Commands
  readonly #ids
  readonly #steps: Steps
  #memory: Memory | null = null

  constructor(deps: DoorDeps) {
    this.#deps = deps
    this.#ids = makeIds(deps.random)
    this.documents = new Documents(deps.sql, () => this.memory.epoch)
    this.drafts = new Drafts(deps.sql, deps.now)
    this.outbox = new Outbox(deps.sql, deps.start)
    this.lookups = new Lookups(deps.sql)
    this.copies = new MediaCopies(deps.sql)
    this.pushes = new Pushes(deps.sql)
    this.timers = new Timers(deps.sql)
    this.uploads = new Uploads(deps.sql)
    this.broadcasts = new Broadcasts(deps.sql, deps.start)
    this.members = new ListMembers(deps.sql)
    const { sql, now, reached } = deps
    this.#steps = new Steps({ ...deps, memory: () => this.memory, drop: () => this.drop() })
    const { documents, drafts, outbox, lookups, copies, pushes, timers, broadcasts, members } = this
    const memory = () => this.memory
    const apply = (input: Input, step: Step) => this.#apply(input, step)
    this.#writer = new Writer({ sql, memory, documents, timers, reached })
    this.#effects = new Effects({
      sql,
      now,
      memory,
      outbox,
      lookups,
      copies,
      pushes,
      timers,
      broadcasts,
      members,
      writer: this.#writer,
      apply,
    })
    const worldAround = (input: Input) => this.#gather(input)
    this.#commands = new Commands({ sql, now, memory, drafts, reached, gather: worldAround, apply })
  }

  /** The mirror of the small tables, read from the store when it is not there. */
  get memory(): Memory {
    this.#memory ??= loadMemory(this.#deps.sql)
    return this.#memory
  }

  /** Admits what a carrier or a lane brings. */
  commit(input: Exclude<Input, { kind: 'command' }>): Answer {
    return this.#transact((step): Answer => {
      if (input.kind === 'timer') return this.#ring(input, step)
      const key = dedupeKey(input)
      if (key !== null) {
        const keys = input.kind === 'receipt' ? 'receipt_keys' : 'arrivals'
        const known = this.#deps.sql.one(`SELECT key FROM ${keys} WHERE key = ?`, key)
        if (known) return { kind: 'repeated' }
        this.#deps.sql.run(`INSERT INTO ${keys} (key, at) VALUES (?, ?)`, key, this.#deps.now())
        this.#deps.reached('after-dedupe')
      }
      const refusal = this.#apply(input, step)
      if (refusal) return { kind: 'refused', ...refusal }
      return { kind: 'done', seq: isEmpty(step) ? null : step.seq }
    })
  }

  /** A timer is its own dedupe key: it is taken out in the transaction of what it causes [E21]. */
  #ring(input: InputOf<'timer'>, step: Step): Answer {
    if (!this.timers.take(input.id, this.#deps.now())) return { kind: 'repeated' }
    this.#deps.reached('after-dedupe')
    this.#apply(input, step)
    const row = input.what === 'waiting' && getRow(this.#deps.sql, 'conversations', input.conversation)
    if (row) this.#writer.keepTime(row)
    return { kind: 'done', seq: isEmpty(step) ? null : step.seq }
  }

  /**
   * Admits an agent's command: exactly the next number of its client, or a known id [E11]. One that nobody can read
   * any more, or that would write more than a commit may, is refused in sight: its number is used, nothing else.
   */
  command(frame: CommandFrame | OutdatedFrame, actor: AgentId, client: ClientId): CommandAnswer {
    const take = (decide: (step: Step) => ReturnType<typeof refused>) =>
      this.#transact((step) => this.#commands.take(frame, () => decide(step), actor, client))
    if (frame.t === 'outdated') return take(() => refused(frame, frame.refusal))
    try {
      return take((step) => this.#commands.decide(frame, actor, step))
    } catch (fault) {
      if (!(fault instanceof TooManyRows)) throw fault
      const refusal = refuse('too big', 'Not done: this would change too much at once.')
      return take(() => refused(frame, refusal))
    }
  }

  /**
   * Puts what no rule decides on: the settings of an account that is being set up, and threads from elsewhere. As
   * many commits as the limit of rows calls for; repeating it changes nothing more [E19].
   */
  install(puts: readonly RowPut[], threads: readonly Change[] = []): void {
    const rowsOfThreads = new Set(threads.map((change) => ('user' in change ? change.user : null))).size
    const first = limits.rowsPerCommit - rowsOfThreads
    this.#transact((step) => {
      this.#writer.writeThreads(threads, step)
      for (const put of puts.slice(0, first)) this.#writer.put(put, step)
    })
    for (let from = first; from < puts.length; from += limits.rowsPerCommit)
      this.#transact((step) => {
        for (const put of puts.slice(from, from + limits.rowsPerCommit)) this.#writer.put(put, step)
      })
  }

  /** One commit of a job that no input asks for: a step of a broadcast, in one transaction like any other [E19]. */
  job<Result>(work: (writer: JobWriter) => Result): Result {
    return this.#transact((step) =>
      work({
        world: (subject, thread) =>
          worldOf(this.#deps.sql, this.memory, thread === 'with thread' ? this.documents : null, {
            conversation: null,
            openOfPair: null,
            user: null,
            message: null,
            ...subject,
          }),
        write: ({ changes, effects }) => {
          this.#writer.write(changes, step)
          for (const effect of effects) this.#effects.carryOut(effect, null, step)
        },
        count: (channel, answered) => this.#effects.countChannel(channel, answered, step),
      }),
    )
  }

  /** Ends or begins a channel's silence by hand of the probe [E22]. */
  setReachable(channel: string, reachable: boolean): void {
    this.#transact((step) => this.#effects.channelReachable(channel, reachable, step))
  }

  /**
   * Opens the next epoch of a thread that has grown too long, with its newest entries; the others are history in
   * D1 by now. A rebuild under the old clock would make devices miss texts without an error [E1, E2].
   */
  shorten(thread: MobileUserId, keep: number): void {
    this.#transact((step) => {
      const written = this.documents.shorten(thread, keep)
      step.threads.push(written)
      this.#writer.put(
        { table: 'threads', row: { id: thread, epoch: written.epoch, clock: written.to } },
        step,
      )
    })
  }

  /** Goes on with the read marks of an ended conversation, as many as one commit takes [E19, E27]. */
  forgetMarks(timer: string, conversation: ConversationId): void {
    this.#transact((step) => {
      if (!this.timers.take(timer, this.#deps.now())) return
      if (getRow(this.#deps.sql, 'conversations', conversation)?.status !== 'closed') return
      this.#writer.forgetMarks(conversation, step)
    })
  }

  /** Begins a damaged thread anew with what can be read of it. */
  mend({ thread, message }: DamagedThread): void {
    console.error(message)
    this.#steps.make((step) => {
      const { sql, now } = this.#deps
      const written = mendThread(sql, this.documents, thread, step, now())
      step.threads.push(written)
      this.#writer.put(
        { table: 'threads', row: { id: thread, epoch: written.epoch, clock: written.to } },
        step,
      )
      step.texts = true
    })
  }

  /** Enters a new account epoch, with all that `write` changes, in one commit [E24]. Its sockets are to be ended. */
  enterEpoch(epoch: number, write: (writer: EpochWriter) => void): void {
    this.#transact((step) => {
      step.kind = 'epoch'
      writeMeta(this.#deps.sql, 'account epoch', epoch)
      this.memory.epoch = epoch
      write({
        seq: step.seq,
        change: (changes) => this.#writer.write(changes, step),
        knownAgain: (message) => this.#effects.knownAgain(message, step),
        nextNo: (no) => {
          this.memory.nextNo = no
          writeMeta(this.#deps.sql, 'next no', no)
        },
      })
    })
  }

  /** Forgets everything that only mirrors the store. */
  drop(): void {
    this.#memory = null
    this.documents.drop()
    this.drafts.drop()
  }

  /** Gathers, decides and writes one input. Answers the refusal, if a rule said no. */
  #apply(input: Input, step: Step): { code: string; text: string } | null {
    if (input.kind === 'receipt' && this.#isForLedgerAlone(input, step)) return null
    const world = this.#gather(input)
    const key = input.kind === 'inbound' ? dedupeKey(input) : null
    const ids = key === null ? this.#ids : arrivalIds(key, this.#ids)
    const verdict = decide(world, input, { now: this.#deps.now(), ids })
    if (isRefusal(verdict)) return { code: verdict.code, text: verdict.text }
    this.#writer.write(verdict.changes, step)
    for (const effect of verdict.effects) this.#effects.carryOut(effect, input, step)
    if (input.kind === 'command' && input.press.again) this.#effects.offeredAgain(verdict.changes, step)
    this.#deps.reached('after-outbox')
    if (input.kind === 'receipt' && input.message !== null)
      this.outbox.remember(input.message, input.carrierId)
    return null
  }

  #gather(input: Input): World {
    return gather(this.#deps.sql, this.memory, this.documents, input, this.#deps.now())
  }

  /**
   * A receipt of a broadcast's text goes to the ledger, and on from there only where the text stands in an open
   * conversation: thousands of receipts would be thousands of frames for everybody [E19]. In a closed one a text that
   * is shown as sent stays so; one that came before the carrier's answer, or settles what nobody knew, is told there.
   */
  #isForLedgerAlone({ channel, message, carrierId, receipt }: InputOf<'receipt'>, step: Step): boolean {
    const text = this.broadcasts.textOf(channel, message, carrierId)
    if (text === null) return false
    this.broadcasts.deliver(text, { ...receipt, at: this.#deps.now() })
    this.broadcasts.remember(text.message, carrierId)
    step.texts = true
    const row = text.conversation && conversationOf(this.#deps.sql, text.conversation)
    return !row || (row.status !== 'open' && text.delivery.state === 'sent')
  }

  /**
   * One step. Where it comes upon a damaged thread, nothing of it stays; the thread begins anew in a step of its own,
   * and this one is done again [fault Y4].
   */
  #transact<Result>(work: (step: Step) => Result): Result {
    try {
      return this.#steps.make(work)
    } catch (fault) {
      if (!(fault instanceof DamagedThread)) throw fault
      this.mend(fault)
      return this.#steps.make(work)
    }
  }
}

/** What makes an arrival the same arrival. Claims and answers of carriers have none: they are ours. */
function dedupeKey(input: Exclude<Input, { kind: 'command' | 'timer' }>): string | null {
  switch (input.kind) {
    case 'inbound':
      return hash64(`inbound ${input.channel} ${input.carrierId}`)
    case 'receipt':
      return hash64(`receipt ${input.channel} ${input.carrierId} ${input.receipt.state}`)
    case 'claim':
    case 'handed':
    case 'looked up':
    case 'copied':
      return null
  }
}
