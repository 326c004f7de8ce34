import * as z from 'zod/mini'
import { agentId, conversationId, mobileUserId } from '#shared/base/ids.ts'
import { draftEpoch, draftKind, draftPlace } from '#shared/wire/draft.ts'
import { look } from './presence.ts'

/** Which build a page runs: `Device.build`. Pages of before this was said are older than any that says it. */
const build = z._default(z.number(), 0)

const status = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('connecting'), since: z.number(), tried: z.boolean() }),
  z.object({ phase: z.literal('catching up'), done: z.nullable(z.number()) }),
  z.object({ phase: z.literal('live'), pong: z.number() }),
  z.object({ phase: z.literal('upgrade') }),
  z.object({ phase: z.literal('signed out') }),
  z.object({ phase: z.literal('other agent'), name: z.string() }),
])

const online = z.object({
  id: agentId,
  messageCenter: z.boolean(),
  idle: z.boolean(),
  viewing: z.array(conversationId),
  writing: z.array(conversationId),
})

const box = { conversation: conversationId, kind: draftKind, epoch: draftEpoch }

/** Everything that pages of one replica say to each other. What does not parse is from another build: ignored. */
export const betweenPages = z.discriminatedUnion('t', [
  /** A page became visible and would like to talk. */
  z.object({ t: z.literal('ask'), page: z.string(), build }),
  /** The holder is visible itself, or of a newer build, and keeps talking. */
  z.object({ t: z.literal('kept'), to: z.string() }),
  /** A page wants to know how things stand. */
  z.object({ t: z.literal('how') }),
  z.object({ t: z.literal('status'), status, online: z.array(online), build }),
  /** A command was written to `pending`. */
  z.object({ t: z.literal('nudge') }),
  z.object({ t: z.literal('want'), thread: mobileUserId }),
  z.object({ t: z.literal('look'), look }),
  z.object({ t: z.literal('left'), page: z.string() }),
  /** Where this page's cursor stands, and whose cursors moved. */
  z.object({
    t: z.literal('caret'),
    page: z.string(),
    report: z.object({ ...box, at: z.nullable(draftPlace) }),
  }),
  z.object({
    t: z.literal('carets'),
    moved: z.object({
      t: z.literal('carets'),
      ...box,
      moved: z.array(z.object({ agent: agentId, at: z.nullable(draftPlace) })),
    }),
  }),
  /** What is held cannot be read: it has to be fetched anew. */
  z.object({ t: z.literal('damaged') }),
  z.object({ t: z.literal('resume') }),
])
export type BetweenPages = z.infer<typeof betweenPages>
