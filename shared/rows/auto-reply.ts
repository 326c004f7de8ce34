import * as z from 'zod/mini'
import { autoReplyId, numberId } from '../base/ids.ts'
import { whenUsed } from '../base/when-used.ts'

/** A minute of the day on a wall clock: 0 is midnight, 1439 a minute before it. */
const minuteOfDay = z.int().check(z.minimum(0), z.maximum(1439))
const dayOfWeek = z.int().check(z.minimum(0), z.maximum(6))

/**
 * What an auto-reply answers to, of which there are two kinds [F83]. `time`: texts that come within a window, which
 * begins on each of `days` (0 is Sunday) at `from` and ends at `to`, on the next day where that is not later; the same
 * minute twice is a whole day [F203, F204, F206]. `text`: texts that are one of `patterns`, or have one anywhere [F213].
 */
export const autoReplyTrigger = whenUsed(() =>
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('time'),
      days: z.array(dayOfWeek).check(z.maxLength(7)),
      from: minuteOfDay,
      to: minuteOfDay,
      timeZone: z.string().check(z.maxLength(60)),
    }),
    z.object({
      kind: z.literal('text'),
      patterns: z.array(z.string().check(z.maxLength(200))).check(z.maxLength(100)),
      anywhere: z.boolean(),
    }),
  ]),
)

/** What somebody says of an auto-reply: everything but its id. */
export const autoReplySaid = whenUsed(() =>
  z.object({
    /** The number that it answers on, the guide's "Code"; null for Global [F202]. */
    number: z.nullable(numberId),
    trigger: autoReplyTrigger,
    text: z.string(),
    /** How often it may go to one person in one open conversation; null for every time [F207, DC8]. */
    most: z.nullable(z.int()),
    disabled: z.boolean(),
  }),
)
export type AutoReplySaid = z.infer<typeof autoReplySaid>

/** An automatic answer that the company has set up. All of them stand in the row of its settings. */
export const autoReply = whenUsed(() => z.extend(autoReplySaid, { id: autoReplyId }))
export type AutoReply = z.infer<typeof autoReply>

/** What was answered automatically in a conversation: how often by each, and in a row since an agent wrote. */
export const autoReplied = whenUsed(() => z.object({ times: z.record(z.string(), z.int()), inRow: z.int() }))
export type AutoReplied = z.infer<typeof autoReplied>
