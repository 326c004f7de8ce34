import type { Handover, Receipt } from '#shared/core/input.ts'
import type { Media } from '#shared/model/entry.ts'
import type { EntryId } from '#shared/base/ids.ts'
import type { Listed } from '#shared/rules/lookup.ts'

/** A connection to a carrier with what is secret about it. Lives in the object and in D1, encrypted, never in a row. */
export type ChannelConfig =
  | { carrier: 'simulator'; secret: string; api: string }
  | { carrier: 'twilio'; accountSid: string; authToken: string; publicAddress: string; api: string }

/** What a webhook turned out to be. Unknown event types are acknowledged and change nothing. */
export type CarrierEvent =
  | { kind: 'inbound'; carrierId: string; from: string; to: string; text: string; media: Media[] }
  | { kind: 'receipt'; carrierId: string; message: EntryId | null; receipt: Receipt }
  | { kind: 'ignored' }

/** A text on its way out. `ref` is our message id, put where the carrier echoes it. */
export interface Texting {
  ref: EntryId
  from: string
  to: string
  text: string
  /** To leave as an MMS although it has no picture, so that it arrives in one piece [F125]. */
  textOnly: boolean
  /** Addresses of pictures that go with it. */
  media?: readonly string[]
  /** Where the carrier reports what became of it, without our own parameters. */
  callback: string
}

export type Verification = { ok: true } | { ok: false; reason: string }

/** What a carrier's list is asked for: texts from one number to another that it took between two times (ms). */
export interface ListQuery {
  from: string
  to: string
  since: number
  until: number
}

/** What a carrier's list says. `too many`: there is more than is worth reading, so that it proves nothing. */
export type Listing =
  | { kind: 'listed'; texts: Listed[] }
  | { kind: 'too many' }
  | { kind: 'busy'; retryAfter: number }
  | { kind: 'silent'; text: string }

/**
 * The seam between Parley and a carrier: one interface, one contract suite. `verify` sees the raw bytes, `parse`
 * only what was verified, `send` never throws: whatever is thrown by `fetch`, every 5xx and every answer that
 * does not parse is `silent` [E22].
 */
export interface Carrier<Config extends ChannelConfig = ChannelConfig> {
  verify(request: RawRequest, config: Config): Promise<Verification>
  parse(request: RawRequest): CarrierEvent | null
  acknowledge(): Response
  send(text: Texting, config: Config, signal: AbortSignal): Promise<Handover>
  /** A harmless GET that tells whether the carrier answers at all; closes the breaker. */
  probe(config: Config, signal: AbortSignal): Promise<boolean>
  /**
   * The request that fetches a customer's media from an address, or null where the address is not this carrier's:
   * only its own hosts are asked, and only those that need them are shown credentials.
   */
  media(address: URL, config: Config): MediaRequest | null
  /** Reads what the carrier has of our texts, and sends nothing. Never throws. Absent where it keeps no list. */
  list?(query: ListQuery, config: Config, signal: AbortSignal): Promise<Listing>
}

export interface MediaRequest {
  url: string
  headers: Record<string, string>
}

/** A webhook as it came: enough to verify and parse it later, byte for byte [E23]. */
export interface RawRequest {
  channel: string
  /** `inbound` or `status`. */
  event: string
  url: string
  method: string
  headers: Record<string, string>
  body: Uint8Array
}
