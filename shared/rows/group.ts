import * as z from 'zod/mini'
import { groupId } from '../base/ids.ts'
import { whenUsed } from '../base/when-used.ts'

/** Several agents who own conversations together [F154]. Membership stands with the agent. */
export const group = whenUsed(() => z.object({ id: groupId, name: z.string() }))
export type Group = z.infer<typeof group>
