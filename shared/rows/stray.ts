import * as z from 'zod/mini'
import { whenUsed } from '../base/when-used.ts'

/** A text to a number that its channel does not have, kept for the admin ("Texts to unknown numbers"). */
export const stray = whenUsed(() =>
  z.object({
    id: z.string(),
    channel: z.string(),
    from: z.string(),
    to: z.string(),
    text: z.string(),
    at: z.number(),
  }),
)
export type Stray = z.infer<typeof stray>
