import * as z from 'zod/mini'
import { groupId } from '../base/ids.ts'

/** Several agents who own conversations together [F154]. Membership stands with the agent. */
export const group = z.object({ id: groupId, name: z.string() })
export type Group = z.infer<typeof group>
