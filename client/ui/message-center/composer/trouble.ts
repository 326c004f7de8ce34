import { grouped } from '#shared/base/grouped.ts'
import {
  firstEmoji,
  limit,
  measure,
  straighten,
  withoutEmoji,
  type LongMessages,
  type Measure,
} from '#shared/rules/content.ts'
import {
  autoAppend,
  blankInserts,
  personalize,
  unknownInserts,
  type Insertable,
} from '#shared/rules/personalize.ts'

/** What a text is judged by before it is sent. */
export interface Terms {
  longMessages: LongMessages
  /** It is to leave whole, as an MMS [F127]. */
  textOnly: boolean
  /** Characters that such an MMS may have; 0 where the number can send none. */
  textOnlyLimit: number
  emojiRefused: boolean
  person: Insertable
  /** The name goes to its end, because it is the first of its conversation [F241]. */
  appends: boolean
}

/** One press that makes a text better: another text, or another way to send it. */
export type Fix = { words: string; text: string } | { words: string; textOnly: boolean }

/** What the composer says about a text before it is sent. */
export interface Verdict {
  /** Of what will be sent, with the inserts filled in. */
  measure: Measure
  /** Why it cannot be sent, for the person. */
  refusal: string | null
  /** Why it takes more room than it looks, or what of it will be left out. */
  hint: string | null
  fixes: Fix[]
  /** What the customer reads, where that differs from what stands in the box. */
  reads: string | null
  /** What looks like an insert and would be sent as it stands. */
  unknown: string[]
}

/** Judges a text as the edge will, with words and a way out (DC1, DC27). */
export function judge(text: string, terms: Terms): Verdict {
  const { longMessages, textOnly, textOnlyLimit, person } = terms
  const way = textOnly ? { mms: textOnlyLimit } : longMessages
  const composed = terms.appends && text.trim() !== '' ? autoAppend(text) : text
  const reads = personalize(composed, person, 'single')
  const measured = measure(reads, way)
  const verdict: Verdict = {
    measure: measured,
    refusal: null,
    hint: null,
    fixes: [],
    reads: reads === text ? null : reads,
    unknown: unknownInserts(text, 'single'),
  }
  if (textOnly && textOnlyLimit === 0)
    return {
      ...verdict,
      refusal: 'This number cannot send MMS.',
      fixes: [{ words: 'Send as a text message', textOnly: false }],
    }
  const emoji = terms.emojiRefused && !textOnly ? firstEmoji(reads) : null
  if (emoji !== null)
    return {
      ...verdict,
      refusal: `Text messages from this account cannot carry ${emoji}.`,
      fixes: [
        ...(firstEmoji(text) === null ? [] : [{ words: 'Remove', text: withoutEmoji(text) }]),
        ...(textOnlyLimit > 0 ? [{ words: 'Send as picture message', textOnly: true }] : []),
      ],
    }
  const straight = straighten(text)
  const fixes: Fix[] =
    measured.culprit !== null && straight !== text ? [{ words: 'Replace it', text: straight }] : []
  const isShort = measure(reads, { mms: textOnlyLimit }).remaining >= 0
  if (measured.remaining < 0 && !textOnly && isShort) fixes.push({ words: 'Send as one MMS', textOnly: true })
  return { ...verdict, ...reasons(text, reads, measured, terms), fixes }
}

function reasons(text: string, reads: string, measured: Measure, terms: Terms) {
  const { longMessages, textOnly, textOnlyLimit, person } = terms
  const way = textOnly ? { mms: textOnlyLimit } : longMessages
  const over = -measured.remaining
  const blank = blankInserts(text, person, 'single')
  const hint =
    unicodeHint(measured) ??
    (blank.length > 0 ? `Nothing is saved for ${blank.join(' and ')}, so it is left out.` : null)
  const refusal =
    over > 0
      ? `${count(over, 'character')} over the limit of ${grouped(limit(measured.encoding, way))}.`
      : text.trim() !== '' && reads.trim() === ''
        ? 'No name is saved for this person, so nothing would be left to send.'
        : null
  return { hint, refusal }
}

/** Why a text takes more room than it looks, or null. */
export function unicodeHint({ culprit }: Measure): string | null {
  return culprit === null ? null : `${culpritName(culprit)} makes this Unicode, 70 per segment`
}

/** "1 segment", "12 characters". */
export function count(number: number, what: string): string {
  return `${grouped(number)} ${what}${number === 1 ? '' : 's'}`
}

function culpritName(culprit: string): string {
  if (/[\u2018-\u201E\u2032\u2033]/u.test(culprit)) return 'The curly quote'
  if (/[\u2010-\u2015\u2212]/u.test(culprit)) return 'The long dash'
  if (culprit === '\u2026') return 'The ellipsis'
  if (/\s/u.test(culprit)) return 'A special space'
  return `The character ${culprit}`
}
