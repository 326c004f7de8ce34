import * as z from 'zod/mini'
import { mobileUserId } from '#shared/base/ids.ts'

/** Somebody who can be written to, as they are called and reached. `address` is as `start` takes it. */
export const reachable = z.object({
  id: mobileUserId,
  name: z.string(),
  address: z.string(),
  shown: z.string(),
  company: z.string(),
  optedOut: z.boolean(),
})
export type Reachable = z.infer<typeof reachable>
