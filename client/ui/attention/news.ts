import type { ConversationId } from '#shared/base/ids.ts'

/** How far each conversation had come when it was looked at last: the order of its newest entry of some kind. */
export type Known = ReadonlyMap<ConversationId, number>

/**
 * The conversations that have come further than was known, and what is known now. What is seen for the first time
 * is news only where it is newer than everything that was known: a list that scrolls brings old ones.
 */
export function findNews(
  known: Known,
  now: readonly { id: ConversationId; order: number; at: number }[],
  since: number,
): { news: ConversationId[]; known: Known } {
  const next = new Map(known)
  const news: ConversationId[] = []
  for (const { id, order, at } of now) {
    const before = known.get(id)
    if (order > 0 && (before === undefined ? at > since : order > before)) news.push(id)
    next.set(id, Math.max(order, before ?? 0))
  }
  return { news, known: next }
}

/**
 * Whether an agent is idle: signed in to the Message Center, but away from it, in another tab or minimised, for
 * longer than the idle time of their profile [F175]. `awayAt` is null for who is looking.
 */
export function isIdle(awayAt: number | null, now: number, idleSeconds: number): boolean {
  return awayAt !== null && now - awayAt > idleSeconds * 1000
}
