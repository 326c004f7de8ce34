import { z } from 'zod'
import { businessHours } from '../rules/business-hours.ts'
import { agentId, channelId, groupId, numberId } from '../base/ids.ts'

/** A number of the company. New conversations on it go to `agent` or `group`, if one is set [F160, F162]. */
export const number = z.object({
  id: numberId,
  address: z.string(),
  name: z.string(),
  channel: channelId,
  active: z.boolean(),
  agent: agentId.nullable(),
  group: groupId.nullable(),
  longMessages: z.enum(['refuse', 'concatenate', 'split']).nullable(),
  confirmation: z.enum(['carrier', 'parley']),
  help: z.string().nullable(),
  /** Whether it can send MMS: it can where nothing is said. */
  mms: z.boolean().optional(),
  /** Characters that its carrier takes in one MMS, where that is known: Twilio 1,600 (error 21617). */
  mmsCharacters: z.int().min(1).optional(),
  /** Its own hours; null or absent for the account's [DC28]. */
  businessHours: businessHours.nullable().optional(),
})
export type CompanyNumber = z.infer<typeof number>
