import type { QuickReply } from '../rows/quick-reply.ts'
import { limits } from '../wire/limits.ts'

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
      text: `A text-only MMS can be a quick reply with fewer than ${textOnlyBelow} characters; this one has ${length.toLocaleString('en-US')}.`,
    }
  if (length > limits.quickReply)
    return {
      code: 'too long',
      text: `A quick reply holds at most ${limits.quickReply.toLocaleString('en-US')} characters; this one has ${length.toLocaleString('en-US')}.`,
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
  const letters = fold(typed.trim())
  return replies
    .flatMap((reply) => {
      const found = fit(fold(reply.text), letters)
      return found === null ? [] : [{ reply, ...found }]
    })
    .sort((left, right) => right.score - left.score || left.reply.text.localeCompare(right.reply.text))
    .map(({ reply, marks }) => ({ reply, marks }))
}

/** Where the letters stand in a text, and how well: the whole of it beats scattered letters. */
function fit(text: string, letters: string): { score: number; marks: number[] } | null {
  if (letters === '') return { score: 0, marks: [] }
  const whole = text.indexOf(letters)
  if (whole >= 0) {
    const begins = isBegin(text, whole)
    return {
      score: 1000 + (begins ? 500 : 0) - Math.min(whole, 400),
      marks: Array.from({ length: letters.length }, (_, index) => whole + index),
    }
  }
  const marks: number[] = []
  let score = 0
  let from = 0
  for (const letter of letters) {
    if (letter === ' ') continue
    // A letter is looked for at the beginning of a word first, so that "tyv" finds "Thank you very much".
    const at = nextAt(text, letter, from)
    if (at < 0) return null
    score += at === from && marks.length > 0 ? 6 : isBegin(text, at) ? 5 : 1
    marks.push(at)
    from = at + 1
  }
  return { score, marks }
}

function nextAt(text: string, letter: string, from: number): number {
  const next = text.indexOf(letter, from)
  if (next === from && from > 0) return next
  for (let at = next; at >= 0; at = text.indexOf(letter, at + 1)) if (isBegin(text, at)) return at
  return next
}

function isBegin(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '')
}

/** Lower case without accents, letter by letter, so that places stay places of the text. */
function fold(text: string): string {
  return Array.from({ length: text.length }, (_, index) => {
    const unit = text.charAt(index)
    const plain = unit.normalize('NFD').charAt(0).toLowerCase()
    return plain.length === 1 ? plain : unit
  }).join('')
}
