import * as z from 'zod/mini'
import { agentId, quickReplyId } from '../base/ids.ts'
import { whenUsed } from '../base/when-used.ts'

/**
 * A stored text for messages and notes [F139]. `owner` is null for one that all agents share, else it is its
 * owner's alone [F140]; that is chosen once, so that a row never changes who it is for.
 */
export const quickReply = whenUsed(() =>
  z.object({
    id: quickReplyId,
    owner: z.nullable(agentId),
    /** Who added it: they may change it, and admins. */
    by: agentId,
    text: z.string(),
    /** Saved from a text-only MMS, which keeps it under 160 characters [F128]. */
    textOnly: z.optional(z.literal(true)),
  }),
)
export type QuickReply = z.infer<typeof quickReply>
