import * as z from 'zod/mini'
import { accountId, agentId, clientId, commandId, conversationId, mobileUserId } from '../base/ids.ts'
import type { Command } from '../core/command.ts'
import type { Refusal } from '../core/refusal.ts'
import { liftCommand, pressed, type Pressed } from '../core/upgrade.ts'
import { clocks, draftEpoch, draftKind, draftPlace } from './draft.ts'
import { limits } from './limits.ts'
import { whenUsed } from '../base/when-used.ts'

/** Everything a client may say, on one page. What does not parse closes the socket; nothing else does [E30]. */

/** Where a replica stands: the last commit it holds and that commit's tag, per shard of the account. */
export const cursor = whenUsed(() =>
  z.object({ seq: z.int().check(z.minimum(0)), tag: z.string().check(z.maxLength(40)) }),
)
export type Cursor = z.infer<typeof cursor>

export const hello = whenUsed(() =>
  z.object({
    t: z.literal('hello'),
    version: z.int(),
    fingerprint: z.string().check(z.maxLength(40)),
    /** Whose replica this is. A difference from the session is answered with 4403 before anything else [E12]. */
    account: accountId,
    agent: agentId,
    client: clientId,
    /** The account epoch that the replica copies; 0 for an empty one. */
    epoch: z.int().check(z.minimum(0)),
    cursors: z.record(z.string().check(z.maxLength(20)), cursor),
  }),
)

const numbered = whenUsed(() =>
  z.object({
    t: z.literal('command'),
    /** Per client, from 1, without gaps: the edge takes exactly the next one [E11]. */
    n: z.int().check(z.minimum(1)),
    id: commandId,
    /** The version of the wire under which it was pressed, be it a year ago. Devices of version 1 do not say it [E17]. */
    version: z.optional(z.int().check(z.minimum(1))),
    /** As it was pressed; `hear` brings it up to date. */
    command: pressed,
    /** Made in an earlier epoch of the account, which may have carried it out already [E24]. */
    again: z.optional(z.literal(true)),
    seen: z.int().check(z.minimum(0)),
    synced: z.boolean(),
    waited: z.number().check(z.minimum(0)),
    wroteAt: z.optional(z.number()),
    /** The draft that this text was written in, and how much of it stood on the author's screen [E15]. */
    draft: z.optional(z.object({ epoch: draftEpoch, seen: clocks })),
  }),
)
/** A command as the edge takes it: up to date. */
export type CommandFrame = Omit<z.infer<typeof numbered>, 'command'> & {
  command: Command
  /** As it was pressed: what a repetition is known by. Absent where it was never anything else. */
  pressed?: Pressed
}
/** A command of a version that nobody can read any more: refused in sight [E17]. */
export interface OutdatedFrame {
  t: 'outdated'
  n: number
  id: CommandFrame['id']
  pressed: Pressed
  refusal: Refusal
}

/** Sync step 1 for a thread: a state vector is one counter here. */
const pull = whenUsed(() =>
  z.object({
    t: z.literal('pull'),
    thread: mobileUserId,
    epoch: z.int().check(z.minimum(0)),
    clock: z.int().check(z.minimum(0)),
  }),
)

/** What changed since the cursor, asked for after `behind` or a missed frame. */
const catchUp = whenUsed(() => z.object({ t: z.literal('catch up'), cursor }))

/** The last frame this client has stored, and so how far it may be trusted to follow [E20]. */
const echo = whenUsed(() => z.object({ t: z.literal('echo'), n: z.int().check(z.minimum(0)) }))

const presence = whenUsed(() =>
  z.object({
    t: z.literal('presence'),
    messageCenter: z.boolean(),
    idle: z.boolean(),
    viewing: z.nullable(conversationId),
    writing: z.nullable(conversationId),
  }),
)
export type PresenceReport = Omit<z.infer<typeof presence>, 't'>

/** Follows a draft: what the device holds of it, under which epoch and client ids; sync step 1 [E15]. */
const openDraft = whenUsed(() =>
  z.object({
    t: z.literal('open draft'),
    conversation: conversationId,
    kind: draftKind,
    /** Null where the device holds no document of this box. */
    epoch: z.nullable(draftEpoch),
    /** The Yjs client ids that this device used in that epoch. */
    clients: z
      .array(z.int().check(z.minimum(0), z.maximum(2 ** 32 - 1)))
      .check(z.maxLength(limits.draftClients)),
    clocks,
  }),
)
export type OpenDraft = z.infer<typeof openDraft>

/** Follows it no more. */
const closeDraft = whenUsed(() =>
  z.object({ t: z.literal('close draft'), conversation: conversationId, kind: draftKind }),
)

/** A Yjs update, V1, of a draft. Naming a thread closes the socket with 4409 [E3]. */
const update = whenUsed(() =>
  z.object({
    t: z.literal('update'),
    doc: z.string().check(z.maxLength(120)),
    update: z.string().check(z.maxLength(limits.frame)),
  }),
)

/** Where the agent's cursor stands in a draft that this socket follows; null where it is in that box no more. */
const caret = whenUsed(() =>
  z.object({
    t: z.literal('caret'),
    conversation: conversationId,
    kind: draftKind,
    epoch: draftEpoch,
    at: z.nullable(draftPlace),
  }),
)
export type CaretReport = Omit<z.infer<typeof caret>, 't'>

const bye = z.object({ t: z.literal('bye') })

export const up = whenUsed(() =>
  z.discriminatedUnion('t', [
    hello,
    numbered,
    pull,
    catchUp,
    echo,
    presence,
    openDraft,
    closeDraft,
    update,
    caret,
    bye,
  ]),
)
export type Up = z.infer<typeof up>
/** What the edge hears: everything, with commands brought up to date. */
export type Heard = Exclude<Up, { t: 'command' }> | CommandFrame | OutdatedFrame

/** A frame of a client at the time `now`, or null where it is not the protocol. */
export function hear(text: string, now: number): Heard | null {
  const parsed = up.safeParse(parseJson(text))
  if (!parsed.success) return null
  const message = parsed.data
  if (message.t !== 'command') return message
  const { command: raw, ...rest } = message
  const lifted = liftCommand(rest.version ?? 1, raw, now)
  if (lifted === null) return null
  if ('refused' in lifted) return { t: 'outdated', n: rest.n, id: rest.id, pressed: raw, refusal: lifted }
  return { ...rest, command: lifted, pressed: raw }
}

const versionOf = whenUsed(() => z.object({ t: z.literal('hello'), version: z.int() }))

/** The version that a hello names, also one that cannot be read otherwise; null where it is no hello. */
export function versionIn(text: string): number | null {
  return versionOf.safeParse(parseJson(text)).data?.version ?? null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export type Hello = z.infer<typeof hello>

/** Sent every 25 s and answered by the platform without waking the object [E25]. */
export const ping = 'ping'
export const pong = 'pong'
