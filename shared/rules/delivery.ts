import type { Delivery, DeliveryState } from '../model/delivery.ts'

/**
 * The next delivery state of a text, or null where the news is old: a state never goes back, whatever order
 * the carrier's receipts come in [fault W2]. `unconfirmed` lies below `sent`, so that a late answer or receipt
 * settles it; the three ends are equal, and the first one that arrives stays, except that a carrier's
 * "delivered" corrects an earlier "undelivered" or "failed": the handset's word is the stronger one.
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
  return rank[state] >= rank.delivered
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
  sent: 4,
  delivered: 5,
  undelivered: 5,
  failed: 5,
  refused: 6,
  discarded: 6,
}
