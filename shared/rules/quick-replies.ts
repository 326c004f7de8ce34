import { grouped } from '../base/grouped.ts'
import type { QuickReply } from '../rows/quick-reply.ts'
import { limits } from '../wire/limits.ts'
import { fitLetters } from './fuzzy.ts'
import { compareNames } from './search.ts'

/** Characters below which a text-only MMS may be kept as a quick reply [F128]. */
const textOnlyBelow = 160

/** Why a text cannot be kept as a quick reply, or null. */
export function refuseQuickReply(
  text: string,
  textOnly = false,
): { code: 'empty' | 'too long'; text: string } | null {
  const length = Array.from(text.trim()).length
  if (length === 0) return { code: 'empty', text: 'Type the text of the quick reply first.' }
  if (textOnly && length >= textOnlyBelow)
    return {
      code: 'too long',
      text: `A text-only MMS can be a quick reply with fewer than ${textOnlyBelow} characters; this one has ${grouped(length)}.`,
    }
  if (length > limits.quickReply)
    return {
      code: 'too long',
      text: `A quick reply holds at most ${grouped(limits.quickReply)} characters; this one has ${grouped(length)}.`,
    }
  return null
}

/**
 * The quick replies that fit what was typed, best first: every letter of it in order, the nearer together and the
 * nearer to the beginning of a word the better. Nothing typed fits all, in the order of the alphabet.
 */
export function findQuickReplies(
  replies: readonly QuickReply[],
  typed: string,
): { reply: QuickReply; marks: number[] }[] {
  return replies
    .flatMap((reply) => {
      const found = fitLetters(typed, reply.text)
      return found === null ? [] : [{ reply, ...found }]
    })
    .sort((left, right) => right.score - left.score || compareNames(left.reply.text, right.reply.text))
    .map(({ reply, marks }) => ({ reply, marks }))
}
