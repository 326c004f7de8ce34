import * as z from 'zod/mini'
import { agentId, conversationId } from '../base/ids.ts'
import { whenUsed } from '../base/when-used.ts'

/** How far an agent has read a conversation: the order of the last entry seen [E27]. For its agent only. */
export const readMark = whenUsed(() =>
  z.object({
    id: z.string(),
    agent: agentId,
    conversation: conversationId,
    order: z.number(),
  }),
)
export type ReadMark = z.infer<typeof readMark>
