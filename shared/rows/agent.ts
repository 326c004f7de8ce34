import { z } from 'zod'
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
})
export type Agent = z.infer<typeof agent>
