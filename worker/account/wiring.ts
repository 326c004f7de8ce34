import type {
  AccountId,
  AgentId,
  ChannelId,
  EntryId,
  ListId,
  MediaId,
  MobileUserId,
} from '#shared/base/ids.ts'
import { accountId } from '#shared/base/ids.ts'
import type { Handover } from '#shared/core/input.ts'
import type { Upload } from '#shared/core/world.ts'
import type { Role } from '#shared/model/role.ts'
import { audiencesOf } from '#shared/rules/audience.ts'
import { may } from '#shared/rules/permissions.ts'
import type { RowPut } from '#shared/rows/tables.ts'
import { closeCodes, type RowChange } from '#shared/wire/down.ts'
import { limits } from '#shared/wire/limits.ts'
import type { CarrierEvent } from '../carriers/carrier.ts'
import { Alarm } from './alarm.ts'
import type { BulkAnswer } from './bulk-lane.ts'
import type { CommitDoor } from './commit.ts'
import { take, type Allowance, type Socket } from './live-socket.ts'
import { comparePatience, firstPatience } from './lives.ts'
import { writeMeta } from './memory.ts'
import { credentialsOf, makeParts, type Parts } from './parts.ts'
import type { Platform } from './platform.ts'
import type { PushRequest } from './pushes.ts'
import { Reception } from './reception.ts'
import { firstRows, pageOfRows } from './rows.ts'
import { publicId } from './sessions.ts'
import type { Sql } from './sql.ts'
import { isFounded, migrate } from './tables.ts'

/** Who a session belongs to. */
export interface SessionOf {
  account: AccountId
  accountName: string
  agent: AgentId
  name: string
  email: string
  role: Role
}

/** A session as its agent sees it. */
export interface SessionView {
  id: string
  /** What the browser calls itself. */
  device: string
  created: number
  seen: number
  /** The one that asks. */
  current: boolean
}

/** A text that a consumer is to hand over, at once and once. */
export type BulkText = Extract<BulkAnswer, { kind: 'text' }> & { credentials: string }

/**
 * One life of an account, from its start to its end: who calls whom. It knows no platform, so that the same
 * wiring runs under the Workers runtime and in the simulated world. Everything that decides or writes is in the
 * parts.
 */
export class Account {
  readonly #platform: Platform
  readonly #reception: Reception
  readonly #alarm: Alarm
  #parts: Parts | null = null
  /** What webhooks may still bring [E30]. */
  readonly #arrivals: Allowance

  constructor(platform: Platform) {
    this.#platform = platform
    this.#arrivals = { left: limits.arrivalBurst, countedAt: platform.now() }
    this.#reception = new Reception({
      platform,
      parts: () => this.#parts,
      arm: () => this.#alarm.armSoon(),
    })
    this.#alarm = new Alarm({
      platform,
      parts: () => this.#parts,
      presenceChanged: () => this.#reception.presenceChanged(),
    })
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

  /**
   * Takes what a webhook brings, where this second has room for one more arrival: `later` where it has not, and
   * whoever brings it keeps it and comes again [E30]. What an object fetches itself from the keep is not counted: it
   * comes one by one, each after a read of R2.
   */
  receive(channel: ChannelId, event: CarrierEvent): 'taken' | 'later' {
    const { arrivalsPerSecond, arrivalBurst } = limits
    if (take(this.#arrivals, arrivalsPerSecond, arrivalBurst, this.#platform.now()) !== null) return 'later'
    this.arrive(channel, event)
    return 'taken'
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

  /** The Worker has kept a webhook of this account, because it could not be reached [E23]. */
  kept(): void {
    this.#parts?.kept.more()
  }

  /** Somebody knows that the storage may have gone back: what leaves waits for D1's word [E24]. */
  suspect(): void {
    if (!this.#parts) return
    this.#parts.lives.suspect()
    this.#parts.history.begin()
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

  /** Where else this session's agent is signed in, and here. */
  sessionsOf(hash: string): SessionView[] {
    const { sessions } = this.#founded()
    const now = this.#platform.now()
    const agent = sessions.agentOf(hash, now)
    if (agent === null) return []
    return sessions.of(agent, now).map(({ hash: other, device, created, seen }) => ({
      id: publicId(other),
      device,
      created,
      seen,
      current: other === hash,
    }))
  }

  /** Ends another session of the same agent; false where there is none of that name. */
  endSession(hash: string, id: string): boolean {
    const { sessions } = this.#founded()
    const now = this.#platform.now()
    const agent = sessions.agentOf(hash, now)
    if (agent === null) return false
    const other = sessions.of(agent, now).find((session) => publicId(session.hash) === id)
    if (!other || other.hash === hash) return false
    this.#endSession(other.hash, now)
    return true
  }

  /** Ends every session of an agent but one, and answers how many those were. */
  endSessions(agent: AgentId, except: string | null): number {
    const { sessions } = this.#founded()
    const now = this.#platform.now()
    const others = sessions.of(agent, now).filter(({ hash }) => hash !== except)
    for (const { hash } of others) this.#endSession(hash, now)
    return others.length
  }

  #endSession(hash: string, now: number): void {
    const { door, sessions, sockets } = this.#founded()
    sessions.end(hash, now)
    door.pushes.unsubscribe(hash)
    sockets.end((socket) => socket.session === hash, closeCodes.signedOut, 'Signed out from elsewhere.')
  }

  /** Whether a session was ended from another device: its browser is to keep nothing. */
  wasEnded(hash: string): boolean {
    return this.#parts?.sessions.wasEnded(hash) ?? false
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

  admitUpload(agent: AgentId, id: MediaId): 'yes' | 'too many' {
    return this.#founded().door.uploads.admit(agent, id, this.#platform.now())
  }

  keepUpload(agent: AgentId, id: MediaId, upload: Upload & { hash: string }): void {
    this.#founded().door.uploads.keep(agent, id, upload, this.#platform.now())
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

  connected(socket: Socket, agent: AgentId, session: string): void {
    this.#reception.connected(socket, agent, session)
  }

  message(socket: Socket, data: string | ArrayBuffer): void {
    this.#reception.message(socket, data)
  }

  closed(socket: Socket): void {
    this.#reception.closed(socket)
  }

  // ---------------------------------------------------------------------------------- lists and their broadcasts

  /** A page of the people on a list, for who may see to lists; null for others. */
  listMembers(agent: AgentId, list: ListId, after: string, limit: number): MobileUserId[] | null {
    const { door } = this.#founded()
    const role = door.memory.agents.get(agent)?.role
    return role && may(role, 'edit lists') ? door.members.page(list, after, limit) : null
  }

  /** A consumer of the bulk queue asks for a text, with the credentials of the channel that it leaves by. */
  claimBulk(): Exclude<BulkAnswer, { kind: 'text' }> | BulkText {
    if (!this.#parts || this.#platform.paused()) return { kind: 'nothing' }
    const answer = this.#parts.bulk.claim()
    if (answer.kind !== 'text') return answer
    return { ...answer, credentials: credentialsOf(this.#sql, answer.text.channel) }
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

  /** Does what is due. Awaits no network and never throws [E21]. */
  alarm(): void {
    this.#alarm.ring()
  }

  /** Goes on with what waits, after a pause or a jump of the clock. */
  goOn(): void {
    this.#alarm.ring()
  }

  // --------------------------------------------------------------------------------------------------- wiring

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

  #compared(wentBack: boolean): void {
    this.#reception.compared(wentBack)
    if (this.#platform.paused()) return
    const { lane, bulk } = this.#founded()
    lane.pump()
    bulk.pump()
  }

  #wire(): Parts {
    if (this.#parts) return this.#parts
    const id = accountId.parse(
      this.#sql.one<{ value: string }>(`SELECT value FROM meta WHERE key = 'account'`)?.value,
    )
    const parts = makeParts(id, this.#platform, {
      arrive: (channel, event) => this.arrive(channel, event),
      arm: () => this.#alarm.armSoon(),
      compared: (wentBack) => this.#compared(wentBack),
    })
    this.#parts = parts
    const { door, lane, bulk, history } = parts
    // Texts wait for D1, but not for ever.
    this.#platform.after(firstPatience, () => lane.pump())
    if (door.outbox.holdsEarlier()) this.#platform.after(comparePatience, () => lane.pump())
    lane.recover()
    lane.pump()
    if (!this.#platform.paused()) bulk.pump()
    history.begin()
    return parts
  }
}
