import type {
  AgentId,
  ChannelId,
  CommandId,
  ConversationId,
  EntryId,
  MediaId,
  MobileUserId,
} from '../base/ids.ts'
import type { Media } from '../model/entry.ts'
import type { Press } from '../rules/guard.ts'
import type { Command } from './command.ts'

/** What a carrier's API answered when it was handed a text. Anything thrown or unreadable is `silent` [E22]. */
export type Handover =
  | { kind: 'accepted'; carrierId: string }
  | { kind: 'rejected'; code: string; text: string; optedOut: boolean }
  | { kind: 'busy'; code: string; text: string; retryAfter: number }
  | { kind: 'silent'; text: string }

/** What a carrier reports of a text it has. */
export type Receipt =
  | { state: 'sent' }
  | { state: 'delivered' }
  | { state: 'undelivered' | 'failed'; code: string; text: string }

/** What asking a carrier's list about an unconfirmed text came to. `open`: a person decides, and why [E22]. */
export type Lookup = { kind: 'found'; carrierId: string; receipt: Receipt } | { kind: 'open'; why: string }

/** What fetching a customer's media came to. */
export type Copied = { kind: 'kept'; contentType: string; bytes: number } | { kind: 'lost'; why: string }

/** Everything that can come to the door. Nothing happens to an account that did not come in as one of these. */
export type Input =
  | { kind: 'command'; actor: AgentId; id: CommandId; command: Command; press: Press; wroteAt?: number }
  | {
      kind: 'inbound'
      channel: ChannelId
      carrierId: string
      from: string
      to: string
      text: string
      media: Media[]
    }
  | { kind: 'receipt'; channel: ChannelId; carrierId: string; message: EntryId | null; receipt: Receipt }
  | { kind: 'claim'; message: EntryId }
  | { kind: 'handed'; message: EntryId; outcome: Handover }
  | { kind: 'looked up'; message: EntryId; outcome: Lookup }
  | { kind: 'copied'; media: MediaId; entry: EntryId; user: MobileUserId; outcome: Copied }
  /** A due time that the account set itself. `id` is its dedupe key. */
  | { kind: 'timer'; id: string; what: 'waiting'; conversation: ConversationId }
  | { kind: 'timer'; id: string; what: 'scheduled'; message: EntryId }

export type InputOf<Kind extends Input['kind']> = Extract<Input, { kind: Kind }>
