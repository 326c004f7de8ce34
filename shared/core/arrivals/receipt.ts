import type { Delivery } from '../../model/delivery.ts'
import { advance } from '../../rules/delivery.ts'
import { Draft } from '../draft.ts'
import type { Receipt } from '../input.ts'
import type { Context, Decision } from '../outcome.ts'
import { held, type World } from '../world.ts'

/**
 * A carrier's word about a text. It settles what stood unconfirmed, never moves a state back, and changes
 * nothing when it is repeated. One for a text nobody knows yet is parked until its id appears.
 */
export function decideReceipt(world: World, receipt: Receipt, context: Context): Decision {
  const text = world.text
  const conversation = held(world.conversation)
  if (text === null || conversation === null) return { changes: [], effects: [{ kind: 'park receipt' }] }
  return settle(world, { ...receipt, at: context.now })
}

/** Moves the named text on, withdraws it from the outbox where nothing more is to be done, and updates the row. */
export function settle(world: World, news: Delivery): Decision {
  const text = world.text
  const conversation = held(world.conversation)
  if (text === null || conversation === null) return { changes: [], effects: [] }
  const next = advance(text.delivery, news)
  if (next === null) return { changes: [], effects: [] }
  const draft = new Draft(world, conversation.user)
  draft.deliver(text.id, next)
  const trouble = draft.trouble(conversation.id)
  if (trouble !== conversation.trouble)
    draft.put({ table: 'conversations', row: { ...conversation, trouble } })
  draft.effect({ kind: 'withdraw', message: text.id })
  if (text.delivery.state === 'unconfirmed') draft.effect({ kind: 'settled', message: text.id })
  return draft
}
