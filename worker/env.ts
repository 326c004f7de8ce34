import type { AccountApi } from './account/api.ts'
import type { DoorApi } from './door/door.ts'

/** Everything the Worker is bound to, as `wrangler.toml` names it. */
export interface Env {
  ACCOUNT: DurableObjectNamespace<AccountApi>
  DOOR: DurableObjectNamespace<DoorApi>
  HISTORY: D1Database
  SEARCH: D1Database
  ARRIVALS: Queue<ArrivalNudge>
  BULK: Queue<BulkNudge>
  MAIL: Queue<unknown>
  MEDIA: R2Bucket
  SEND_EMAIL: SendEmail
  ASSETS: Fetcher
  PUBLIC_ADDRESS: string
  PEPPER: string
  CHANNEL_KEY: string
  /** What an operator proves by to be one, 32 characters or more. Without it there are no operator's routes. */
  OPERATOR_SECRET?: string
  /** Web push (RFC 8292): without these keys no browser is offered notifications. `npm run vapid` makes them. */
  VAPID_PUBLIC_KEY?: string
  VAPID_PRIVATE_KEY?: string
  /** `mailto:` or `https:` address at which push services reach the operator. */
  VAPID_CONTACT: string
  /** Hosts of push services, comma separated: no other is ever called for a browser. */
  PUSH_SERVICES: string
}

/** "Texts of this account's broadcasts wait": a nudge, never the texts. */
export interface BulkNudge {
  account: string
}

/** "There is an arrival in R2": a nudge, never the arrival itself. */
export interface ArrivalNudge {
  key: string
}
