import * as z from 'zod/mini'
import { whenUsed } from '../base/when-used.ts'

/**
 * How far a text from the company has come. One union, because each state has facts of its own; the order of
 * the states and what may follow what stands in `rules/delivery.ts`.
 *
 * `scheduled`: to be sent at `due`. `accepted`: Parley has it, durably. `claimed`: the claim row is written and the carrier is being called.
 * `unconfirmed`: the carrier did not answer, so it may or may not have been handed over [E22].
 */
export const delivery = whenUsed(() =>
  z.discriminatedUnion('state', [
    z.object({ state: z.literal('scheduled'), at: z.number(), due: z.number() }),
    z.object({ state: z.literal('accepted'), at: z.number() }),
    z.object({ state: z.literal('claimed'), at: z.number() }),
    z.object({ state: z.literal('unconfirmed'), at: z.number() }),
    z.object({ state: z.literal('sent'), at: z.number() }),
    z.object({ state: z.literal('delivered'), at: z.number() }),
    z.object({ state: z.literal('undelivered'), at: z.number(), code: z.string(), text: z.string() }),
    z.object({ state: z.literal('failed'), at: z.number(), code: z.string(), text: z.string() }),
    z.object({ state: z.literal('refused'), at: z.number(), code: z.string(), text: z.string() }),
    z.object({
      state: z.literal('held'),
      at: z.number(),
      why: z.enum([
        'customer wrote',
        'colleague answered',
        'closed',
        'earlier held',
        'restored',
        'wrote first',
        'time passed',
      ]),
      text: z.string(),
    }),
    z.object({ state: z.literal('discarded'), at: z.number() }),
  ]),
)
export type Delivery = z.infer<typeof delivery>
export type DeliveryState = Delivery['state']
