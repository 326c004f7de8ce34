import type { AgentId, ConversationId } from '../base/ids.ts'
import { minute } from '../base/time.ts'
import type { Thread } from '../model/entry.ts'
import { limits } from '../wire/limits.ts'
import { isLate, type Press } from './guard.ts'

/**
 * Whether an agent has written as many texts into a conversation within the last minute as one may [E30]. A late one
 * is always let through: its device counted by the times of the presses, and hands a day's texts over in a second.
 */
export function isTooFast(
  thread: Thread,
  conversation: ConversationId,
  author: AgentId,
  press: Press,
  now: number,
): boolean {
  if (isLate(press)) return false
  const recent = thread.entries.filter(
    (entry) =>
      entry.kind === 'outbound' &&
      entry.by === author &&
      entry.conversation === conversation &&
      entry.at > now - minute,
  )
  return recent.length >= limits.textsPerMinute
}
