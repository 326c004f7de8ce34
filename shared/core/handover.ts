import type { EntryId } from '../base/ids.ts'
import { settle } from './arrivals/receipt.ts'
import { optOut } from './commands/consent.ts'
import { Draft } from './draft.ts'
import { fold } from './fold.ts'
import type { InputOf } from './input.ts'
import type { Context, Decision, Effect, Verdict } from './outcome.ts'
import { refuse } from './refusal.ts'
import { held, type World } from './world.ts'

/**
 * The last step before a carrier is called. "Handed to a carrier" is the claim row [DC25]: it is written here or
 * not at all, in the same transaction that looks once more at the opt-out and at the number [P4, F300].
 */
export function decideClaimRow(world: World, input: InputOf<'claim'>, context: Context): Verdict {
  const text = world.text
  const conversation = held(world.conversation)
  if (text === null || conversation === null) return refuse('unknown', 'This text does not exist.')
  // A second consumer finds the claim of the first and leaves it alone [P3].
  if (world.claimed.has(text.id)) return { changes: [], effects: [] }
  if (text.delivery.state !== 'accepted')
    return { changes: [], effects: [{ kind: 'withdraw', message: text.id }] }
  const number = world.numbers.get(conversation.number)
  const optedOut = held(world.user)?.optedOut
  if (optedOut && text.id !== optedOut.confirmation)
    return settle(world, {
      state: 'refused',
      at: context.now,
      code: 'opted out',
      text: `They opted out with ${optedOut.word}.`,
    })
  if (!number?.active)
    return settle(world, {
      state: 'failed',
      at: context.now,
      code: 'inactive',
      text: 'This number is not active.',
    })
  return { changes: [], effects: [{ kind: 'claim', message: input.message }] }
}

/** What the carrier's answer, or its silence, does to a claimed text [E22]. */
export function decideHanded(world: World, input: InputOf<'handed'>, context: Context): Decision {
  const { outcome, message } = input
  const answered = { kind: 'carrier answered', message, answered: outcome.kind !== 'silent' } as const
  switch (outcome.kind) {
    case 'accepted': {
      const { changes, effects } = settle(world, { state: 'sent', at: context.now })
      return {
        changes,
        effects: [
          ...effects,
          answered,
          { kind: 'withdraw', message },
          { kind: 'remember', message, carrierId: outcome.carrierId },
        ],
      }
    }
    case 'rejected': {
      const { changes, effects } = settle(world, {
        state: 'failed',
        at: context.now,
        code: outcome.code,
        text: outcome.text,
      })
      const consent = outcome.optedOut
        ? carrierSaysOptedOut(fold(world, changes), message, context)
        : { changes: [], effects: [] }
      return {
        changes: [...changes, ...consent.changes],
        effects: [...effects, ...consent.effects, answered, { kind: 'withdraw', message }],
      }
    }
    case 'busy':
      return { changes: [], effects: [answered, { kind: 'retry', message, after: outcome.retryAfter }] }
    case 'silent': {
      const { changes, effects } = settle(world, { state: 'unconfirmed', at: context.now })
      // The receipt may have been faster than the silence was long.
      const ask: Effect[] = changes.length > 0 ? [{ kind: 'look up', message }] : []
      return { changes, effects: [...ask, ...effects, answered, { kind: 'withdraw', message }] }
    }
  }
}

/** Twilio's 21610 and its like: the carrier knows of an opt-out that Parley does not (spec/interop 4.3). */
function carrierSaysOptedOut(world: World, message: EntryId, context: Context): Decision {
  const user = held(world.user)
  if (user === null || user.optedOut) return { changes: [], effects: [] }
  const draft = new Draft(world, user.id)
  optOut(draft, world, user, { word: 'the carrier', by: null, cause: message }, context)
  const conversation = held(world.conversation)
  const trouble = conversation && draft.trouble(conversation.id)
  if (conversation && trouble !== conversation.trouble)
    draft.put({ table: 'conversations', row: { ...conversation, trouble } })
  return draft
}
