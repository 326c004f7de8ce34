import type { ConversationId, EntryId } from '../base/ids.ts'
import { prepareText, type PreparedText } from '../rules/broadcast.ts'
import { route } from '../rules/routing.ts'
import type { Broadcast } from '../rows/broadcast.ts'
import type { CompanyNumber } from '../rows/number.ts'
import { longMessagesOf } from './commands/reply.ts'
import { newConversation } from './commands/start.ts'
import { Draft, withText } from './draft.ts'
import type { Change, Context } from './outcome.ts'
import { held, type World } from './world.ts'

/** What entering one recipient in the ledger does. `conversation`: where their text stands in the inbox, if it does. */
export interface Entered extends PreparedText {
  changes: Change[]
  conversation: ConversationId | null
}

/**
 * Prepares one recipient of a broadcast: their text, and with "Add to Inbox" its place in their open conversation
 * with this number, or in a new one, which the number's rule gives its owner [F272, F273]. Who opted out, and whom
 * the text does not fit, gets a line in the ledger and nothing in the inbox.
 */
export function enterRecipient(
  world: World,
  broadcast: Broadcast,
  number: CompanyNumber,
  message: EntryId,
  context: Context,
): Entered | null {
  const user = held(world.user)
  if (user === null) return null
  const mode = longMessagesOf(world, number)
  const prepared = prepareText(broadcast.text, user, mode, world.settings, context.now)
  if (!broadcast.addToInbox || prepared.delivery.state !== 'accepted')
    return { ...prepared, changes: [], conversation: null }
  const draft = new Draft(world, user.id)
  let row = held(world.openOfPair)
  if (row === null) {
    const { agent, group, note } = route(number)
    const id = context.ids.conversation()
    row = { ...newConversation(id, user.id, number.id, world.nextNo, context.now), agent, group }
    if (note) draft.add({ id: context.ids.entry(), at: context.now, conversation: id, kind: 'system', note })
  }
  draft.add({
    id: message,
    at: context.now,
    conversation: row.id,
    kind: 'outbound',
    by: broadcast.by,
    text: prepared.text,
    parts: prepared.parts,
    delivery: prepared.delivery,
  })
  const said = withText(row, { by: 'agent', agent: broadcast.by }, prepared.text, context.now)
  // What went to everybody answers nobody: a question that waits goes on waiting [F85].
  const { unanswered } = row
  draft.put({
    table: 'conversations',
    row: { ...said, unanswered, trouble: draft.trouble(row.id) },
  })
  return { ...prepared, changes: draft.changes, conversation: row.id }
}
