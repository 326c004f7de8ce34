import * as z from 'zod/mini'
import { autoReply } from './auto-reply.ts'
import { businessHours } from '../rules/business-hours.ts'
import { whenUsed } from '../base/when-used.ts'

/** The account's own settings, one row named `account` [DC28]. */
export const settings = whenUsed(() =>
  z.object({
    id: z.literal('account'),
    name: z.string(),
    timeZone: z.string(),
    longMessages: z.enum(['refuse', 'concatenate', 'split']),
    optIn: z.enum(['automatic', 'manual']),
    optOutWords: z.enum(['guide', 'us']),
    emoji: z.enum(['refuse', 'send']),
    /** After so many minutes a customer's text turns into Waiting for Reply [DC16], counted in business hours if set. */
    waitingMinutes: z.number(),
    /** Characters that a text-only MMS may have; 2,000 where nothing is set [F126]. */
    textOnlyLimit: z.optional(z.int().check(z.minimum(1))),
    /** Auto-Append Dynamic Text: first and last name go to the end of a conversation's first message [F241]. */
    autoAppend: z.optional(z.boolean()),
    businessHours: z.optional(z.nullable(businessHours)),
    /** Recipients of a broadcast at most, set by the provider; 0 and absent: none may be sent [F263]. */
    listLimit: z.optional(z.number()),
    /** Whether pictures, sound and film of customers are taken; they are where nothing is set [F134]. */
    inboundMedia: z.optional(z.enum(['allow', 'disallow'])),
    /** The automatic answers that are set up, in the order in which they were [F211]. */
    autoReplies: z.optional(z.array(autoReply)),
  }),
)
export type Settings = z.infer<typeof settings>
