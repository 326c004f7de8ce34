import { toBase64 } from 'lib0/buffer'
import type { AccountId, AgentId, ChannelId, EntryId, ListId, MobileUserId } from '#shared/base/ids.ts'
import { accountId, conversationId, makeIds } from '#shared/base/ids.ts'
import { day, minute, second } from '#shared/base/time.ts'
import type { Handover } from '#shared/core/input.ts'
import type { Role } from '#shared/model/role.ts'
import { audiencesOf } from '#shared/rules/audience.ts'
import { may } from '#shared/rules/permissions.ts'
import type { RowPut } from '#shared/rows/tables.ts'
import { closeCodes, type RowChange } from '#shared/wire/down.ts'
import { limits } from '#shared/wire/limits.ts'
import { hear, versionIn, type CommandFrame, type Heard, type OutdatedFrame } from '#shared/wire/up.ts'
import { isSpoken } from '#shared/wire/version.ts'
import type { CarrierEvent, ListQuery, Listing } from '../carriers/carrier.ts'
import { BulkLane, type BulkAnswer } from './bulk-lane.ts'
import { ChatLane } from './chat-lane.ts'
import { CommitDoor } from './commit.ts'
import { Connections } from './connections.ts'
import { DamagedThread } from './documents.ts'
import type { Reached } from './crash-points.ts'
import { DraftLane } from './draft-lane.ts'
import type { DurableHistory } from './durable.ts'
import { HistoryLane } from './history.ts'
import { tidy } from './housekeeping.ts'
import { LookupLane } from './lookup-lane.ts'
import { PushLane } from './push-lane.ts'
import type { PushRequest } from './pushes.ts'
import type { PushMessage, PushOutcome } from '../push/post.ts'
import { comparePatience, Lives } from './lives.ts'
import { readNumber, writeMeta } from './memory.ts'
import type { Waiting } from './outbox.ts'
import { linger, presenceOf } from './presence.ts'
import { firstRows, pageOfRows } from './rows.ts'
import { Sessions } from './sessions.ts'
import { Seen } from './seen.ts'
import { close, Sockets, type Attachment, type Socket } from './sockets.ts'
import type { Sql } from './sql.ts'
import { isFounded, migrate } from './tables.ts'

/** What an account takes from the platform it runs on: the Workers runtime, or the simulated world. */
export interface Platform {
  sql: Sql
  /** Names this start of the object. */
  start: string
  now(): number
  random(): Uint8Array
  reached: Reached
  /** While true no text leaves: the seed writes the past, which asks carriers nothing. */
  paused(): boolean
  /** Every socket that is open, also those from before this start. */
  sockets(): Socket[]
  /** Calls back at the end of the present step, before anything else happens. */
  soon(call: () => void): void
  /** Calls back once after `ms`, while the object lives. The answer cancels it. */
  after(ms: number, call: () => void): () => void
  /** Has `alarm` called in `ms`, also if the object is gone by then. A later call replaces it. */
  alarmIn(ms: number): void
  /** Keeps the object awake until the promise settles. Takes its rejection. */
  waitUntil(promise: Promise<unknown>): void
  send(credentials: string, text: Waiting, signal: AbortSignal): Promise<Handover>
  probe(credentials: string, signal: AbortSignal): Promise<boolean>
  /** What a carrier has of the texts between two numbers; null where it keeps no list. */
  list(credentials: string, query: ListQuery, signal: AbortSignal): Promise<Listing | null>
  history: DurableHistory
  /** Hands a notification to a browser's push service. */
  push(message: PushMessage, signal: AbortSignal): Promise<PushOutcome>
  /** Tells so many consumers of the bulk queue that texts of this account wait. */
  nudgeBulk(account: AccountId, count: number): Promise<void>
}

/** Timers that one alarm serves, each a commit of its own; the next alarm goes on. */
const ringsAtMost = 200

/** Who a session belongs to. */
export interface SessionOf {
  account: AccountId
  accountName: string
  agent: AgentId
  name: string
  email: string
  role: Role
}

/** A text that a consumer is to hand over, at once and once. */
export type BulkText = Extract<BulkAnswer, { kind: 'text' }> & { credentials: string }

/** The parts of a founded account, which exist from its founding on. */
interface Parts {
  id: AccountId
  door: CommitDoor
  lane: ChatLane
  bulk: BulkLane
  lookups: LookupLane
  pushes: PushLane
  history: HistoryLane
  drafts: DraftLane
  lives: Lives
  sockets: Sockets
  seen: Seen
  sessions: Sessions
}

/**
 * One life of an account, from its start to its end: who calls whom. It knows no platform, so that the same
 * wiring runs under the Workers runtime and in the simulated world. Everything that decides or writes is in the
 * parts.
 */
export class Account {
  readonly #platform: Platform
  readonly #leaving = new Map<AgentId, number>()
  /** Sockets whose cursor this object should hold and does not, with what they said since [E24]. */
  readonly #doubted = new Map<Socket, Heard[]>()
  #parts: Parts | null = null
  #alarmAt: number | null = null
  #presenceDue = false

  constructor(platform: Platform) {
    this.#platform = platform
    if (!isFounded(platform.sql)) return
    migrate(platform.sql)
    this.#wire()
  }

  get door(): CommitDoor {
    return this.#founded().door
  }

  // ------------------------------------------------------------------------------------ what the Worker asks

  /** Makes the account, or adds to it: rows that are configuration, and channels with their encrypted credentials. */
  found(id: string, puts: RowPut[], channels: { id: string; carrier: string; credentials: string }[]): void {
    migrate(this.#sql)
    writeMeta(this.#sql, 'account', accountId.parse(id))
    for (const channel of channels)
      this.#sql.run(
        `INSERT INTO channels (id, carrier, credentials) VALUES (?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET carrier = excluded.carrier, credentials = excluded.credentials`,
        channel.id,
        channel.carrier,
        channel.credentials,
      )
    this.#wire().door.install(puts)
  }

  /** Brings a carrier's event to the door. Returns once it is durable; throws where it could not be. */
  arrive(channel: ChannelId, event: CarrierEvent): void {
    const { door } = this.#founded()
    if (event.kind === 'inbound') {
      const { carrierId, from, to, text, media } = event
      door.commit({ kind: 'inbound', channel, carrierId, from, to, text, media })
    } else if (event.kind === 'receipt') {
      const { carrierId, message, receipt } = event
      door.commit({ kind: 'receipt', channel, carrierId, message, receipt })
    }
  }

  openSession(hash: string, agent: AgentId, device: string): boolean {
    const { door, sessions } = this.#founded()
    if (!door.memory.agents.get(agent)?.active) return false
    sessions.open(hash, agent, device, this.#platform.now())
    return true
  }

  session(hash: string): SessionOf | null {
    if (!this.#parts) return null
    const { id, door, sessions } = this.#parts
    const agent = door.memory.agents.get(sessions.agentOf(hash, this.#platform.now()) ?? ('' as AgentId))
    if (!agent?.active) return null
    return {
      account: id,
      accountName: door.memory.settings.name,
      agent: agent.id,
      name: agent.name,
      email: agent.email,
      role: agent.role,
    }
  }

  closeSession(hash: string): void {
    if (!this.#parts) return
    this.#parts.sessions.close(hash)
    this.#parts.door.pushes.unsubscribe(hash)
    this.#parts.sockets.end((socket) => socket.session === hash, closeCodes.signedOut, 'Signed out.')
  }

  /** Has a session's browser told of texts that nobody looks at, or not any more. */
  subscribe(hash: string, request: PushRequest | null): boolean {
    const { door, sessions } = this.#founded()
    const agent = sessions.agentOf(hash, this.#platform.now())
    if (agent === null) return false
    if (request) door.pushes.subscribe(hash, agent, request)
    else door.pushes.unsubscribe(hash)
    return true
  }

  /** A page of everything this agent may see, or of some audiences of it, in primary-key order [E7, E8]. */
  rows(
    agent: AgentId,
    after: string,
    limit: number,
    only?: readonly string[],
  ): { rows: RowChange[]; next: string | null } {
    const audiences = this.#audiences(agent).filter((audience) => only?.includes(audience) ?? true)
    return pageOfRows(this.#sql, after, limit, audiences)
  }

  first(agent: AgentId): { rows: RowChange[]; next: string | null } {
    return { rows: firstRows(this.#sql, this.#audiences(agent)), next: null }
  }

  /** Counts what was refused at the border: all that it leaves behind. */
  count(name: string): void {
    if (!this.#parts) return
    this.#sql.run(
      `INSERT INTO counters (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1`,
      name,
    )
  }

  // ----------------------------------------------------------------------------------------------- sockets

  /** Takes a socket that was just accepted, or closes it where there are too many. */
  connected(socket: Socket, agent: AgentId, session: string): void {
    const { sockets } = this.#founded()
    if (sockets.size >= limits.socketsPerAccount || sockets.countOf(agent) >= limits.socketsPerAgent)
      close(socket, closeCodes.tooMany, 'Too many connections.')
    else sockets.open(socket, agent, session)
  }

  message(socket: Socket, data: string | ArrayBuffer): void {
    if (!this.#parts) return
    const { sockets } = this.#parts
    const who = sockets.of(socket)
    if (!who) return
    const wait = sockets.admit(socket)
    if (wait !== null) return sockets.tell(socket, { t: 'slow', ms: wait })
    const text = typeof data === 'string' && data.length <= limits.frame ? data : ''
    const message = hear(text, this.#platform.now())
    if (!message) {
      // A hello of a version that is not spoken may look like nothing that is known here [E17].
      const version = versionIn(text)
      if (version !== null && !isSpoken(version)) return sockets.tell(socket, { t: 'upgrade' })
      return sockets.hangUp(socket, closeCodes.malformed, 'This is not the protocol.')
    }
    const waiting = this.#doubted.get(socket)
    if (waiting) return void waiting.push(message)
    if (who.client === null && message.t !== 'hello')
      return sockets.hangUp(socket, closeCodes.malformed, 'Say hello first.')
    this.#hear(socket, who, message, this.#parts)
  }

  /** A socket has ended. */
  closed(socket: Socket): void {
    this.#left(socket, linger)
  }

  #hear(socket: Socket, who: Readonly<Attachment>, message: Heard, parts: Parts): void {
    const { door, drafts, sockets, lives, seen } = parts
    switch (message.t) {
      case 'hello': {
        if (!lives.sure && sockets.doubts(message)) return this.#doubt(socket, message, parts)
        const last = this.#sql.one<{ last: number }>(
          `SELECT last FROM clients WHERE id = ? AND agent = ?`,
          message.client,
          who.agent,
        )
        sockets.greet(socket, message, last?.last ?? 0)
        return this.#presenceChanged()
      }
      case 'command':
      case 'outdated':
        return this.#command(socket, who, message, door, sockets)
      case 'pull':
        return this.#pull(socket, message, door, sockets)
      case 'catch up':
        return sockets.catchUp(socket, message.cursor)
      case 'echo':
        return sockets.echo(socket, message.n)
      case 'presence': {
        const { t: _, ...presence } = message
        sockets.setPresence(socket, presence)
        seen.heardOf(who.agent)
        return this.#presenceChanged()
      }
      case 'open draft':
        return drafts.open(socket, who, message)
      case 'close draft':
        return drafts.unfollow(socket, message)
      case 'update':
        if (message.doc.startsWith('thread:'))
          return sockets.hangUp(socket, closeCodes.threadWrite, 'The edge alone writes threads.')
        return drafts.update(socket, who, message.doc, message.update)
      case 'bye':
        sockets.hangUp(socket, 1000, 'Bye.')
        return this.#left(socket, 0)
    }
  }

  /** Answers what a device lacks of a thread. One that was damaged here is counted, and answered with nothing. */
  #pull(
    socket: Socket,
    asked: Extract<Heard, { t: 'pull' }>,
    { documents }: CommitDoor,
    sockets: Sockets,
  ): void {
    const { thread } = asked
    const known = this.#sql.one(`SELECT id FROM rows WHERE tbl = 'mobileUsers' AND id = ?`, thread)
    if (!known) return sockets.tell(socket, { t: 'thread', thread, epoch: 0, clock: 0, update: null })
    try {
      const { epoch, clock, update } = documents.since(thread, asked.epoch, asked.clock)
      sockets.tell(socket, { t: 'thread', thread, epoch, clock, update: toBase64(update) })
    } catch (fault) {
      if (!(fault instanceof DamagedThread)) throw fault
      console.error(fault.message)
      this.count('thread: damaged')
    }
  }

  /**
   * A cursor that this object should hold and does not says that somebody went back: the object, or the client.
   * D1 knows. Until it has said so the socket waits, and where it does not say so soon, comes again [E24].
   */
  #doubt(socket: Socket, hello: Heard, { history, sockets }: Parts): void {
    this.#doubted.set(socket, [hello])
    this.#platform.after(comparePatience, () => {
      if (this.#doubted.delete(socket)) sockets.hangUp(socket, closeCodes.tooSlow, 'Come again in a moment.')
    })
    history.begin()
  }

  /** The comparison with D1 is done. */
  #compared(wentBack: boolean): void {
    const parts = this.#founded()
    const waiting = [...this.#doubted]
    this.#doubted.clear()
    if (wentBack) parts.sockets.end(() => true, closeCodes.tooSlow, 'The account begins a new epoch.')
    else
      for (const [socket, said] of waiting)
        for (const message of said) {
          const who = parts.sockets.of(socket)
          if (who) this.#hear(socket, who, message, parts)
        }
    if (this.#platform.paused()) return
    parts.lane.pump()
    parts.bulk.pump()
  }

  #command(
    socket: Socket,
    who: Readonly<Attachment>,
    frame: CommandFrame | OutdatedFrame,
    door: CommitDoor,
    sockets: Sockets,
  ): void {
    if (who.client === null) return
    const agent = door.memory.agents.get(who.agent)
    if (!agent?.active)
      return sockets.hangUp(socket, closeCodes.signedOut, 'You are not an agent of this account any more.')
    const answer = door.command(frame, who.agent, who.client)
    if (answer.kind === 'ack') sockets.acknowledge(socket, answer.ack)
    else if (answer.kind === 'gap') sockets.tell(socket, { t: 'gap', last: answer.last })
    else sockets.tell(socket, { t: 'fork' })
  }

  #left(socket: Socket, stay: number): void {
    if (!this.#parts) return
    this.#doubted.delete(socket)
    const left = this.#parts.sockets.forget(socket)
    if (!left) return
    if (stay > 0 && left.presence?.messageCenter) {
      this.#leaving.set(left.agent, this.#platform.now() + stay)
      this.#platform.after(stay + 100, () => this.#presenceChanged())
    }
    this.#presenceChanged()
  }

  /** Tells everybody who is here, at most ten times a second. */
  #presenceChanged(): void {
    if (this.#presenceDue) return
    this.#presenceDue = true
    this.#platform.after(100, () => {
      this.#presenceDue = false
      if (!this.#parts) return
      const now = this.#platform.now()
      for (const [agent, until] of this.#leaving) if (until <= now) this.#leaving.delete(agent)
      const { sockets, seen } = this.#parts
      const absent = [...this.#leaving.keys(), ...seen.counted(now)]
      const agents = presenceOf(sockets.attachments(), absent)
      sockets.tellAll({ t: 'presence', agents })
      seen.note(new Set(agents.flatMap(({ id, messageCenter }) => (messageCenter ? [id] : []))), now)
      this.#arm()
    })
  }

  // ---------------------------------------------------------------------------------- lists and their broadcasts

  /** A page of the people on a list, for who may see to lists; null for others. */
  listMembers(agent: AgentId, list: ListId, after: string, limit: number): MobileUserId[] | null {
    const { door } = this.#founded()
    const role = door.memory.agents.get(agent)?.role
    return role && may(role, 'edit lists') ? door.broadcasts.members(list, after, limit) : null
  }

  /** A consumer of the bulk queue asks for a text, with the credentials of the channel that it leaves by. */
  claimBulk(): Exclude<BulkAnswer, { kind: 'text' }> | BulkText {
    if (!this.#parts || this.#platform.paused()) return { kind: 'nothing' }
    const answer = this.#parts.bulk.claim()
    if (answer.kind !== 'text') return answer
    return { ...answer, credentials: this.#credentials(answer.text.channel) }
  }

  handedBulk(message: EntryId, claim: string, outcome: Handover): void {
    this.#founded().bulk.handed(message, claim, outcome)
  }

  giveBackBulk(message: EntryId, claim: string): void {
    this.#founded().bulk.giveBack(message, claim)
  }

  restedBulk(): void {
    this.#founded().bulk.rested()
  }

  // ------------------------------------------------------------------------------------------- time and lanes

  /** Sets the next alarm first, then does what is due. Awaits no network and never throws [E21]. */
  alarm(): void {
    this.#alarmAt = null
    if (!this.#parts) return
    const { lane, bulk, lookups, pushes, door, history } = this.#parts
    try {
      this.#arm()
      this.#platform.reached('alarm-set')
      lane.recover()
      lane.pump()
      bulk.pump()
      lookups.pump()
      pushes.pump()
      history.pump()
      this.#ring(door)
      if (this.#parts.seen.isDue(this.#platform.now())) this.#presenceChanged()
      this.#tidy()
      door.documents.compact()
    } catch (fault) {
      console.error('alarm', fault)
    }
  }

  /** Brings what is due to the door. One that fails waits a minute and holds up none of the others. */
  #ring(door: CommitDoor): void {
    const now = this.#platform.now()
    for (const { id, kind, ref } of door.timers.due(now, ringsAtMost)) {
      try {
        door.commit({ kind: 'timer', id, what: kind, conversation: conversationId.parse(ref) })
      } catch (fault) {
        console.error('timer', id, fault)
        door.timers.postpone(id, now + minute)
      }
    }
    this.#arm()
  }

  #tidy(): void {
    const now = this.#platform.now()
    if (now - readNumber(this.#sql, 'tidied at', 0) < day) return
    tidy(this.#sql, now)
    writeMeta(this.#sql, 'tidied at', now)
  }

  /** One alarm for everything that is due. While a text is in flight it stands at most 5 s ahead [E21]. */
  #arm(): void {
    if (!this.#parts) return
    const now = this.#platform.now()
    const { door, lane, bulk, lookups, pushes, history, seen } = this.#parts
    const busy = lane.busy || lookups.busy || pushes.busy || history.busy
    const dues = [
      lane.nextDue(),
      bulk.nextDue(),
      lookups.nextDue(),
      pushes.nextDue(),
      history.nextDue(),
      seen.nextDue(now),
      door.timers.nextDue(),
    ].filter((due) => due !== null)
    if (dues.length === 0 && !busy) return
    const at = Math.min(busy ? now + 5 * second : Infinity, Math.max(now + 20, Math.min(...dues)))
    if (this.#alarmAt !== null && this.#alarmAt > now && this.#alarmAt <= at) return
    this.#alarmAt = at
    this.#platform.alarmIn(at - now)
  }

  // --------------------------------------------------------------------------------------------------- wiring

  /** Goes on with what waits, after a pause or a jump of the clock. */
  goOn(): void {
    this.#alarmAt = null
    this.alarm()
  }

  get #sql(): Sql {
    return this.#platform.sql
  }

  #founded(): Parts {
    if (!this.#parts) throw new Error('There is no such account.')
    return this.#parts
  }

  #audiences(agent: AgentId): string[] {
    const row = this.#founded().door.memory.agents.get(agent)
    return row ? audiencesOf(row) : []
  }

  #credentials(channel: ChannelId): string {
    const found = this.#sql.one<{ credentials: string }>(
      `SELECT credentials FROM channels WHERE id = ?`,
      channel,
    )
    if (!found) throw new Error(`There is no channel ${channel}.`)
    return found.credentials
  }

  #wire(): Parts {
    if (this.#parts) return this.#parts
    const { start, now, random, reached, paused, soon, after, waitUntil } = this.#platform
    const id = accountId.parse(
      this.#sql.one<{ value: string }>(`SELECT value FROM meta WHERE key = 'account'`)?.value,
    )
    const door = new CommitDoor({
      sql: this.#sql,
      now,
      random,
      start,
      reached,
      sure: () => lives.sure,
      publish: (commit) => {
        sockets.publish(commit)
        drafts.closed(commit.drafts)
        if (!paused()) this.#arm()
      },
      texts: () => {
        if (paused()) return
        lane.pump()
        bulk.pump()
      },
      overlooked: () => {
        // At once: a flush that waits already would lead frames past what was overlooked.
        sockets.missed()
        // Not within the input that failed: it has its own answer to give first.
        soon(() => {
          if (!paused()) lane.pump()
        })
      },
    })
    const lives: Lives = new Lives({
      account: id,
      sql: this.#sql,
      door: () => door,
      history: this.#platform.history,
      now,
      after,
      compared: (wentBack) => this.#compared(wentBack),
    })
    const sockets = new Sockets({
      account: () => id,
      sql: this.#sql,
      memory: () => door.memory,
      now,
      all: () => this.#platform.sockets(),
      soon,
      later: (ms, what) => void after(ms, what),
    })
    const drafts = new DraftLane({ sql: this.#sql, door, sockets, reached })
    const connections = new Connections()
    const seen = new Seen(this.#sql, now())
    for (const { agent, presence } of sockets.attachments()) if (presence) seen.heardOf(agent)
    const lane = new ChatLane({
      door,
      connections,
      now,
      reached,
      held: () => lives.holding,
      send: (text, signal) => this.#platform.send(this.#credentials(text.channel), text, signal),
      probe: (channel, signal) => this.#platform.probe(this.#credentials(channel), signal),
      after,
      waitUntil,
      arm: () => this.#arm(),
    })
    const bulk = new BulkLane({
      sql: this.#sql,
      door,
      ids: makeIds(random),
      now,
      reached,
      held: () => lives.holding,
      nudge: (count) => this.#platform.nudgeBulk(id, count),
      compared: () => lives.sure,
      flush: (lines) => this.#platform.history.ledger(id, door.memory.epoch, lines),
      after,
      waitUntil,
      arm: () => this.#arm(),
    })
    const lookups = new LookupLane({
      door,
      connections,
      now,
      reached,
      list: (channel, query, signal) => this.#platform.list(this.#credentials(channel), query, signal),
      after,
      waitUntil,
      arm: () => this.#arm(),
    })
    const pushes = new PushLane({
      sql: this.#sql,
      door,
      pushes: door.pushes,
      connections,
      now,
      present: (agent) => sockets.isPresent(agent),
      hasStored: (agent, seq) => sockets.hasStored(agent, seq),
      send: (message, signal) => this.#platform.push(message, signal),
      after,
      waitUntil,
      arm: () => this.#arm(),
    })
    const history = new HistoryLane({
      sql: this.#sql,
      door,
      connections,
      now,
      compared: () => lives.sure,
      compare: () => lives.compare(),
      flush: (batch) => this.#platform.history.flush(id, batch),
      after,
      waitUntil,
      arm: () => this.#arm(),
    })
    this.#parts = {
      id,
      door,
      lane,
      bulk,
      lookups,
      pushes,
      history,
      drafts,
      lives,
      sockets,
      seen,
      sessions: new Sessions(this.#sql),
    }
    // Texts of an earlier start wait for D1, but not for ever.
    if (door.outbox.holdsEarlier()) after(comparePatience, () => lane.pump())
    lane.recover()
    lane.pump()
    if (!paused()) bulk.pump()
    history.begin()
    return this.#parts
  }
}
