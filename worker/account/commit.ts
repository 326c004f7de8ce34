import type { AgentId, ChannelId, ClientId, ConversationId, EntryId, MobileUserId } from '#shared/base/ids.ts'
import { makeIds } from '#shared/base/ids.ts'
import { hash64 } from '#shared/base/hash64.ts'
import { momentOf } from '#shared/base/moment.ts'
import { decide } from '#shared/core/decide.ts'
import type { Input, InputOf } from '#shared/core/input.ts'
import { isRefusal, isThreadChange, type Change, type Decision, type Effect } from '#shared/core/outcome.ts'
import { refuse, type Refusal } from '#shared/core/refusal.ts'
import { held, type World } from '#shared/core/world.ts'
import { waitingDue } from '#shared/rules/flags.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { RowPut } from '#shared/rows/tables.ts'
import type { Ack } from '#shared/wire/down.ts'
import { limits } from '#shared/wire/limits.ts'
import type { CommandFrame, Cursor, OutdatedFrame } from '#shared/wire/up.ts'
import { arrivalIds } from './arrival-ids.ts'
import type { Reached } from './crash-points.ts'
import { Broadcasts } from './broadcasts.ts'
import { Documents, type Written } from './documents.ts'
import { Drafts, type Closing } from './drafts.ts'
import { conversationOf, gather, worldOf, type Subject } from './gather.ts'
import { loadMemory, remember, writeMeta, type Memory } from './memory.ts'
import { noteUnflushed } from './history.ts'
import { Lookups } from './lookups.ts'
import { Outbox } from './outbox.ts'
import { Pushes } from './pushes.ts'
import { getRow, putRow, removeRow, type Addressed } from './rows.ts'
import type { Sql } from './sql.ts'
import { Timers } from './timers.ts'

/**
 * The door: the one place where something happens to an account. Admit, persist, publish, acknowledge.
 *
 * 1. The dedupe key, document updates, rows, outbox rows and the audit event are one transaction.
 * 2. All of it is synchronous inside one `transactionSync`; nothing is sent, fetched or acknowledged before it
 *    returned [E18].
 * 3. If it throws, everything in memory that mirrors the store is dropped and read again before the next input.
 * 4. The same input again changes nothing and gets the same answer.
 */

/** One step of the account, ready to be told to sockets: rows and thread bytes under one seq [E4]. */
export interface Commit {
  cursor: Cursor
  rows: Addressed[]
  threads: Written[]
  /** Drafts whose epoch is over, because their text was sent [E15]. */
  drafts: Closing[]
}

export interface DoorDeps {
  sql: Sql
  now(): number
  random(): Uint8Array
  /** Names this start of the object; a claim of another start is lost [E22]. */
  start: string
  reached: Reached
  /** Whether this start has compared itself with D1: a commit says so, should the object have gone back [E24]. */
  sure(): boolean
  /** Called after the transaction, with what sockets must hear. Must not throw. */
  publish(commit: Commit): void
  /** Called after the transaction where texts wait to leave. Must not throw. */
  texts(): void
  /** Called where commits turn out to be durable that were never published. Must not throw. */
  overlooked(): void
}

/** In the place of the hash of a command that only its entry in D1 is known of [E24]. */
export const fromD1 = ''

export type CommandAnswer = { kind: 'ack'; ack: Ack } | { kind: 'gap'; last: number } | { kind: 'fork' }

/** What became of an input that is not a command. `repeated`: seen before, nothing changed. */
export type Answer =
  | { kind: 'done'; seq: number | null }
  | { kind: 'repeated' }
  | { kind: 'refused'; code: string; text: string }

/** What a restore writes with, inside the commit that enters a new epoch. */
export interface EpochWriter {
  seq: number
  change(changes: readonly Change[]): void
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

/** Everything one transaction writes, collected for what follows it. */
interface Step {
  /** An epoch is entered by a commit of any size, which nobody is told: all begin a first copy after it. */
  kind: 'usual' | 'epoch'
  seq: number
  rows: Addressed[]
  threads: Written[]
  drafts: Closing[]
  texts: boolean
}

export class CommitDoor {
  readonly documents: Documents
  readonly drafts: Drafts
  readonly outbox: Outbox
  readonly lookups: Lookups
  readonly pushes: Pushes
  readonly timers: Timers
  readonly broadcasts: Broadcasts
  readonly #deps: DoorDeps
  readonly #ids
  #memory: Memory | null = null
  /** The newest commit that was published, or was there when this life began; null before it is known. */
  #told: number | null = null

  constructor(deps: DoorDeps) {
    this.#deps = deps
    this.#ids = makeIds(deps.random)
    this.documents = new Documents(deps.sql, () => this.memory.epoch)
    this.drafts = new Drafts(deps.sql, deps.now)
    this.outbox = new Outbox(deps.sql, deps.start)
    this.lookups = new Lookups(deps.sql)
    this.pushes = new Pushes(deps.sql)
    this.timers = new Timers(deps.sql)
    this.broadcasts = new Broadcasts(deps.sql, deps.start)
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
    const row = getRow(this.#deps.sql, 'conversations', input.conversation)
    if (row) this.#keepTime(row)
    return { kind: 'done', seq: isEmpty(step) ? null : step.seq }
  }

  /**
   * Admits an agent's command: exactly the next number of its client, or a known id [E11]. One that nobody can read
   * any more, or that would write more than a commit may, is refused in sight: its number is used, nothing else.
   */
  command(frame: CommandFrame | OutdatedFrame, actor: AgentId, client: ClientId): CommandAnswer {
    if (frame.t === 'outdated') return this.#take(frame, () => refused(frame, frame.refusal), actor, client)
    try {
      return this.#take(frame, (step) => this.#decideCommand(frame, actor, step), actor, client)
    } catch (fault) {
      if (!(fault instanceof TooManyRows)) throw fault
      const refusal = refuse('too big', 'Not done: this would change too much at once.')
      return this.#take(frame, () => refused(frame, refusal), actor, client)
    }
  }

  #take(
    frame: CommandFrame | OutdatedFrame,
    decide: (step: Step) => Omit<Ack, 'seq'> & { seq?: number },
    actor: AgentId,
    client: ClientId,
  ): CommandAnswer {
    const { sql } = this.#deps
    const hash = hash64(
      JSON.stringify([actor, frame.t === 'command' ? (frame.pressed ?? frame.command) : frame.pressed]),
    )
    return this.#transact((step): CommandAnswer => {
      const record = sql.one<{ agent: string; last: number }>(
        `SELECT agent, last FROM clients WHERE id = ?`,
        client,
      )
      if (record && record.agent !== actor) return { kind: 'fork' }
      const last = record?.last ?? 0
      const known = sql.one<{ hash: string; answer: string }>(
        `SELECT hash, answer FROM commands WHERE id = ?`,
        frame.id,
      )
      if (known) {
        if (known.hash !== hash && known.hash !== fromD1) return { kind: 'fork' }
        if (frame.n === last + 1) this.#consume(client, actor, frame.n)
        const ack = { ...(JSON.parse(known.answer) as Ack), n: frame.n }
        const recalled = frame.t === 'command' && known.hash === fromD1
        return { kind: 'ack', ack: recalled ? this.#recall(frame, ack) : ack }
      }
      if (frame.n <= last) return { kind: 'fork' }
      if (frame.n > last + 1) return { kind: 'gap', last }
      this.#consume(client, actor, frame.n)
      this.#deps.reached('after-dedupe')
      const ack = { seq: this.memory.head.seq, ...decide(step) }
      sql.run(
        `INSERT INTO commands (id, hash, answer, at) VALUES (?, ?, ?, ?)`,
        frame.id,
        hash,
        JSON.stringify(ack),
        this.#deps.now(),
      )
      return { kind: 'ack', ack }
    })
  }

  /**
   * Puts what no rule decides on: the settings of an account that is being set up, and threads from elsewhere. As
   * many commits as the limit of rows calls for; repeating it changes nothing more [E19].
   */
  install(puts: readonly RowPut[], threads: readonly Change[] = []): void {
    const rowsOfThreads = new Set(threads.map((change) => ('user' in change ? change.user : null))).size
    const first = limits.rowsPerCommit - rowsOfThreads
    this.#transact((step) => {
      this.#writeThreads(threads, step)
      for (const put of puts.slice(0, first)) this.#put(put, step)
    })
    for (let from = first; from < puts.length; from += limits.rowsPerCommit)
      this.#transact((step) => {
        for (const put of puts.slice(from, from + limits.rowsPerCommit)) this.#put(put, step)
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
          this.#write(changes, step)
          for (const effect of effects) this.#carryOut(effect, null, step)
        },
        count: (channel, answered) => this.#countChannel(channel, answered, step),
      }),
    )
  }

  /** Ends or begins a channel's silence by hand of the probe [E22]. */
  setReachable(channel: string, reachable: boolean): void {
    this.#transact((step) => this.#channelReachable(channel, reachable, step))
  }

  /**
   * Opens the next epoch of a thread that has grown too long, with its newest entries; the others are history in
   * D1 by now. A rebuild under the old clock would make devices miss texts without an error [E1, E2].
   */
  shorten(thread: MobileUserId, keep: number): void {
    this.#transact((step) => {
      const written = this.documents.shorten(thread, keep)
      step.threads.push(written)
      this.#put({ table: 'threads', row: { id: thread, epoch: written.epoch, clock: written.to } }, step)
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
        change: (changes) => this.#write(changes, step),
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

  #decideCommand(frame: CommandFrame, actor: AgentId, step: Step): Ack {
    const input: InputOf<'command'> = {
      kind: 'command',
      actor,
      id: frame.id,
      command: frame.command,
      press: {
        seen: frame.seen,
        synced: frame.synced,
        waited: frame.waited,
        ...(frame.again ? { again: true } : {}),
      },
      ...(frame.wroteAt === undefined ? {} : { wroteAt: Math.min(frame.wroteAt, this.#deps.now()) }),
    }
    const joined = this.#joinedBy(input)
    const refusal = this.#apply(input, step)
    if (joined !== null && refusal === null && frame.command.name === 'StartConversation')
      this.#alias(frame.command.conversation, joined)
    const thread = step.threads.at(-1)
    const draft = refusal === null ? this.#closeDraft(frame, step) : null
    return {
      n: frame.n,
      id: frame.id,
      seq: isEmpty(step) ? this.memory.head.seq : step.seq,
      refusal,
      thread: thread ? { id: thread.thread, epoch: thread.epoch, clock: thread.to } : null,
      conversation: refusal === null ? joined : null,
      ...(draft === null ? {} : { draft }),
    }
  }

  /**
   * Ends the epoch of the draft that a sent text came from, in the transaction that keeps the text [E15]. Answers
   * the epoch in which that box goes on; null where the command is none that takes text from a box.
   */
  #closeDraft({ command, draft }: CommandFrame, step: Step): number | null {
    if (command.name !== 'SendReply' && command.name !== 'StartConversation' && command.name !== 'AddNote')
      return null
    const id = conversationOf(this.#deps.sql, command.conversation)?.id
    if (id === undefined) return null
    const box = {
      conversation: id,
      kind: command.name === 'AddNote' ? ('note' as const) : ('reply' as const),
    }
    const moment = momentOf(this.memory.epoch, step.seq)
    const closing = draft && this.drafts.close(box, draft.epoch, draft.seen, moment)
    if (closing) step.drafts.push(closing)
    return this.drafts.epoch(box)
  }

  /** The open conversation that a start finds in its place; the unsent id becomes another name of it [E14]. */
  #joinedBy(input: InputOf<'command'>) {
    if (input.command.name !== 'StartConversation') return null
    const { openOfPair, conversation } = this.#gather(input)
    const open = held(openOfPair)
    if (open === null || held(conversation) !== null) return null
    return open.id
  }

  /** Written once the start was taken: before, the unsent id would already name what it is to join. */
  #alias(unsent: ConversationId, joined: ConversationId): void {
    this.#deps.sql.run(`INSERT OR IGNORE INTO aliases (id, conversation) VALUES (?, ?)`, unsent, joined)
  }

  /** The answer to a command of which only its entry came back from D1: a start may have joined another [E14]. */
  #recall({ command }: CommandFrame, ack: Ack): Ack {
    if (command.name !== 'StartConversation' || ack.conversation === command.conversation)
      return { ...ack, conversation: null }
    if (ack.conversation) this.#alias(command.conversation, ack.conversation)
    return ack
  }

  #consume(client: ClientId, agent: AgentId, n: number): void {
    this.#deps.sql.run(
      `INSERT INTO clients (id, agent, last) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET last = excluded.last`,
      client,
      agent,
      n,
    )
  }

  /** Gathers, decides and writes one input. Answers the refusal, if a rule said no. */
  #apply(input: Input, step: Step): { code: string; text: string } | null {
    if (input.kind === 'receipt' && this.#isForLedgerAlone(input, step)) return null
    const world = this.#gather(input)
    const key = input.kind === 'inbound' ? dedupeKey(input) : null
    const ids = key === null ? this.#ids : arrivalIds(key, this.#ids)
    const verdict = decide(world, input, { now: this.#deps.now(), ids })
    if (isRefusal(verdict)) return { code: verdict.code, text: verdict.text }
    this.#write(verdict.changes, step)
    for (const effect of verdict.effects) this.#carryOut(effect, input, step)
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
   * conversation: thousands of receipts would be thousands of frames for everybody [E19].
   */
  #isForLedgerAlone({ channel, message, carrierId, receipt }: InputOf<'receipt'>, step: Step): boolean {
    const text = this.broadcasts.textOf(channel, message, carrierId)
    if (text === null) return false
    this.broadcasts.deliver(text, { ...receipt, at: this.#deps.now() })
    this.broadcasts.remember(text.message, carrierId)
    step.texts = true
    const row = text.conversation && conversationOf(this.#deps.sql, text.conversation)
    return !row || row.status !== 'open'
  }

  #write(changes: readonly Change[], step: Step): void {
    this.#writeThreads(changes, step)
    this.#deps.reached('after-documents')
    for (const change of changes) {
      if (change.kind === 'row') this.#put(change, step)
      if (change.kind === 'gone')
        step.rows.push(...removeRow(this.#deps.sql, change.table, change.id, step.seq))
    }
    this.#deps.reached('after-rows')
  }

  #writeThreads(changes: readonly Change[], step: Step): void {
    const writes = changes.filter(isThreadChange)
    for (const user of new Set(writes.map((change) => change.user))) {
      const written = this.documents.write(
        user,
        writes.filter((change) => change.user === user),
      )
      step.threads.push(written)
      for (const change of writes) if (change.user === user) noteUnflushed(this.#deps.sql, change, step.seq)
      this.#put({ table: 'threads', row: { id: user, epoch: written.epoch, clock: written.to } }, step)
    }
  }

  #put(put: RowPut, step: Step): void {
    const { sql } = this.#deps
    step.rows.push(...putRow(sql, put, step.seq))
    remember(this.memory, put)
    if (put.table === 'settings' || put.table === 'numbers') return this.#keepAllTimes()
    if (put.table !== 'conversations') return
    const { row } = put
    this.#keepTime(row)
    if (row.no === this.memory.nextNo) {
      this.memory.nextNo++
      writeMeta(sql, 'next no', this.memory.nextNo)
    }
    if (row.status === 'open') {
      sql.run(
        `INSERT INTO open_pairs (user, number, conversation) VALUES (?, ?, ?) ON CONFLICT (user, number) DO NOTHING`,
        row.user,
        row.number,
        row.id,
      )
    } else {
      sql.run(
        `DELETE FROM open_pairs WHERE user = ? AND number = ? AND conversation = ?`,
        row.user,
        row.number,
        row.id,
      )
      // A read mark is kept only for an open conversation [E27].
      for (const agent of this.memory.agents.keys())
        step.rows.push(...removeRow(sql, 'readMarks', `${agent}:${row.id}`, step.seq))
    }
  }

  /** A timer stands for exactly those conversations that may still turn into Waiting for Reply [F85, DC16]. */
  #keepTime(row: Conversation): void {
    const { settings, numbers } = this.memory
    const id = `waiting:${row.id}`
    const due = waitingDue(row, settings, numbers.get(row.number))
    if (due === null) this.timers.clear(id)
    else this.timers.set({ id, due, kind: 'waiting', ref: row.id })
  }

  /** Hours or the waiting time may have changed: what runs already goes by the new ones. */
  #keepAllTimes(): void {
    for (const id of this.timers.refs('waiting')) {
      const row = getRow(this.#deps.sql, 'conversations', id)
      if (row) this.#keepTime(row)
    }
  }

  #carryOut(effect: Effect, input: Input | null, step: Step): void {
    const { sql } = this.#deps
    switch (effect.kind) {
      case 'hand over': {
        const conversation = conversationIdOf(step, effect.message)
        this.outbox.add(effect, conversation, this.#deps.now())
        step.texts = true
        return
      }
      case 'withdraw':
        this.outbox.withdraw(effect.message)
        // The conversation's next text may have waited for this one.
        step.texts = true
        return
      case 'claim':
        this.outbox.claim(effect.message, this.#deps.now())
        return
      case 'retry':
        this.outbox.retry(effect.message, this.#deps.now() + effect.after)
        return
      case 'remember':
        this.#attach(effect.message, effect.carrierId, step)
        return
      case 'carrier answered':
        this.#count(effect.message, effect.answered, step)
        return
      case 'look up':
        this.lookups.add(effect.message, this.#deps.now())
        return
      case 'looked up':
        this.lookups.close(effect.message)
        return
      case 'settled':
        this.lookups.forget(effect.message)
        return
      case 'notify':
        this.pushes.add(effect.entry, effect.conversation, effect.order, step.seq, this.#deps.now())
        return
      case 'park receipt':
        if (input?.kind !== 'receipt') return
        sql.run(
          `INSERT INTO parked_receipts (channel, carrier_id, state, receipt, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
          input.channel,
          input.carrierId,
          input.receipt.state,
          JSON.stringify(input.receipt),
          this.#deps.now(),
        )
        return
      case 'join list':
        return this.broadcasts.join(effect.list, effect.users)
      case 'leave list':
        return this.broadcasts.leave(effect.list, effect.users)
      case 'prepare':
        this.broadcasts.begin(effect.broadcast)
        step.texts = true
        return
      case 'skip broadcasts':
        return this.broadcasts.skipFor(effect.user, effect.word, this.#deps.now())
      case 'broadcast answered':
        return this.broadcasts.answered(effect.message)
      case 'audit':
        sql.run(
          `INSERT INTO audit (seq, at, what, by, about) VALUES (?, ?, ?, ?, ?)`,
          step.seq,
          this.#deps.now(),
          effect.what,
          effect.by,
          effect.about,
        )
        return
    }
  }

  /** Learns a carrier's name for a text and applies the receipts that came before it was known. */
  #attach(message: EntryId, carrierId: string, step: Step): void {
    this.outbox.remember(message, carrierId)
    const channel = this.outbox.channelOf(message)
    if (channel === null) return
    const { sql } = this.#deps
    const parked = sql.all<{ receipt: string }>(
      `SELECT receipt FROM parked_receipts WHERE channel = ? AND carrier_id = ?`,
      channel,
      carrierId,
    )
    sql.run(`DELETE FROM parked_receipts WHERE channel = ? AND carrier_id = ?`, channel, carrierId)
    for (const { receipt } of parked)
      this.#apply({ kind: 'receipt', channel, carrierId, message, receipt: JSON.parse(receipt) }, step)
  }

  /** Two silences in a row open a channel's breaker; an answer closes it [E22]. */
  #count(message: EntryId, answered: boolean, step: Step): void {
    const channel = this.outbox.channelOf(message)
    if (channel !== null) this.#countChannel(channel, answered, step)
  }

  #countChannel(channel: ChannelId, answered: boolean, step: Step): void {
    const opened = this.outbox.count(channel, answered, this.#deps.now())
    if (opened !== null) this.#channelReachable(channel, !opened, step)
  }

  #channelReachable(id: string, reachable: boolean, step: Step): void {
    const channel = [...this.memory.channels.values()].find((row) => row.id === id)
    if (!channel || channel.reachable === reachable) return
    this.#put({ table: 'channels', row: { ...channel, reachable, since: this.#deps.now() } }, step)
  }

  /** One transaction around `work`, its commit row, and what follows it. Drops memory where it throws. */
  #transact<Result>(work: (step: Step) => Result): Result {
    const { sql } = this.#deps
    let step: Step
    let cursor: Cursor | null = null
    let result: Result
    try {
      this.#tellOverlooked()
      step = { kind: 'usual', seq: this.memory.head.seq + 1, rows: [], threads: [], drafts: [], texts: false }
      result = sql.transaction(() => {
        const done = work(step)
        if (step.kind === 'usual' && step.rows.length > limits.rowsPerCommit)
          throw new TooManyRows(step.rows.length)
        if (!isEmpty(step)) {
          cursor = { seq: step.seq, tag: this.#tag() }
          sql.run(
            `INSERT INTO commits (seq, tag, at, sure) VALUES (?, ?, ?, ?)`,
            cursor.seq,
            cursor.tag,
            this.#deps.now(),
            Number(this.#deps.sure() || step.kind === 'epoch'),
          )
        }
        return done
      })
    } catch (fault) {
      this.drop()
      try {
        this.#tellOverlooked()
      } catch {
        // The store cannot be read either: the next input asks again.
      }
      throw fault
    }
    if (cursor !== null) {
      this.memory.head = cursor
      this.#told = step.seq
      this.#deps.reached('before-publish')
      if (step.drafts.length > 0) this.#deps.reached('draft-closed')
      if (step.kind === 'usual')
        this.#deps.publish({ cursor, rows: step.rows, threads: step.threads, drafts: step.drafts })
    }
    if (step.texts) this.#deps.texts()
    this.#deps.reached('before-acknowledge')
    return result
  }

  /** A store may throw over a commit that it took. Nobody was told of that one, and frames would pass over it. */
  #tellOverlooked(): void {
    const { seq } = this.memory.head
    const overlooked = this.#told !== null && seq > this.#told
    this.#told = seq
    if (overlooked) this.#deps.overlooked()
  }

  #tag(): string {
    return Array.from(this.#deps.random().subarray(0, 6), (byte) => byte.toString(16).padStart(2, '0')).join(
      '',
    )
  }
}

/** A commit of more rows than one may write [E19]. Recovery: what asked for it does it in smaller ones. */
export class TooManyRows extends Error {
  constructor(count: number) {
    super(`A commit of ${count} rows is over the limit of ${limits.rowsPerCommit}.`)
    this.name = 'TooManyRows'
  }
}

function refused({ n, id }: { n: number; id: Ack['id'] }, { code, text }: Refusal): Omit<Ack, 'seq'> {
  return { n, id, refusal: { code, text }, thread: null, conversation: null }
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
      return null
  }
}

function isEmpty(step: Step): boolean {
  return step.kind === 'usual' && step.rows.length === 0 && step.threads.length === 0
}

/** The conversation that a text of this step stands in, from the row that was put with it. */
function conversationIdOf(step: Step, message: EntryId): string {
  const row = step.rows.findLast(({ change }) => change.table === 'conversations' && change.row !== null)
  if (!row) throw new Error(`The text ${message} has no conversation.`)
  return row.change.id
}
