import * as z from 'zod/mini'
import {
  agentId,
  broadcastId,
  commandOf,
  conversationId,
  entryId,
  groupId,
  mediaId,
  type EntryId,
} from '../base/ids.ts'
import { delivery } from './delivery.ts'
import { whenUsed } from '../base/when-used.ts'

/**
 * How own storage came by a piece of media. `coming`: it is fetched from its carrier, as often as that takes. `lost`:
 * it cannot be had, and why. `not allowed`: the account takes none [F134].
 */
export const mediaCopy = whenUsed(() =>
  z.discriminatedUnion('state', [
    z.object({ state: z.literal('coming') }),
    z.object({ state: z.literal('kept'), bytes: z.number() }),
    z.object({ state: z.literal('lost'), why: z.string() }),
    z.object({ state: z.literal('not allowed') }),
  ]),
)
export type MediaCopy = z.infer<typeof mediaCopy>

/**
 * A picture, sound or film of a text. `id` names it in own storage; `url` is its address at the carrier, empty for
 * what was made here. Texts from before there was own storage have the address alone.
 */
export const media = whenUsed(() =>
  z.object({
    url: z.string(),
    contentType: z.string(),
    id: z.optional(mediaId),
    copy: z.optional(mediaCopy),
  }),
)
export type Media = z.infer<typeof media>

/** Why Parley itself wrote into a thread. A union on `what`, so that the wording is the client's. */
export const systemNote = whenUsed(() =>
  z.discriminatedUnion('what', [
    z.object({
      what: z.literal('assigned'),
      rule: z.enum(['number']),
      agent: z.nullable(agentId),
      group: z.nullable(groupId),
    }),
    z.object({ what: z.literal('claimed'), by: agentId, from: z.nullable(agentId) }),
    z.object({
      what: z.literal('transferred'),
      by: agentId,
      agent: z.nullable(agentId),
      group: z.nullable(groupId),
    }),
    z.object({ what: z.literal('ended'), by: agentId }),
    z.object({ what: z.literal('opted out'), by: z.nullable(agentId), word: z.string() }),
    z.object({ what: z.literal('opted in'), by: z.nullable(agentId), word: z.string() }),
    /** A broadcast that this person answered: which list began it, who sent it and what it said to them [F148]. */
    z.object({
      what: z.literal('broadcast'),
      broadcast: broadcastId,
      list: z.string(),
      by: agentId,
      text: z.string(),
    }),
  ]),
)
export type SystemNote = z.infer<typeof systemNote>

const common = {
  id: entryId,
  /** The only sort key: a counter of the thread that outlives its epochs, given in the commit [E5]. */
  order: z.number(),
  /** The edge's time. Counts for rules, flags, reports and audit. */
  at: z.number(),
  /** The device's claim for what was written without a connection. Shown, used for nothing else [E5]. */
  wroteAt: z.optional(z.number()),
  conversation: conversationId,
}

/** An agent who is named in a note, from the `@` to the end of the name, in UTF-16 units. */
export const noteMention = whenUsed(() =>
  z.object({
    agent: agentId,
    from: z.int().check(z.minimum(0)),
    to: z.int().check(z.minimum(0)),
  }),
)
export type NoteMention = z.infer<typeof noteMention>

/** One thing in a thread. Entries are never changed or removed; only `delivery` and the copies of `media` move on. */
export const entry = whenUsed(() =>
  z.discriminatedUnion('kind', [
    z.object({
      ...common,
      kind: z.literal('inbound'),
      text: z.string(),
      media: z.array(media),
      cut: z.boolean(),
    }),
    /** `by` is null where Parley itself wrote it: the gear flag [F82]. */
    z.object({
      ...common,
      kind: z.literal('outbound'),
      by: z.nullable(agentId),
      text: z.string(),
      parts: z.number(),
      /** It left, or is to leave, whole as an MMS without a picture [F125]. */
      textOnly: z.optional(z.literal(true)),
      /** Pictures that go with it: one MMS [F119]. */
      media: z.optional(z.array(media)),
      delivery,
    }),
    z.object({
      ...common,
      kind: z.literal('note'),
      by: agentId,
      text: z.string(),
      /** Whom it named, as the edge read it, and where in the text. */
      mentions: z.optional(z.array(noteMention)),
    }),
    z.object({ ...common, kind: z.literal('system'), note: systemNote }),
  ]),
)
export type Entry = z.infer<typeof entry>
export type Inbound = Extract<Entry, { kind: 'inbound' }>
export type Outbound = Extract<Entry, { kind: 'outbound' }>

/** A thread as rules see it: plain, in order. `next` is the order that the next entry gets. */
export interface Thread {
  next: number
  entries: Entry[]
}

/** The texts of the reply that this entry belongs to, in order: more than one where the account splits [DC1]. */
export function textsOfReply(entries: readonly Entry[], id: EntryId): Outbound[] {
  const command = commandOf(id)
  return entries.filter(
    (entry): entry is Outbound =>
      entry.kind === 'outbound' && (entry.id === id || (command !== null && commandOf(entry.id) === command)),
  )
}
