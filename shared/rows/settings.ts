import { z } from 'zod'

/** The account's own settings, one row named `account` [DC28]. */
export const settings = z.object({
  id: z.literal('account'),
  name: z.string(),
  timeZone: z.string(),
  longMessages: z.enum(['refuse', 'concatenate', 'split']),
  optIn: z.enum(['automatic', 'manual']),
  optOutWords: z.enum(['guide', 'us']),
  emoji: z.enum(['refuse', 'send']),
  waitingMinutes: z.number(),
})
export type Settings = z.infer<typeof settings>
