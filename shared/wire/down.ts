import * as z from 'zod/mini'
import { accountId, agentId, commandId, conversationId, mobileUserId } from '../base/ids.ts'
import { role } from '../model/role.ts'
import { tableName } from '../rows/tables.ts'
import { clocks, draftEpoch, draftKind, draftPlace } from './draft.ts'
import { cursor } from './up.ts'
import { whenUsed } from '../base/when-used.ts'

/** Everything the edge may say, on one page. */

/** A row put, or a tombstone where `row` is null. Rows are parsed by their table's schema when they are stored. */
export const rowChange = whenUsed(() =>
  z.object({ table: tableName, id: z.string(), seq: z.number(), row: z.unknown() }),
)
export type RowChange = z.infer<typeof rowChange>

/** New bytes of a thread, good for a device that holds this epoch at exactly `from` [E4]. */
export const threadUpdate = whenUsed(() =>
  z.object({
    thread: mobileUserId,
    epoch: z.number(),
    from: z.number(),
    to: z.number(),
    update: z.string(),
  }),
)
export type ThreadUpdate = z.infer<typeof threadUpdate>

/** What goes to one audience, encoded once for all of it [E7]. */
export const part = whenUsed(() =>
  z.object({
    audience: z.string(),
    rows: z.array(rowChange),
    threads: z.array(threadUpdate),
  }),
)
export type Part = z.infer<typeof part>

/** The edge's word on a command: applied, or refused with the text for the person. Both consume its number. */
export const ack = whenUsed(() =>
  z.object({
    n: z.number(),
    id: commandId,
    seq: z.number(),
    refusal: z.nullable(z.object({ code: z.string(), text: z.string() })),
    /** Where the thread stands that this command wrote to; a device whose copy is stale keeps the command until then. */
    thread: z.nullable(z.object({ id: mobileUserId, epoch: z.number(), clock: z.number() })),
    /** The open conversation that a start joined instead of its own [E14]. */
    conversation: z.nullable(conversationId),
    /** The epoch in which the box goes on that the command's text came from [E15]. */
    draft: z.optional(draftEpoch),
  }),
)
export type Ack = z.infer<typeof ack>

/**
 * One step of the account: everything between two cursors that this socket may see. Stored in one transaction there, with
 * others that wait and go on from it.
 */
const frame = whenUsed(() =>
  z.object({
    t: z.literal('frame'),
    n: z.number(),
    from: z.number(),
    to: cursor,
    parts: z.array(part),
    acks: z.array(ack),
  }),
)
export type Frame = z.infer<typeof frame>

const welcome = whenUsed(() =>
  z.object({
    t: z.literal('welcome'),
    version: z.number(),
    account: accountId,
    agent: agentId,
    role,
    epoch: z.number(),
    head: cursor,
    /** `delta`: frames from the cursor on follow. `wipe`: rows and threads go, pending commands and drafts stay. */
    answer: z.enum(['delta', 'wipe']),
    /**
     * With `wipe`: this device stood where the account has not been. Its newest commits may be lost without a trace, so
     * the device offers again what it did, as in a new epoch [E24].
     */
    again: z.optional(z.literal(true)),
    audiences: z.array(z.string()),
    /** The last number that the edge has of this client [E11]. */
    last: z.number(),
    /** The edge's clock, for a hint where the device's is far off; never used for order. */
    now: z.number(),
  }),
)
export type Welcome = z.infer<typeof welcome>

/**
 * What this agent may see from here on, at the commit that changed it: what was lost is dropped, what was gained
 * is pulled in pages [E7]. Frames behind it are for the new set.
 */
const rights = whenUsed(() =>
  z.object({ t: z.literal('rights'), role, audiences: z.array(z.string()), at: z.number() }),
)
export type Rights = z.infer<typeof rights>

/** This build is too old or too new for the edge [E17]. */
const upgrade = z.object({ t: z.literal('upgrade') })

/** Sync step 2: the bytes a device lacks of a thread, or `null` where there is no such thread. */
const threadState = whenUsed(() =>
  z.object({
    t: z.literal('thread'),
    thread: mobileUserId,
    epoch: z.number(),
    clock: z.number(),
    update: z.nullable(z.string()),
  }),
)
export type ThreadState = z.infer<typeof threadState>

/** A command whose number does not follow the last one, or whose number is another command's [E11]. */
const gap = whenUsed(() => z.object({ t: z.literal('gap'), last: z.number() }))
const fork = z.object({ t: z.literal('fork') })

/** Too fast: wait this long, then go on. Nothing is lost. */
const slow = whenUsed(() => z.object({ t: z.literal('slow'), ms: z.number() }))

/** Nothing more is sent to this socket until it pulls by cursor [E20]. */
const behind = z.object({ t: z.literal('behind') })

/**
 * More rows of a table changed than a frame carries [E19]. Nothing more is sent to this socket until it pulls by
 * cursor, which it does after a random 0-5 s, so that not everybody pulls at once.
 */
const changed = whenUsed(() => z.object({ t: z.literal('changed'), table: tableName, seq: z.number() }))

/** Who is here: every agent with a live socket. Sent whole, it is small and changes seldom. */
const presence = whenUsed(() =>
  z.object({
    t: z.literal('presence'),
    agents: z.array(
      z.object({
        id: agentId,
        messageCenter: z.boolean(),
        idle: z.boolean(),
        viewing: z.array(conversationId),
        writing: z.array(conversationId),
      }),
    ),
  }),
)
export type Presence = z.infer<typeof presence>

/**
 * Where a draft stands: the answer to `open draft`, and told to everybody who follows it when its epoch is closed.
 * `update` is what the device lacks of this epoch, null where it has just begun.
 */
const draft = whenUsed(() =>
  z.object({
    t: z.literal('draft'),
    conversation: conversationId,
    kind: draftKind,
    epoch: draftEpoch,
    update: z.nullable(z.string()),
    /** What the edge holds: what a device wrote beyond it is not durable yet. */
    clocks,
    /** How much of the epoch that the device held was seen by whoever sent it; null where it is not known. */
    closed: z.nullable(z.object({ epoch: draftEpoch, seen: clocks })),
  }),
)
export type DraftState = z.infer<typeof draft>

/** What somebody else wrote. It is logged at the edge before anybody hears of it. */
const draftUpdate = whenUsed(() =>
  z.object({
    t: z.literal('draft update'),
    conversation: conversationId,
    kind: draftKind,
    epoch: draftEpoch,
    update: z.string(),
  }),
)
export type DraftUpdate = z.infer<typeof draftUpdate>

/** The device's last update of this draft is durable. */
const draftKept = whenUsed(() =>
  z.object({
    t: z.literal('draft kept'),
    conversation: conversationId,
    kind: draftKind,
    epoch: draftEpoch,
    clocks,
  }),
)
export type DraftKept = z.infer<typeof draftKept>

/**
 * The device's last word on this draft was not taken. `unknown`: no such conversation. `forbidden`: not for this
 * agent. `too large`, `too many`: over a limit [E30]. `malformed`, `gap`, `not yours`: not what a device sends that
 * is in order; it takes a fresh client id and writes its own text again.
 */
const draftRefused = whenUsed(() =>
  z.object({
    t: z.literal('draft refused'),
    conversation: conversationId,
    kind: draftKind,
    code: z.enum(['unknown', 'forbidden', 'too large', 'too many', 'malformed', 'gap', 'not yours']),
    clocks,
  }),
)
export type DraftRefused = z.infer<typeof draftRefused>

/**
 * Whose cursors moved in a draft, to those who follow it; null for one that left. Told and forgotten: nothing of it
 * is stored, and the agent is whom the session belongs to.
 */
const carets = whenUsed(() =>
  z.object({
    t: z.literal('carets'),
    conversation: conversationId,
    kind: draftKind,
    epoch: draftEpoch,
    moved: z.array(z.object({ agent: agentId, at: z.nullable(draftPlace) })),
  }),
)
export type CaretsMoved = z.infer<typeof carets>

export const down = whenUsed(() =>
  z.discriminatedUnion('t', [
    welcome,
    frame,
    rights,
    upgrade,
    threadState,
    gap,
    fork,
    slow,
    behind,
    changed,
    presence,
    draft,
    draftUpdate,
    draftKept,
    draftRefused,
    carets,
  ]),
)
export type Down = z.infer<typeof down>

/** Close codes of our own, each with what the client does about it. */
export const closeCodes = {
  /** What came is not the protocol. A defect: reconnect and go on. */
  malformed: 4400,
  /** The session ended: ask for sign-in, keep what is pending. */
  signedOut: 4401,
  /** Another person is signed in here: stop, keep everything [E12]. */
  otherAgent: 4403,
  /** Too far behind for too long: reconnect by cursor. */
  tooSlow: 4408,
  /** A write to a thread: drop that document before returning [E3]. */
  threadWrite: 4409,
  /** Too many sockets of this agent or account. */
  tooMany: 4429,
} as const
