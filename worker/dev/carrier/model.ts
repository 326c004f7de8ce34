import { z } from 'zod'
import { media, type Media } from '#shared/model/entry.ts'

/** A text that the company hands over. `callback` is where its fate is reported, our message id in it. */
export const handed = z.object({
  ref: z.string(),
  from: z.string().min(1),
  to: z.string().min(1),
  text: z.string(),
  media: z.array(media).default([]),
  /** To leave as an MMS although it has no picture. */
  mms: z.boolean().default(false),
  callback: z.string(),
})
export type Handed = z.infer<typeof handed>

/** A text that a handset sends to a company number. An `id` of one's own repeats a text that was sent before. */
export const handsetText = z.object({
  from: z.string().min(1),
  to: z.string().min(1),
  text: z.string().default(''),
  media: z.array(media).default([]),
  id: z.string().min(1).max(100).optional(),
})
export type HandsetText = z.infer<typeof handsetText>

/** A receipt that a person gives by hand. */
export const report = z.object({
  id: z.string().min(1),
  state: z.enum(['sent', 'delivered', 'undelivered', 'failed']),
  error: z.object({ code: z.string(), text: z.string() }).optional(),
})
export type Report = z.infer<typeof report>

/** A text that the carrier accepted, also where it never said so. */
export interface SentText {
  id: string
  ref: string
  from: string
  to: string
  text: string
  media: Media[]
  mms: boolean
  at: number
}

/** A text in the carrier's list: `accepted`, or how it failed. */
export interface ListedText extends SentText {
  state: string
}

/** A text as the customer's phone shows it. */
export interface HandsetEntry {
  id: string
  by: 'company' | 'customer'
  text: string
  media: Media[]
  at: number
  /** For the customer's own texts: whether Parley has it, or what it last answered. */
  state: string
}

/** A call to one of Parley's webhooks. */
export interface Webhook {
  path: string
  contentType: string
  body: string
}

/**
 * A webhook call that the carrier owes, repeated until it is answered with a 2xx. `about` is the text that it is
 * about; what shares a `lane` is made one after the other.
 */
export interface Owed extends Webhook {
  id: number
  about: string
  lane: string
  attempts: number
}

/** How handing over ended, for the route that answers Parley. */
export type Reception =
  | { kind: 'accepted'; id: string; wait: number }
  | { kind: 'refused' }
  /** A picture of it could not be fetched. */
  | { kind: 'no media' }
  /** Never answered: the caller gives up. */
  | { kind: 'silent' }
