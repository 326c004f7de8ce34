import { grouped } from '../base/grouped.ts'
import type { CompanyNumber } from '../rows/number.ts'
import type { Settings } from '../rows/settings.ts'

/** How a text will be coded, how many parts it takes and how much room is left. */
export interface Measure {
  encoding: 'GSM-7' | 'UCS-2' | 'MMS'
  /** Parts the carrier sends and bills. 0 for an empty text. */
  parts: number
  /** Septets in GSM-7, UTF-16 units in UCS-2, characters in an MMS. */
  length: number
  /** Units left until the next thing changes for the worse: the end of what may be sent. Negative when over. */
  remaining: number
  /** The first character outside the GSM alphabet: the reason for UCS-2. */
  culprit: string | null
}

export type LongMessages = Settings['longMessages']
/** How a text is to leave: as SMS under the rule for long ones, or whole, as an MMS of so many characters [F125]. */
export type Way = LongMessages | { mms: number }

/**
 * Counts a text as carriers do (3GPP TS 23.038 and 23.040): 160 septets or 70 UTF-16 units alone, 153 or 67 a
 * part when joined; an extension character takes two septets, and neither an escape pair nor a surrogate pair
 * crosses the edge of a part, so parts cannot be computed by division. Limits by setting: DC1. An MMS is one piece
 * in any alphabet.
 */
export function measure(text: string, mode: Way): Measure {
  if (typeof mode === 'object') {
    const length = Array.from(text).length
    return {
      encoding: 'MMS',
      parts: Math.min(1, length),
      length,
      remaining: mode.mms - length,
      culprit: null,
    }
  }
  const culprit = firstOutsideGsm(text)
  const encoding = culprit === null ? 'GSM-7' : 'UCS-2'
  const length = culprit === null ? septets(text) : text.length
  const single = culprit === null ? 160 : 70
  const joined = countParts(text, culprit === null)
  const parts = length === 0 ? 0 : length <= single ? 1 : joined.parts
  const remaining = limit(encoding, mode) - length - (countsEdges(encoding, mode) ? joined.unused : 0)
  return { encoding, parts, length, remaining, culprit }
}

/** The most units that may be sent: one message, three joined parts, three texts with a part mark [DC1], or an MMS. */
export function limit(encoding: Measure['encoding'], mode: Way): number {
  if (typeof mode === 'object') return mode.mms
  if (mode === 'refuse') return encoding === 'GSM-7' ? 160 : 70
  if (mode === 'split') return encoding === 'GSM-7' ? 459 : 3 * 67
  return encoding === 'GSM-7' ? 3 * 153 : 3 * 67
}

/** Why a text cannot be sent as it is, or null. The words are for the agent. */
export function refuseContent(text: string, mode: Way): { code: string; text: string } | null {
  if (text.trim() === '') return { code: 'empty', text: 'There is nothing to send yet.' }
  const { remaining, encoding, culprit } = measure(text, mode)
  if (remaining >= 0) return null
  const most = limit(encoding, mode)
  const why = culprit === null ? '' : ` "${culprit}" makes this Unicode, which leaves less room.`
  return {
    code: 'too long',
    text: `${over(-remaining)} over the limit of ${grouped(most)}.${why}`,
  }
}

/** "1 character", "12 characters". */
function over(count: number): string {
  return count === 1 ? '1 character' : `${grouped(count)} characters`
}

/**
 * The texts that leave for one reply: one, unless the account splits (DC1), where each of up to three ends with
 * its part mark. Counted in septets, 157 and the mark, so that each fits one message of 160.
 */
export function partsOf(text: string, mode: Way): string[] {
  const { encoding, length } = measure(text, mode)
  const single = encoding === 'GSM-7' ? 160 : 70
  if (mode !== 'split' || length <= single) return [text]
  const room = encoding === 'GSM-7' ? 157 : 67
  const pieces: string[] = []
  let piece = ''
  let used = 0
  for (const char of text) {
    const units = encoding === 'GSM-7' ? septets(char) : char.length
    if (used + units > room) {
      pieces.push(piece)
      piece = ''
      used = 0
    }
    piece += char
    used += units
  }
  pieces.push(piece)
  return pieces.map((content, index) => `${content}${index + 1}/${pieces.length}`)
}

/** The reply that was split into these texts: the inverse of `partsOf`. */
export function wholeOf(texts: readonly string[]): string {
  if (texts.length === 1) return texts[0] ?? ''
  return texts.map((text, index) => text.slice(0, -`${index + 1}/${texts.length}`.length)).join('')
}

/** Characters of a text-only MMS where an account sets no limit of its own [F125]. */
export const usualTextOnlyLimit = 2_000

/**
 * Characters that a text-only MMS from this number may have: the account's setting, 2,000 where it has none [F125,
 * F126], or what the number's carrier takes, where that is less. 0 where the number cannot send MMS.
 */
export function textOnlyLimit(
  { textOnlyLimit = usualTextOnlyLimit }: Pick<Settings, 'textOnlyLimit'>,
  { mms = true, mmsCharacters = textOnlyLimit }: Pick<CompanyNumber, 'mms' | 'mmsCharacters'>,
): number {
  return mms ? Math.min(textOnlyLimit, mmsCharacters) : 0
}

/** Replaces the typographic characters that cost a text its GSM coding: quotes, dashes, ellipsis, spaces. */
export function straighten(text: string): string {
  return text
    .replace(/[\u2018\u2019\u201A\u2032]/gu, "'")
    .replace(/[\u201C\u201D\u201E\u2033]/gu, '"')
    .replace(/[\u2010-\u2015\u2212]/gu, '-')
    .replace(/\u2026/gu, '...')
    .replace(/[\u00A0\u2002-\u200A\u202F]/gu, ' ')
}

/** The first emoji of a text, flags and keycaps included, which outbound SMS refuses by default [F137, DC27]. */
export function firstEmoji(text: string): string | null {
  return emoji.exec(text.replace(/[©®™]/gu, ''))?.[0] ?? null
}

// Flags are pairs of regional indicators and keycaps end in U+20E3; neither is pictographic (UTS #51, 1.4).
const emoji = /\p{Extended_Pictographic}|\p{Regional_Indicator}{1,2}|[0-9#*]\uFE0F?\u20E3/u

/** A text cut where its emoji begin and end, each whole with its skin tone and its joiners. */
export function emojiIn(text: string): { text: string; isEmoji: boolean }[] {
  const pieces: { text: string; isEmoji: boolean }[] = []
  let end = 0
  for (const match of text.matchAll(wholeEmoji)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), isEmoji: false })
    end = match.index + match[0].length
    pieces.push({ text: match[0], isEmoji: true })
  }
  if (end < text.length) pieces.push({ text: text.slice(end), isEmoji: false })
  return pieces
}

/** The text without its emoji, and without the second of two spaces that one stood between. */
export function withoutEmoji(text: string): string {
  const pieces = emojiIn(text)
  if (pieces.every(({ isEmoji }) => !isEmoji)) return text
  let left = ''
  for (const { text, isEmoji } of pieces)
    if (!isEmoji) left += left.endsWith(' ') && text.startsWith(' ') ? text.slice(1) : text
  return left.trim()
}

const wholeEmoji =
  /\p{Regional_Indicator}{1,2}|[0-9#*]\uFE0F?\u20E3|(?![©®™])\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F|\u200D\p{Extended_Pictographic})*/gu

/**
 * Whether the units that stay free at the edges of parts count against the limit. Where it is a number of whole
 * parts they must, or a text of emoji would take a fourth; three split GSM texts hold 468 and never lack room.
 */
function countsEdges(encoding: Measure['encoding'], mode: Way): boolean {
  return mode === 'concatenate' || (mode === 'split' && encoding === 'UCS-2')
}

/** The joined parts of a text, and the units before the last that a pair left free because it didn't fit. */
function countParts(text: string, gsm: boolean): { parts: number; unused: number } {
  const room = gsm ? 153 : 67
  let parts = 1
  let used = 0
  let unused = 0
  for (const char of text) {
    const units = gsm ? septets(char) : char.length
    if (used + units > room) {
      unused += room - used
      parts++
      used = 0
    }
    used += units
  }
  return { parts, unused }
}

function septets(text: string): number {
  let count = 0
  for (const char of text) count += extension.has(char) ? 2 : 1
  return count
}

function firstOutsideGsm(text: string): string | null {
  for (const char of text) if (!basic.has(char) && !extension.has(char)) return char
  return null
}

// 3GPP TS 23.038, 6.2.1 and 6.2.1.1: the default alphabet and its extension table. Note that C-cedilla is in
// as a capital only, and that backtick and no-break space are not in.
const basic: ReadonlySet<string> = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
const extension: ReadonlySet<string> = new Set('\f^{}\\[~]|€')
