import { DurableObject } from 'cloudflare:workers'
import type {
  AccountId,
  AgentId,
  ChannelId,
  EntryId,
  ListId,
  MediaId,
  MobileUserId,
} from '#shared/base/ids.ts'
import type { Handover } from '#shared/core/input.ts'
import type { Upload } from '#shared/core/world.ts'
import type { RowPut } from '#shared/rows/tables.ts'
import type { RowChange } from '#shared/wire/down.ts'
import { ping, pong } from '#shared/wire/up.ts'
import type { CarrierEvent, ListQuery, Listing } from '../carriers/carrier.ts'
import type { Env } from '../env.ts'
import type { CommitDoor } from './commit.ts'
import type { CrashPoint } from './crash-points.ts'
import type { DurableHistory } from './durable.ts'
import type { Fetched } from '../media/fetch.ts'
import type { MediaCopy } from './media-copies.ts'
import type { Waiting } from './outbox.ts'
import type { PushRequest } from './pushes.ts'
import type { PushMessage, PushOutcome } from '../push/post.ts'
import { storageSql, type Sql } from './sql.ts'
import { Together } from './together.ts'
import { Account, type SessionOf, type SessionView } from './wiring.ts'

export type { SessionOf } from './wiring.ts'

/** What an account needs of the world outside, handed in by the entry. */
export interface AccountParts {
  /** Brings in what the Worker kept in R2 for a channel [E23]. */
  bringInKept(
    env: Env,
    channel: { id: ChannelId; credentials: string },
    admit: (event: CarrierEvent) => void,
  ): Promise<void>
  send(env: Env, credentials: string, text: Waiting, signal: AbortSignal): Promise<Handover>
  probe(env: Env, credentials: string, signal: AbortSignal): Promise<boolean>
  /** What a carrier has of the texts between two numbers; null where it keeps no list. */
  list(env: Env, credentials: string, query: ListQuery, signal: AbortSignal): Promise<Listing | null>
  /** Fetches a customer's media from their carrier into own storage. */
  copy(
    env: Env,
    credentials: string,
    account: AccountId,
    media: MediaCopy,
    signal: AbortSignal,
  ): Promise<Fetched>
  /** The durable history, in D1. */
  history(env: Env): DurableHistory
  /** Hands a notification to a browser's push service. */
  push(env: Env, message: PushMessage, signal: AbortSignal): Promise<PushOutcome>
  /** Tells so many consumers of the bulk queue that texts of an account wait. */
  nudgeBulk(env: Env, account: AccountId, count: number): Promise<void>
}

/**
 * An account on the Workers runtime: gives the wiring its platform and forwards the platform's calls to it. The
 * wiring itself is in `wiring.ts`, which the simulated world runs as well.
 */
export class AccountObject extends DurableObject<Env> {
  readonly #sql: Sql
  readonly #account: Account
  #ending = false
  readonly #arrivals: Together<{ channel: ChannelId; event: CarrierEvent }, 'taken' | 'later'>

  constructor(ctx: DurableObjectState, env: Env, outside: AccountParts) {
    super(ctx, env)
    this.#sql = storageSql(ctx.storage)
    this.#arrivals = new Together(
      ({ channel, event }) => this.#account.receive(channel, event),
      () => ctx.storage.sync(),
    )
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(ping, pong))
    this.#account = new Account({
      sql: this.#sql,
      start: crypto.randomUUID(),
      now: () => this.now(),
      random: () => crypto.getRandomValues(new Uint8Array(16)),
      reached: (point) => this.reached(point),
      paused: () => this.paused,
      sockets: () => ctx.getWebSockets(),
      soon: (call) => queueMicrotask(call),
      after: (ms, call) => {
        const timer = setTimeout(call, ms)
        return () => clearTimeout(timer)
      },
      alarmIn: (ms) => void ctx.storage.setAlarm(Date.now() + ms),
      waitUntil: (promise) => ctx.waitUntil(promise.catch((fault: unknown) => console.error('lane', fault))),
      bringInKept: (channel, admit) => outside.bringInKept(env, channel, admit),
      send: (credentials, text, signal) => outside.send(env, credentials, text, signal),
      probe: (credentials, signal) => outside.probe(env, credentials, signal),
      list: (credentials, query, signal) => outside.list(env, credentials, query, signal),
      copy: (credentials, account, media, signal) => outside.copy(env, credentials, account, media, signal),
      history: outside.history(env),
      push: (message, signal) => outside.push(env, message, signal),
      nudgeBulk: (account, count) => outside.nudgeBulk(env, account, count),
    })
  }

  /** The account's clock. Development moves it. */
  protected now(): number {
    return Date.now()
  }

  /** A named place where an object may die. Tests make it the last one. */
  protected reached(_point: CrashPoint): void {}

  /** While true no text leaves: the seed writes the past, which asks carriers nothing. */
  protected get paused(): boolean {
    return false
  }

  protected get door(): CommitDoor {
    return this.#account.door
  }

  protected get sql(): Sql {
    return this.#sql
  }

  /** Goes on with what waits, after a pause or a jump of the clock. */
  protected goOn(): void {
    this.#account.goOn()
  }

  // ------------------------------------------------------------------------------------ what the Worker asks

  found(id: string, puts: RowPut[], channels: { id: string; carrier: string; credentials: string }[]): void {
    this.#account.found(id, puts, channels)
  }

  /** Takes what a webhook brings. Many at once share a write of the disk and a frame, each in a commit of its own. */
  arrive(channel: ChannelId, event: CarrierEvent): Promise<'taken' | 'later'> {
    return this.#arrivals.bring({ channel, event })
  }

  /** Where the storage stood at a moment, in ms since 1970; null where the runtime keeps no history [E24]. */
  async bookmarkAt(time: number): Promise<string | null> {
    try {
      return await this.ctx.storage.getBookmarkForTime(time)
    } catch (fault) {
      // The local runtime throws here, and has no other way to say that it cannot.
      console.error('bookmark', fault)
      return null
    }
  }

  /** Begins the next life of this object with the storage of a bookmark. Answers the bookmark of now. */
  async returnTo(bookmark: string): Promise<string> {
    const undo = await this.ctx.storage.onNextSessionRestoreBookmark(bookmark)
    this.endSoon()
    return undo
  }

  /**
   * The storage went back by an operator's hand: no text leaves before D1 has said so too, however long that takes.
   * False from the life before, which is about to end and could not keep it.
   */
  wentBack(): boolean {
    if (this.#ending) return false
    this.#account.suspect()
    return true
  }

  /** Ends this life once the answer to what is running has left. */
  protected endSoon(): void {
    this.#ending = true
    setTimeout(() => this.ctx.abort('The storage goes back.'), 100)
  }

  kept(): void {
    this.#account.kept()
  }

  openSession(hash: string, agent: AgentId, device: string): boolean {
    return this.#account.openSession(hash, agent, device)
  }

  session(hash: string): SessionOf | null {
    return this.#account.session(hash)
  }

  closeSession(hash: string): void {
    this.#account.closeSession(hash)
  }

  admitUpload(agent: AgentId, id: MediaId): 'yes' | 'too many' {
    return this.#account.admitUpload(agent, id)
  }

  keepUpload(agent: AgentId, id: MediaId, upload: Upload & { hash: string }): void {
    this.#account.keepUpload(agent, id, upload)
  }

  sessionsOf(hash: string): SessionView[] {
    return this.#account.sessionsOf(hash)
  }

  endSession(hash: string, id: string): boolean {
    return this.#account.endSession(hash, id)
  }

  endSessions(agent: AgentId, except: string | null): number {
    return this.#account.endSessions(agent, except)
  }

  wasEnded(hash: string): boolean {
    return this.#account.wasEnded(hash)
  }

  subscribe(hash: string, request: PushRequest | null): boolean {
    return this.#account.subscribe(hash, request)
  }

  rows(
    agent: AgentId,
    after: string,
    limit: number,
    only?: readonly string[],
  ): { rows: RowChange[]; next: string | null } {
    return this.#account.rows(agent, after, limit, only)
  }

  first(agent: AgentId): { rows: RowChange[]; next: string | null } {
    return this.#account.first(agent)
  }

  listMembers(agent: AgentId, list: ListId, after: string, limit: number): MobileUserId[] | null {
    return this.#account.listMembers(agent, list, after, limit)
  }

  claimBulk(): ReturnType<Account['claimBulk']> {
    return this.#account.claimBulk()
  }

  handedBulk(message: EntryId, claim: string, outcome: Handover): void {
    this.#account.handedBulk(message, claim, outcome)
  }

  giveBackBulk(message: EntryId, claim: string): void {
    this.#account.giveBackBulk(message, claim)
  }

  restedBulk(): void {
    this.#account.restedBulk()
  }

  count(name: string): void {
    this.#account.count(name)
  }

  // ---------------------------------------------------------------------------------- what the platform calls

  /** Upgrades to the account's socket. The Worker has checked origin and cookie; the session is checked here. */
  override async fetch(request: Request): Promise<Response> {
    const hash = request.headers.get('x-session') ?? ''
    const session = this.#account.session(hash)
    if (!session) return new Response(null, { status: 401 })
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server)
    this.#account.connected(server, session.agent, hash)
    return new Response(null, { status: 101, webSocket: client })
  }

  override webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): void {
    this.#account.message(socket, data)
  }

  override webSocketClose(socket: WebSocket): void {
    this.#account.closed(socket)
  }

  override webSocketError(socket: WebSocket): void {
    this.#account.closed(socket)
  }

  override alarm(): void {
    this.#account.alarm()
  }
}
