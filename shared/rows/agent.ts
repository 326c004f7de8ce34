import * as z from 'zod/mini'
import { agentId, groupId } from '../base/ids.ts'
import { role } from '../model/role.ts'

/** A person who answers. `name` is the screenname by which colleagues see them [F31]. */
export const agent = z.object({
  id: agentId,
  name: z.string(),
  email: z.string(),
  role,
  groups: z.array(groupId),
  active: z.boolean(),
  /** Away by their own word, on all devices until they come back: no new work is handed to them. */
  away: z.optional(z.boolean()),
  /** Of their profile [F35]; the account's where they set none. */
  timeZone: z.optional(z.string()),
})
export type Agent = z.infer<typeof agent>
