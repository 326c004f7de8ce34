import * as z from 'zod/mini'
import { agentId, conversationId, groupId, mobileUserId, numberId } from '../base/ids.ts'
import { autoReplied } from './auto-reply.ts'
import { whenUsed } from '../base/when-used.ts'

/** What an inbox row shows and a view filters by: the summary of one conversation. */
export const conversation = whenUsed(() =>
  z.object({
    id: conversationId,
    /** The Conversation ID# [F8, DC20], given in the commit; null until then ("new"). */
    no: z.nullable(z.number()),
    user: mobileUserId,
    number: numberId,
    status: z.enum(['open', 'closed']),
    agent: z.nullable(agentId),
    group: z.nullable(groupId),
    startedAt: z.number(),
    closedAt: z.nullable(z.number()),
    closedBy: z.nullable(agentId),
    /** Time of the last text in either direction: what lists are sorted by. */
    lastAt: z.number(),
    lastBy: z.enum(['customer', 'agent']),
    /** Who wrote the last text where `lastBy` is `agent`: null where Parley wrote it itself [F82]. */
    lastAgent: z.optional(z.nullable(agentId)),
    /**
     * What of the customer no agent has answered: the time of the first such text, and whether it has turned into
     * Waiting for Reply [F85]. Null or absent where nothing is.
     */
    unanswered: z.optional(z.nullable(z.object({ since: z.number(), waiting: z.boolean() }))),
    preview: z.string(),
    /** What was answered automatically in it [F207]. */
    autoReplied: z.optional(autoReplied),
    /** Order of the newest inbound entry; unread is the comparison with the agent's read mark [DC15]. */
    inboundOrder: z.number(),
    followUp: z.boolean(),
    /** The worst that stands in it: a text that failed, is unconfirmed or is held. */
    trouble: z.nullable(z.enum(['failed', 'unconfirmed', 'held'])),
  }),
)
export type Conversation = z.infer<typeof conversation>
