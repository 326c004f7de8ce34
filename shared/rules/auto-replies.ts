import { grouped } from '../base/grouped.ts'
import type { AutoReplyId, NumberId } from '../base/ids.ts'
import { day, minute, type Millis } from '../base/time.ts'
import type { AutoReplied, AutoReply, AutoReplySaid } from '../rows/auto-reply.ts'
import type { CompanyNumber } from '../rows/number.ts'
import type { Settings } from '../rows/settings.ts'
import { limits } from '../wire/limits.ts'
import { offsetAt } from './business-hours.ts'
import { isReserved } from './consent.ts'
import { firstEmoji, refuseContent, type LongMessages } from './content.ts'

type Time = Extract<AutoReply['trigger'], { kind: 'time' }>
type Text = Extract<AutoReply['trigger'], { kind: 'text' }>

/** A customer's text that might be answered automatically. */
export interface Asking {
  number: NumberId
  text: string
  at: Millis
  answered: AutoReplied | undefined
}

/**
 * The auto-reply that answers a text, or null. It is one at most: one that answers to words comes before one that
 * answers to the time [F83]. Of each kind a number's own answer, and the Global ones where it has none that is in use
 * [F202]; of several that fit, the one that says it most closely does, the longest pattern or the shortest window.
 */
export function autoReplyFor(rules: readonly AutoReply[], asking: Asking): AutoReply | null {
  const { number, text, at, answered } = asking
  if ((answered?.inRow ?? 0) >= limits.autoRepliesInRow) return null
  const words = wordsIn(text)
  const byText = closest(asked(rules, 'text', number), ({ trigger }) =>
    trigger.kind === 'text' ? fitOf(trigger, words) : 0,
  )
  const byTime = closest(asked(rules, 'time', number), ({ trigger }) =>
    trigger.kind === 'time' && isWithin(trigger, at) ? 1 / lengthOf(trigger) : 0,
  )
  return [byText, byTime].find((rule) => rule !== null && mayAnswer(rule, answered)) ?? null
}

/** A conversation's count with one more answer in it. */
export function withAutoReply(answered: AutoReplied | undefined, id: AutoReplyId): AutoReplied {
  const { times, inRow } = answered ?? { times: {}, inRow: 0 }
  return { times: { ...times, [id]: (times[id] ?? 0) + 1 }, inRow: inRow + 1 }
}

/** Whether a moment lies within the window, on the wall clock of its time zone [F203, F204, F206]. */
export function isWithin({ days, from, to, timeZone }: Time, at: Millis): boolean {
  const shown = at + offsetAt(at, timeZone)
  const date = Math.floor(shown / day)
  const now = Math.floor((shown - date * day) / minute)
  // 1970-01-01 was a Thursday.
  const weekday = (((date + 4) % 7) + 7) % 7
  if (from < to) return days.includes(weekday) && now >= from && now < to
  return (days.includes(weekday) && now >= from) || (days.includes((weekday + 6) % 7) && now < to)
}

/** How many letters and digits of a text's words a pattern of this rule takes; 0 where none fits [F213]. */
function fitOf({ patterns, anywhere }: Text, words: readonly string[]): number {
  return Math.max(
    0,
    ...patterns.map((pattern) => {
      const parts = wordsIn(pattern)
      return isIn(parts, words, anywhere) ? parts.join('').length : 0
    }),
  )
}

/** Whether a text's words are these, or have them anywhere, one after the other. */
function isIn(parts: readonly string[], words: readonly string[], anywhere: boolean): boolean {
  if (parts.length === 0 || parts.length > words.length) return false
  if (!anywhere && parts.length < words.length) return false
  for (let start = 0; start + parts.length <= words.length; start++)
    if (parts.every((part, index) => isSame(part, words[start + index] ?? ''))) return true
  return false
}

/** `#` in a pattern stands for one digit. */
function isSame(part: string, word: string): boolean {
  return (
    part.length === word.length &&
    [...part].every((sign, index) => (sign === '#' ? isDigit(word[index]) : sign === word[index]))
  )
}

function isDigit(sign = ''): boolean {
  return sign >= '0' && sign <= '9'
}

/** A text as patterns read it: its words and numbers, in any case, without what stands between them. */
function wordsIn(text: string): string[] {
  // What is longer than a carrier sends (1,600 characters) is searched no further.
  const plain = text.slice(0, longest).normalize('NFKC').toUpperCase()
  return plain.match(/[\p{L}\p{N}\p{M}#]+/gu) ?? []
}

const longest = 1600

/** The rules of a kind that a text on this number is held against: its own, else the Global ones [F202]. */
function asked(rules: readonly AutoReply[], kind: 'time' | 'text', number: NumberId): AutoReply[] {
  const inUse = rules.filter((rule) => rule.trigger.kind === kind && !rule.disabled)
  const own = inUse.filter((rule) => rule.number === number)
  return own.length > 0 ? own : inUse.filter((rule) => rule.number === null)
}

/** The rule that fits best, of those that fit at all, which is more than 0. */
function closest(rules: readonly AutoReply[], fit: (rule: AutoReply) => number): AutoReply | null {
  const found = rules.map((rule) => ({ rule, fit: fit(rule) })).filter((one) => one.fit > 0)
  const [first] = found.sort((left, right) => right.fit - left.fit || (left.rule.id < right.rule.id ? -1 : 1))
  return first?.rule ?? null
}

function lengthOf({ from, to }: Time): number {
  return from < to ? to - from : to - from + day / minute
}

/** Not as often yet as it may, within this conversation [F207, DC8]. */
function mayAnswer({ id, most }: AutoReply, answered: AutoReplied | undefined): boolean {
  return most === null || (answered?.times[id] ?? 0) < most
}

/** The fields of the form by what they are called on screen, which is how a refusal names one. */
export const autoReplyLabels = {
  number: 'Code',
  days: 'Days of the Week',
  timeZone: 'Time Zone',
  patterns: 'Words or Number Patterns',
  text: 'Message Text',
  most: 'Times in One Conversation',
} as const

/** What is wrong with a field of an auto-reply, by its name, or null. */
export interface WrongField {
  field: keyof typeof autoReplyLabels
  text: string
}

/** Why this cannot be an auto-reply, or null. The text is judged as a reply on that number is, on any for Global. */
export function refuseAutoReply(
  { number, trigger, text, most }: AutoReplySaid,
  settings: Settings,
  numbers: ReadonlyMap<NumberId, CompanyNumber>,
): WrongField | null {
  if (number !== null && !numbers.has(number))
    return { field: 'number', text: 'This number does not exist any more.' }
  const wrong = trigger.kind === 'time' ? refuseWindow(trigger) : refusePatterns(trigger, settings)
  if (wrong) return wrong
  const content = refuseContent(text, narrowest(number, settings, numbers))
  if (content)
    return {
      field: 'text',
      text: content.code === 'empty' ? 'Type what is to be answered.' : content.text,
    }
  const emoji = settings.emoji === 'refuse' ? firstEmoji(text) : null
  if (emoji) return { field: 'text', text: `Emoji cannot be sent: ${emoji}.` }
  if (most !== null && (most < 1 || most > mostTimes))
    return { field: 'most', text: `Type a number from 1 to ${mostTimes}.` }
  return null
}

/** More than that in one conversation is no limit. */
const mostTimes = 99

function refuseWindow({ days, timeZone }: Time): WrongField | null {
  if (days.length === 0) return { field: 'days', text: 'Choose at least one day.' }
  if (!isTimeZone(timeZone)) return { field: 'timeZone', text: 'This time zone is not known here.' }
  return null
}

function refusePatterns({ patterns }: Text, settings: Settings): WrongField | null {
  const wrong = (text: string): WrongField => ({ field: 'patterns', text })
  if (patterns.length === 0) return wrong('Type at least one word or number.')
  if (patterns.length > limits.patterns) return wrong(`An auto-reply has at most ${limits.patterns} of them.`)
  for (const pattern of patterns) {
    if (pattern.length > limits.pattern)
      return wrong(`One of them has ${grouped(pattern.length)} characters; ${limits.pattern} are the most.`)
    if (wordsIn(pattern).length === 0) return wrong(`"${pattern}" has no letter and no digit.`)
    if (isReserved(pattern, settings)) return wrong(`"${pattern}" is kept for opting out and for help.`)
  }
  return null
}

function isTimeZone(name: string): boolean {
  try {
    offsetAt(0, name)
    return true
  } catch {
    return false
  }
}

/** How a long text leaves on the number, or, for Global, on the one of all numbers that takes the least. */
function narrowest(
  number: NumberId | null,
  { longMessages }: Settings,
  numbers: ReadonlyMap<NumberId, CompanyNumber>,
): LongMessages {
  const own = number === null ? undefined : numbers.get(number)
  const ways = (own ? [own] : [...numbers.values()]).map((row) => row.longMessages ?? longMessages)
  return ways.includes('refuse') ? 'refuse' : (ways[0] ?? longMessages)
}

/** An auto-reply as it is kept: without what makes no difference, so that two that say the same are the same. */
export function tidyAutoReply(said: AutoReplySaid): AutoReplySaid {
  const { trigger } = said
  const text = said.text.toWellFormed().trim()
  if (trigger.kind === 'time')
    return { ...said, text, trigger: { ...trigger, days: [...new Set(trigger.days)].toSorted() } }
  const patterns = trigger.patterns.map((pattern) => pattern.toWellFormed().replace(/\s+/gu, ' ').trim())
  return { ...said, text, trigger: { ...trigger, patterns: [...new Set(patterns.filter(Boolean))] } }
}
