import type { Delivery, DeliveryState } from '../model/delivery.ts'

/**
 * The next delivery state of a text, or null where the news is old: a state never goes back, whatever order
 * the carrier's receipts come in [fault W2]. `unconfirmed` lies below `sent`, so that a late answer or receipt
 * settles it; the three ends are equal, and the first one that arrives stays, except that a carrier's
 * "delivered" corrects an earlier "undelivered" or "failed": the handset's word is the stronger one. A text that was
 * refused or discarded was not handed over in this life of the account; a carrier that names it all the same has it from
 * a life that is lost, and is believed [E24].
 */
export function advance(current: Delivery, news: Delivery): Delivery | null {
  if (isCarrierEnd(current.state) && news.state === 'delivered' && current.state !== 'delivered') return news
  return rank[news.state] > rank[current.state] ? news : null
}

/** Whether a text may still be handed to a carrier: it waits in whatever way, and nothing has called yet. */
export function isUnsent(state: DeliveryState): boolean {
  return state === 'accepted' || state === 'held' || state === 'scheduled'
}

/** Whether nothing more is expected for a text. An unconfirmed one still waits for its receipt. */
export function isFinal(state: DeliveryState): boolean {
  return rank[state] >= rank.delivered || rank[state] === rank.refused
}

function isCarrierEnd(state: DeliveryState): boolean {
  return state === 'undelivered' || state === 'failed'
}

const rank: Record<DeliveryState, number> = {
  scheduled: -1,
  held: 0,
  accepted: 1,
  claimed: 2,
  unconfirmed: 3,
  refused: 4,
  discarded: 4,
  sent: 5,
  delivered: 6,
  undelivered: 6,
  failed: 6,
}
