import type { Thread } from '../model/entry.ts'
import type { Conversation } from '../rows/conversation.ts'
import type { ThreadChange, Change } from './outcome.ts'
import type { World } from './world.ts'

/** The world after the changes, as far as it holds what they touch. The argument stays as it was. */
export function fold(world: World, changes: readonly Change[]): World {
  let next = world
  for (const change of changes) {
    if (change.kind === 'row') {
      if (change.table === 'conversations') next = foldConversation(next, change.row)
      else if (change.table === 'mobileUsers') next = { ...next, user: change.row }
      else if (change.table === 'agents')
        next = { ...next, agents: new Map(next.agents).set(change.row.id, change.row) }
      else if (change.table === 'settings') next = { ...next, settings: change.row }
      else if (change.table === 'numbers')
        next = { ...next, numbers: new Map(next.numbers).set(change.row.id, change.row) }
      else if (change.table === 'views') next = { ...next, view: change.row }
      else if (change.table === 'quickReplies') next = { ...next, quickReply: change.row }
    } else if (change.kind === 'gone') {
      if (change.table === 'views') next = { ...next, view: null }
      if (change.table === 'quickReplies') next = { ...next, quickReply: null }
    } else {
      if (next.thread !== 'unknown')
        next = { ...next, thread: foldThread(next.thread ?? { next: 1, entries: [] }, change) }
      if (change.kind === 'delivery' && next.text?.id === change.entry)
        next = { ...next, text: { ...next.text, delivery: change.delivery } }
    }
  }
  return next
}

/** One beside the named conversation stays beside it. A closed conversation empties its pair only if it was the open one: another may have been started since. */
function foldConversation(world: World, row: Conversation): World {
  const { openOfPair, nextNo, others } = world
  if (others.some(({ id }) => id === row.id))
    return { ...world, others: others.map((other) => (other.id === row.id ? row : other)) }
  const left = openOfPair !== 'unknown' && openOfPair?.id === row.id ? null : openOfPair
  const given = nextNo !== null && row.no !== null && row.no >= nextNo ? row.no + 1 : nextNo
  return { ...world, conversation: row, openOfPair: row.status === 'open' ? row : left, nextNo: given }
}

/** A thread after one change. */
export function foldThread(thread: Thread, change: ThreadChange): Thread {
  if (change.kind === 'entry')
    return { next: Math.max(thread.next, change.entry.order + 1), entries: [...thread.entries, change.entry] }
  const entries = thread.entries.map((entry) => {
    if (entry.id !== change.entry) return entry
    if (change.kind === 'media') return entry.kind === 'inbound' ? { ...entry, media: change.media } : entry
    return entry.kind === 'outbound' ? { ...entry, delivery: change.delivery } : entry
  })
  return { next: thread.next, entries }
}
