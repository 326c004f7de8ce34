import * as z from 'zod/mini'
import { agentId, groupId, mediaId } from '../base/ids.ts'
import { role } from '../model/role.ts'
import { whenUsed } from '../base/when-used.ts'

/** A person who answers. `name` is the screenname by which colleagues see them [F31]. */
export const agent = whenUsed(() =>
  z.object({
    id: agentId,
    name: z.string(),
    email: z.string(),
    role,
    groups: z.array(groupId),
    active: z.boolean(),
    /** Away by their own word, on all devices until they come back: no new work is handed to them. */
    away: z.optional(z.boolean()),
    firstName: z.optional(z.string()),
    lastName: z.optional(z.string()),
    /** How long they may be away before they are idle; 300 where they set none [F32]. */
    idleSeconds: z.optional(z.int().check(z.minimum(1))),
    /** Which mails they want [F181]: none where nothing is set. */
    transferMail: z.optional(z.boolean()),
    groupTransferMail: z.optional(z.boolean()),
    messageMail: z.optional(z.boolean()),
    groupMessageMail: z.optional(z.boolean()),
    /** Of their profile [F34]; the account's where they set none. */
    timeZone: z.optional(z.string()),
    /** Their picture, among the account's media [F35]. */
    avatar: z.optional(mediaId),
  }),
)
export type Agent = z.infer<typeof agent>
