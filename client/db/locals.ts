import type { ConversationId, MobileUserId, NumberId } from '#shared/base/ids.ts'
import { newConversation } from '#shared/core/commands/start.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import { pairOf } from './conversation-record.ts'
import type { LocalRecord, PendingRecord } from './records.ts'
import type { Tx } from './store.ts'

/** An unsent conversation as a row: it has no number yet and stands on this device only [E14]. */
export function rowOf(local: LocalRecord): Conversation {
  return newConversation(local.id, local.user, local.number, null, local.at)
}

/** The conversation that an id names: itself, or the open one that its first message joined [E14]. */
export async function resolve(tx: Tx, id: ConversationId): Promise<ConversationId> {
  return (await tx.get('locals', id))?.joined ?? id
}

/** An unsent conversation of this pair that was made here before. */
export async function findLocal(tx: Tx, user: MobileUserId, number: NumberId): Promise<LocalRecord | null> {
  const all = await tx.all('locals')
  return (
    all.find((local) => local.joined === null && pairOf(local.user, local.number) === pairOf(user, number)) ??
    null
  )
}

/** A waiting command made for an unsent id, made for the conversation that this id became. */
export function aliasOf(pending: PendingRecord, conversation: ConversationId): PendingRecord {
  const { command } = pending
  if (!('conversation' in command) || command.name === 'StartConversation') return pending
  return { ...pending, conversation, command: { ...command, conversation } }
}
