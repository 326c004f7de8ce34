import * as z from 'zod/mini'
import { entryId, mobileUserId, type MobileUserId } from '../base/ids.ts'
import { whenUsed } from '../base/when-used.ts'

/** A customer, and whether the company may write to them. The account object holds the truth [E27]. */
export const mobileUser = whenUsed(() =>
  z.object({
    id: mobileUserId,
    address: z.string(),
    firstName: z.string(),
    lastName: z.string(),
    companyName: z.string(),
    /**
     * When and by which word or person they opted out; null while they may be written to [F246]. `cause` is the
     * newest entry that asked for it: an opt-in by hand names it, and so takes back only what its author saw [P4].
     * `confirmation` is the text by which Parley says so, the only one that they still get [DC25].
     */
    optedOut: z.nullable(
      z.object({ at: z.number(), word: z.string(), cause: entryId, confirmation: z.optional(entryId) }),
    ),
  }),
)
export type MobileUser = z.infer<typeof mobileUser>

/** A person nobody has saved anything about yet: the fields are blank [F243]. */
export function newMobileUser(id: MobileUserId, address: string): MobileUser {
  return { id, address, firstName: '', lastName: '', companyName: '', optedOut: null }
}
