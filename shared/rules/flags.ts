import type { Millis } from '../base/time.ts'
import type { Conversation } from '../rows/conversation.ts'
import type { CompanyNumber } from '../rows/number.ts'
import type { Settings } from '../rows/settings.ts'
import { afterOpenTime } from './business-hours.ts'

/** The flags that say who spoke last, of which a conversation has one. Follow-Up is the fifth, beside them [F81, DC4]. */
export type Flag = 'customer replied' | 'agent replied' | 'auto-replied' | 'waiting'

/** Their names as they stand on screen. */
export const flagNames: Record<Flag, string> = {
  'customer replied': 'Customer Replied',
  'agent replied': 'Agent Replied',
  'auto-replied': 'Auto-Replied',
  waiting: 'Waiting for Reply',
}

/** The flag of a conversation; null before its first text [F52, F53, F82, F84, F86]. */
export function flagOf(row: Conversation): Flag | null {
  if (row.no === null && row.preview === '') return null
  if (isWaiting(row)) return 'waiting'
  if (row.lastBy === 'customer') return 'customer replied'
  return row.lastAgent === null ? 'auto-replied' : 'agent replied'
}

/** Customer Replied has turned into Waiting for Reply: no agent has answered for too long [F85, F88]. */
export function isWaiting(row: Conversation): boolean {
  return row.status === 'open' && row.unanswered?.waiting === true
}

/** Whole minutes that the customer has been waiting for, as the row says them. */
export function minutesWaiting(row: Conversation, now: Millis): number {
  return row.unanswered ? Math.max(0, Math.floor((now - row.unanswered.since) / 60_000)) : 0
}

/**
 * When Customer Replied turns into Waiting for Reply, should nobody answer until then; null where nothing is
 * unanswered, or it has turned already. Counted in the number's business hours, else the account's [DC16, DC28].
 */
export function waitingDue(
  row: Conversation,
  settings: Settings,
  number: CompanyNumber | undefined,
): Millis | null {
  if (row.status !== 'open' || !row.unanswered || row.unanswered.waiting) return null
  const hours = number?.businessHours ?? settings.businessHours ?? null
  return afterOpenTime(row.unanswered.since, settings.waitingMinutes, hours, settings.timeZone)
}
