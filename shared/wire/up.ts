import { z } from 'zod'
import { accountId, agentId, clientId, commandId, conversationId, mobileUserId } from '../base/ids.ts'
import { command } from '../core/command.ts'
import { clocks, draftEpoch, draftKind } from './draft.ts'
import { limits } from './limits.ts'

/** Everything a client may say, on one page. What does not parse closes the socket; nothing else does [E30]. */

/** Where a replica stands: the last commit it holds and that commit's tag, per shard of the account. */
export const cursor = z.object({ seq: z.int().min(0), tag: z.string().max(40) })
export type Cursor = z.infer<typeof cursor>

export const hello = z.object({
  t: z.literal('hello'),
  version: z.int(),
  fingerprint: z.string().max(40),
  /** Whose replica this is. A difference from the session is answered with 4403 before anything else [E12]. */
  account: accountId,
  agent: agentId,
  client: clientId,
  /** The account epoch that the replica copies; 0 for an empty one. */
  epoch: z.int().min(0),
  cursors: z.record(z.string().max(20), cursor),
})

const numbered = z.object({
  t: z.literal('command'),
  /** Per client, from 1, without gaps: the edge takes exactly the next one [E11]. */
  n: z.int().min(1),
  id: commandId,
  command,
  seen: z.int().min(0),
  synced: z.boolean(),
  waited: z.number().min(0),
  wroteAt: z.number().optional(),
  /** The draft that this text was written in, and how much of it stood on the author's screen [E15]. */
  draft: z.object({ epoch: draftEpoch, seen: clocks }).optional(),
})
export type CommandFrame = z.infer<typeof numbered>

/** Sync step 1 for a thread: a state vector is one counter here. */
const pull = z.object({
  t: z.literal('pull'),
  thread: mobileUserId,
  epoch: z.int().min(0),
  clock: z.int().min(0),
})

/** What changed since the cursor, asked for after `behind` or a missed frame. */
const catchUp = z.object({ t: z.literal('catch up'), cursor })

/** The last frame this client has stored, and so how far it may be trusted to follow [E20]. */
const echo = z.object({ t: z.literal('echo'), n: z.int().min(0) })

const presence = z.object({
  t: z.literal('presence'),
  messageCenter: z.boolean(),
  idle: z.boolean(),
  viewing: conversationId.nullable(),
  writing: conversationId.nullable(),
})
export type PresenceReport = Omit<z.infer<typeof presence>, 't'>

/** Follows a draft: what the device holds of it, under which epoch and client ids; sync step 1 [E15]. */
const openDraft = z.object({
  t: z.literal('open draft'),
  conversation: conversationId,
  kind: draftKind,
  /** Null where the device holds no document of this box. */
  epoch: draftEpoch.nullable(),
  /** The Yjs client ids that this device used in that epoch. */
  clients: z
    .array(
      z
        .int()
        .min(0)
        .max(2 ** 32 - 1),
    )
    .max(limits.draftClients),
  clocks,
})
export type OpenDraft = z.infer<typeof openDraft>

/** Follows it no more. */
const closeDraft = z.object({ t: z.literal('close draft'), conversation: conversationId, kind: draftKind })

/** A Yjs update, V1, of a draft. Naming a thread closes the socket with 4409 [E3]. */
const update = z.object({
  t: z.literal('update'),
  doc: z.string().max(120),
  update: z.string().max(limits.frame),
})

const bye = z.object({ t: z.literal('bye') })

export const up = z.discriminatedUnion('t', [
  hello,
  numbered,
  pull,
  catchUp,
  echo,
  presence,
  openDraft,
  closeDraft,
  update,
  bye,
])
export type Up = z.infer<typeof up>
export type Hello = z.infer<typeof hello>

/** Sent every 25 s and answered by the platform without waking the object [E25]. */
export const ping = 'ping'
export const pong = 'pong'
