import * as z from 'zod/mini'
import { mobileUserId } from '../base/ids.ts'
import { whenUsed } from '../base/when-used.ts'

/**
 * Where a mobile user's thread stands: its epoch and the clock of its document, one counter because the edge
 * alone writes it [E1]. A row of its own, since one thread may serve several open conversations (DC24) and each
 * of their rows would otherwise tell another clock.
 */
export const threadHead = whenUsed(() => z.object({ id: mobileUserId, epoch: z.number(), clock: z.number() }))
export type ThreadHead = z.infer<typeof threadHead>
