import * as z from 'zod/mini'
import { agentId, conversationId, entryId, mobileUserId } from '../base/ids.ts'
import { whenUsed } from '../base/when-used.ts'

/** A note in which somebody named an agent. For that agent only; unread until its conversation was opened. */
export const mention = whenUsed(() =>
  z.object({
    /** `<agent>:<conversation>:<entry>`, so that what an agent has lies together. */
    id: z.string(),
    agent: agentId,
    conversation: conversationId,
    user: mobileUserId,
    entry: entryId,
    by: agentId,
    at: z.number(),
    /** The note in one line. */
    preview: z.string(),
    seen: z.boolean(),
  }),
)
export type Mention = z.infer<typeof mention>
