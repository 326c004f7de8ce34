import type { AutoReplyId, NumberId } from '../base/ids.ts'
import { day, minute, weekdayOf, type Millis } from '../base/time.ts'
import type { AutoReplied, AutoReply } from '../rows/auto-reply.ts'
import { limits } from '../wire/limits.ts'
import { offsetAt } from './business-hours.ts'
import { partsOfPattern, wordsIn } from './auto-reply-form.ts'

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
  const weekday = weekdayOf(date)
  if (from < to) return days.includes(weekday) && now >= from && now < to
  return (days.includes(weekday) && now >= from) || (days.includes((weekday + 6) % 7) && now < to)
}

/** How many letters and digits of a text's words a pattern of this rule takes; 0 where none fits [F213]. */
function fitOf({ patterns, anywhere }: Text, words: readonly string[]): number {
  return Math.max(
    0,
    ...patterns.map((pattern) => {
      const parts = partsOfPattern(pattern)
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
  if (part === word) return true
  if (part.length !== word.length || !part.includes('#')) return false
  return word.replace(/\d/g, (digit, at: number) => (part[at] === '#' ? '#' : digit)) === part
}

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
