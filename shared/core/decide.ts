import { decideInbound } from './arrivals/inbound.ts'
import { decideCopied } from './arrivals/media.ts'
import { decideReceipt } from './arrivals/receipt.ts'
import { decideCommand } from './decide-command.ts'
import { decideClaimRow, decideHanded } from './handover.ts'
import type { Input } from './input.ts'
import { decideLookedUp } from './lookup.ts'
import type { Context, Verdict } from './outcome.ts'
import { decideDue } from './scheduled.ts'
import { decideWaiting } from './timer.ts'
import type { World } from './world.ts'

/**
 * Decides what an input does: changes and effects, or a refusal. Pure: the same world, input and context give
 * the same answer, at the edge and on a device, which is what lets a device show it before the edge has spoken.
 */
export function decide(world: World, input: Input, context: Context): Verdict {
  switch (input.kind) {
    case 'command':
      return decideCommand(world, input, context)
    case 'inbound':
      return decideInbound(world, input, context)
    case 'receipt':
      return decideReceipt(world, input.receipt, context)
    case 'claim':
      return decideClaimRow(world, input, context)
    case 'handed':
      return decideHanded(world, input, context)
    case 'looked up':
      return decideLookedUp(world, input, context)
    case 'copied':
      return decideCopied(world, input)
    case 'timer':
      return input.what === 'waiting' ? decideWaiting(world, context) : decideDue(world, context)
  }
}
