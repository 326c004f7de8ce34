import * as z from 'zod/mini'
import { conversationId, type ConversationId } from '../base/ids.ts'
import { limits } from './limits.ts'
import { whenUsed } from '../base/when-used.ts'

/** The parts of the draft lane that both directions share [E15]. */

export const draftKind = z.enum(['reply', 'note'])
export type DraftKind = z.infer<typeof draftKind>

/** A box of a conversation; its epochs are the documents that stand in it one after the other. */
export interface DraftBox {
  conversation: ConversationId
  kind: DraftKind
}

/**
 * How much somebody holds of a document: characters by Yjs client id. Plain numbers instead of a state vector in
 * Yjs' own bytes, so that there is nothing to decode that could be crafted.
 */
export const clocks = z
  .record(
    z.string().check(z.regex(/^(0|[1-9][0-9]{0,9})$/, 'not a Yjs client id')),
    z.int().check(z.minimum(0)),
  )
  .check(z.refine((all) => Object.keys(all).length <= limits.draftWriters, 'too many clients'))

/**
 * An epoch of a draft: 0 for the first, else the moment (`base/moment.ts`) at which the one before was closed. It
 * only grows, also over a restore, so that no two documents ever share a name.
 */
export const draftEpoch = z.int().check(z.minimum(0))

/**
 * A place between the characters of a draft that stays where it is while others write: right behind a character,
 * named by its Yjs client and clock, or at the start.
 */
export const draftPlace = whenUsed(() =>
  z.union([
    z.literal('start'),
    z.tuple([
      z.int().check(z.minimum(0), z.maximum(2 ** 32 - 1)),
      z.int().check(z.minimum(0), z.maximum(limits.draftClock)),
    ]),
  ]),
)
export type DraftPlace = z.infer<typeof draftPlace>

/** The name of a document, `draft:<conversation>:<reply or note>:<epoch>`. */
export function draftName({ conversation, kind }: DraftBox, epoch: number): string {
  return `draft:${conversation}:${kind}:${epoch}`
}

const named = whenUsed(() =>
  z.object({
    conversation: conversationId,
    kind: draftKind,
    epoch: z.pipe(z.coerce.number(), draftEpoch),
  }),
)

/** What a name says; null where it is not the name of a draft. */
export function parseDraftName(name: string): (DraftBox & { epoch: number }) | null {
  const [, conversation, kind, epoch] = /^draft:([^:]+):([^:]+):(0|[1-9][0-9]{0,15})$/.exec(name) ?? []
  return named.safeParse({ conversation, kind, epoch }).data ?? null
}
