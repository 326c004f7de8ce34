import * as z from 'zod/mini'
import { agentId, broadcastId, listId, numberId } from '../base/ids.ts'
import { whenUsed } from '../base/when-used.ts'

/** How many recipients' texts stand where; they add up to the recipients that were prepared. */
export const broadcastCounts = whenUsed(() =>
  z.object({
    waiting: z.number(),
    /** Handed over, and what became of it is open: the carrier's word is out, or was never heard. */
    sent: z.number(),
    unconfirmed: z.number(),
    delivered: z.number(),
    failed: z.number(),
    /** Opted out by the time their text was due [DC13]. */
    skipped: z.number(),
  }),
)
export type BroadcastCounts = z.infer<typeof broadcastCounts>

/**
 * One message to a distribution list, with its progress [E19]. The texts themselves are the ledger's, which no device
 * holds. `listName` and `addToInbox` are what the list said when it was sent.
 */
export const broadcast = whenUsed(() =>
  z.object({
    id: broadcastId,
    list: listId,
    listName: z.string(),
    addToInbox: z.boolean(),
    number: numberId,
    /** With its inserts as they were typed [F236]. */
    text: z.string(),
    by: agentId,
    at: z.number(),
    /**
     * `preparing`: recipients are still being entered in the ledger. `stopped`: the account's storage went back, so
     * that nobody knows what had left, and nothing more is sent [E24].
     */
    state: z.enum(['preparing', 'sending', 'done', 'stopped']),
    counts: broadcastCounts,
  }),
)
export type Broadcast = z.infer<typeof broadcast>
