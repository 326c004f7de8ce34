import * as z from 'zod/mini'
import { businessHours } from '../rules/business-hours.ts'
import { agentId, channelId, groupId, numberId } from '../base/ids.ts'
import { whenUsed } from '../base/when-used.ts'

/** A number of the company. New conversations on it go to `agent` or `group`, if one is set [F160, F162]. */
export const number = whenUsed(() =>
  z.object({
    id: numberId,
    address: z.string(),
    name: z.string(),
    channel: channelId,
    active: z.boolean(),
    agent: z.nullable(agentId),
    group: z.nullable(groupId),
    longMessages: z.nullable(z.enum(['refuse', 'concatenate', 'split'])),
    confirmation: z.enum(['carrier', 'parley']),
    help: z.nullable(z.string()),
    /** Whether it can send MMS: it can where nothing is said. */
    mms: z.optional(z.boolean()),
    /** Characters that its carrier takes in one MMS, where that is known: Twilio 1,600 (error 21617). */
    mmsCharacters: z.optional(z.int().check(z.minimum(1))),
    /** Its own hours; null or absent for the account's [DC28]. */
    businessHours: z.optional(z.nullable(businessHours)),
  }),
)
export type CompanyNumber = z.infer<typeof number>
