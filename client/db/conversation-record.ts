import type { MobileUserId, NumberId } from '#shared/base/ids.ts'
import { isWaiting } from '#shared/rules/flags.ts'
import { isUnread } from '#shared/rules/views.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { ConversationRecord } from './records.ts'

/** A conversation as it is stored: its row, and the keys of the views in which it stands for this agent. */
export function recordOf(row: Conversation, seq: number, readUpTo: number): ConversationRecord {
  const record: ConversationRecord = { id: row.id, seq, row, user: row.user }
  if (row.followUp) record.followUp = 1
  if (row.no !== null) record.no = row.no
  if (row.status === 'closed') {
    record.closedAt = row.closedAt ?? 0
    return record
  }
  record.pair = pairOf(row.user, row.number)
  record.openAt = row.lastAt
  record.numberAt = [row.number, row.lastAt]
  if (row.agent !== null) record.agentAt = [row.agent, row.lastAt]
  if (row.group !== null) record.groupAt = [row.group, row.lastAt]
  if (row.agent === null && row.group === null) record.loneAt = row.lastAt
  if (isWaiting(row)) record.waitingAt = row.unanswered?.since ?? 0
  if (row.followUp) record.followUpAt = row.lastAt
  if (!isUnread(row, readUpTo)) return record
  record.unreadOpen = 1
  record.unreadNumber = row.number
  if (row.agent !== null) record.unreadAgent = row.agent
  if (row.group !== null) record.unreadGroup = row.group
  if (row.agent === null && row.group === null) record.unreadLone = 1
  if (isWaiting(row)) record.unreadWaiting = 1
  if (row.followUp) record.unreadFollowUp = 1
  return record
}

/** At most one conversation is open per mobile user and company number [DC24]. */
export function pairOf(user: MobileUserId, number: NumberId): string {
  return `${user}|${number}`
}
