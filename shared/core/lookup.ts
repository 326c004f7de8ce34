import { settle } from './arrivals/receipt.ts'
import type { InputOf } from './input.ts'
import type { Context, Decision } from './outcome.ts'
import type { World } from './world.ts'

/**
 * What the carrier's list says about an unconfirmed text [E22]. Found there it is settled as by a receipt; not
 * found, or not for certain, it stays unconfirmed and a person decides. Nothing is ever sent again from here [P3].
 */
export function decideLookedUp(world: World, input: InputOf<'looked up'>, context: Context): Decision {
  const { message, outcome } = input
  // A receipt was faster, or the text has left its thread.
  if (world.text?.delivery.state !== 'unconfirmed')
    return { changes: [], effects: [{ kind: 'settled', message }] }
  if (outcome.kind === 'open')
    return {
      changes: [],
      effects: [
        { kind: 'looked up', message },
        { kind: 'audit', what: `left to a person: ${outcome.why}`, by: null, about: message },
      ],
    }
  const { changes, effects } = settle(world, { ...outcome.receipt, at: context.now })
  return {
    changes,
    effects: [...effects, { kind: 'remember', message, carrierId: outcome.carrierId }],
  }
}
