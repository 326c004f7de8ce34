import type { AccountId, ChannelId } from '#shared/base/ids.ts'
import type { Handover } from '#shared/core/input.ts'
import type { CarrierEvent, ListQuery, Listing } from '../carriers/carrier.ts'
import type { PushMessage, PushOutcome } from '../push/post.ts'
import type { Reached } from './crash-points.ts'
import type { DurableHistory } from './durable.ts'
import type { Fetched } from '../media/fetch.ts'
import type { MediaCopy } from './media-copies.ts'
import type { Waiting } from './outbox.ts'
import type { Socket } from './live-socket.ts'
import type { Sql } from './sql.ts'

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
  /**
   * Brings in all webhooks that the Worker kept for a channel while this object could not be reached, each through
   * `admit`, and deletes it there after that. Throws where they cannot be read [E23].
   */
  bringInKept(
    channel: { id: ChannelId; credentials: string },
    admit: (event: CarrierEvent) => void,
  ): Promise<void>
  send(credentials: string, text: Waiting, signal: AbortSignal): Promise<Handover>
  probe(credentials: string, signal: AbortSignal): Promise<boolean>
  /** What a carrier has of the texts between two numbers; null where it keeps no list. */
  list(credentials: string, query: ListQuery, signal: AbortSignal): Promise<Listing | null>
  history: DurableHistory
  /** Fetches a customer's media from their carrier into own storage, under the account's name. */
  copy(credentials: string, account: AccountId, media: MediaCopy, signal: AbortSignal): Promise<Fetched>
  /** Hands a notification to a browser's push service. */
  push(message: PushMessage, signal: AbortSignal): Promise<PushOutcome>
  /** Tells so many consumers of the bulk queue that texts of this account wait. */
  nudgeBulk(account: AccountId, count: number): Promise<void>
}
