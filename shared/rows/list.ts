import * as z from 'zod/mini'
import { listId } from '../base/ids.ts'
import { whenUsed } from '../base/when-used.ts'

/**
 * A distribution list: several mobile users under a friendly name [F12, F271]. Who is in it stands in a table of the
 * account object, which a device asks for where it needs it: `count` is all that a row tells of them.
 */
export const list = whenUsed(() =>
  z.object({
    id: listId,
    name: z.string(),
    /** A broadcast puts a conversation into the inbox for each recipient [F272]. */
    addToInbox: z.boolean(),
    count: z.number(),
  }),
)
export type DistributionList = z.infer<typeof list>
