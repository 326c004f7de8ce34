import type {
  BroadcastId,
  ChannelId,
  ConversationId,
  EntryId,
  MobileUserId,
  NumberId,
} from '#shared/base/ids.ts'
import { day } from '#shared/base/time.ts'
import type { UnansweredBroadcast } from '#shared/core/world.ts'
import type { Delivery, DeliveryState } from '#shared/model/delivery.ts'
import type { Broadcast } from '#shared/rows/broadcast.ts'
import type { Sql } from './sql.ts'

/** A line of the ledger as the door looks at it. */
export interface LedgerText {
  message: EntryId
  broadcast: BroadcastId
  user: MobileUserId
  number: NumberId
  channel: ChannelId
  conversation: ConversationId | null
  body: string
  delivery: Delivery
}

interface Stored extends Omit<LedgerText, 'delivery'> {
  state: DeliveryState
  at: number
  code: string | null
  reason: string | null
}

/** How long after a text of a broadcast an inbound text counts as its answer [F148]. */
const answeredWithin = 30 * day

/** The first line of the ledger of which `where` is true; null where there is none. */
export function readText(sql: Sql, where: string, ...values: (string | number)[]): LedgerText | null {
  const found = sql.one<Stored>(
    `SELECT message, broadcast, user, number, channel, conversation, body, state, at, code, reason FROM ledger WHERE ${where}`,
    ...values,
  )
  if (!found) return null
  const { state, at, code, reason, ...text } = found
  return { ...text, delivery: deliveryOf(state, at, code ?? '', reason ?? '') }
}

/** The newest text of a broadcast to a person that may have reached them and that they have not answered. */
export function unansweredBroadcast(
  sql: Sql,
  user: MobileUserId,
  number: NumberId,
  now: number,
): UnansweredBroadcast | null {
  const found = sql.one<{ message: EntryId; body: string; row: string }>(
    `SELECT ledger.message, ledger.body, rows.body AS row
     FROM ledger JOIN rows ON rows.tbl = 'broadcasts' AND rows.id = ledger.broadcast
     WHERE ledger.user = ? AND ledger.number = ? AND ledger.answered = 0 AND ledger.at > ?
       AND ledger.state IN ('claimed', 'unconfirmed', 'sent', 'delivered') AND rows.body IS NOT NULL
     ORDER BY ledger.at DESC LIMIT 1`,
    user,
    number,
    now - answeredWithin,
  )
  if (!found) return null
  const { id, listName, by } = JSON.parse(found.row) as Broadcast
  return { message: found.message, broadcast: id, list: listName, by, text: found.body }
}

/** A state from its columns. `held` and `discarded` are an agent's doing and never happen here. */
function deliveryOf(state: DeliveryState, at: number, code: string, text: string): Delivery {
  switch (state) {
    case 'accepted':
    case 'claimed':
    case 'unconfirmed':
    case 'sent':
    case 'delivered':
    case 'discarded':
      return { state, at }
    case 'undelivered':
    case 'failed':
    case 'refused':
      return { state, at, code, text }
    case 'held':
    case 'scheduled':
      throw new Error('A text of a broadcast is never held, nor scheduled by itself.')
  }
}
