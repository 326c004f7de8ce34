import { z } from 'zod'
import { mobileUserId } from '../base/ids.ts'

/** A customer, and whether the company may write to them. The account object holds the truth [E27]. */
export const mobileUser = z.object({
  id: mobileUserId,
  address: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  companyName: z.string(),
  /** When and by which word or person they opted out; null while they may be written to [F246]. */
  optedOut: z.object({ at: z.number(), word: z.string() }).nullable(),
})
export type MobileUser = z.infer<typeof mobileUser>
