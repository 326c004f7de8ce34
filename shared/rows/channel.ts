import * as z from 'zod/mini'
import { channelId } from '../base/ids.ts'
import { whenUsed } from '../base/when-used.ts'

/** A connection to a carrier, as every agent may see it. Its credentials are never a row. */
export const channel = whenUsed(() =>
  z.object({
    id: channelId,
    carrier: z.enum(['simulator', 'twilio']),
    /** False while the breaker is open: texts wait and say "The carrier cannot be reached" [E22, F299]. */
    reachable: z.boolean(),
    since: z.number(),
  }),
)
export type Channel = z.infer<typeof channel>
