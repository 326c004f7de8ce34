import * as z from 'zod/mini'
import { whenUsed } from '../base/when-used.ts'

/** An arrival that was set aside, as whoever may bring it in sees it. Numbers and text are null for a receipt. */
export const parked = whenUsed(() =>
  z.object({
    id: z.string(),
    channel: z.string(),
    /** When it was tried last, by the edge's clock, in ms since 1970. */
    at: z.number(),
    from: z.nullable(z.string()),
    to: z.nullable(z.string()),
    text: z.nullable(z.string()),
  }),
)
export type Parked = z.infer<typeof parked>
