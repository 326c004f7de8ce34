import {
  firstEmoji,
  limit,
  measure,
  straighten,
  type LongMessages,
  type Measure,
} from '#shared/rules/content.ts'

/** What the composer says about a text before it is sent. */
export interface Verdict {
  measure: Measure
  /** Why it cannot be sent, for the person. */
  refusal: string | null
  /** Why it takes more room than it looks. */
  hint: string | null
  /** One press that makes it better, and the text it makes. */
  fix: { words: string; text: string } | null
}

/** Judges a text as the edge will, with words and a way out (DC1, DC27). */
export function judge(text: string, mode: LongMessages, emojiRefused: boolean): Verdict {
  const measured = measure(text, mode)
  const emoji = emojiRefused ? firstEmoji(text) : null
  if (emoji !== null)
    return {
      measure: measured,
      refusal: `Text messages from this account cannot carry ${emoji}.`,
      hint: null,
      fix: { words: 'Remove', text: withoutEmoji(text) },
    }
  const straight = straighten(text)
  const hint =
    measured.culprit === null ? null : `${culpritName(measured.culprit)} makes this Unicode, 70 per segment`
  const fix = hint !== null && straight !== text ? { words: 'Replace it', text: straight } : null
  const refusal =
    measured.remaining < 0
      ? `${-measured.remaining} characters over the limit of ${limit(measured.encoding, mode)}.`
      : null
  return { measure: measured, refusal, hint, fix }
}

function withoutEmoji(text: string): string {
  return text
    .replace(
      /(?![©®™])\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F|\u200D\p{Extended_Pictographic})*/gu,
      '',
    )
    .replace(/ {2,}/gu, ' ')
}

function culpritName(culprit: string): string {
  if (/[\u2018-\u201E\u2032\u2033]/u.test(culprit)) return 'The curly quote'
  if (/[\u2010-\u2015\u2212]/u.test(culprit)) return 'The long dash'
  if (culprit === '\u2026') return 'The ellipsis'
  if (/\s/u.test(culprit)) return 'A special space'
  return `The character ${culprit}`
}
