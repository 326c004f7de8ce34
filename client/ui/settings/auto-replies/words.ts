import { grouped } from '#shared/base/grouped.ts'
import { clockTime, minute } from '#shared/base/time.ts'
import { measure } from '#shared/rules/content.ts'
import type { AutoReply } from '#shared/rows/auto-reply.ts'
import type { CompanyNumber } from '#shared/rows/number.ts'
import { showAddress } from '#client/state/show-address.ts'
import { zoneWords } from '../profile/time-zones.ts'

/** Days of the week from Sunday on, as one reads them and as they stand on a button. */
export const weekdays = [
  ['Sunday', 'Sun'],
  ['Monday', 'Mon'],
  ['Tuesday', 'Tue'],
  ['Wednesday', 'Wed'],
  ['Thursday', 'Thu'],
  ['Friday', 'Fri'],
  ['Saturday', 'Sat'],
] as const

/** A minute of the day as a clock shows it: 6:00 PM. */
function timeWords(minuteOfDay: number): string {
  return clockTime(minuteOfDay * minute, 'UTC')
}

/** Day and time of a moment in a zone: Thursday, 12:14 PM. */
export function momentWords(at: number, timeZone: string): string {
  const weekday = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'long' }).format(at)
  return `${weekday}, ${clockTime(at, timeZone)}`
}

/** When or to what an auto-reply answers, in one line. */
function triggerWords({ trigger }: Pick<AutoReply, 'trigger'>): string {
  if (trigger.kind === 'text') {
    const patterns = trigger.patterns.map((pattern) => `"${pattern}"`).join(', ')
    return trigger.anywhere ? `${patterns}, anywhere in a text` : patterns
  }
  const { days, from, to, timeZone } = trigger
  const window = from === to && from === 0 ? 'all day' : `${timeWords(from)} to ${timeWords(to)}`
  return `${daysWords(days)}, ${window} · ${zoneWords(timeZone.split('/').at(-1) ?? '')} time`
}

/** Every day; Mon to Fri; Sun, Sat. */
function daysWords(days: readonly number[]): string {
  if (days.length === 7) return 'Every day'
  const runs: number[][] = []
  for (const day of days) {
    const last = runs.at(-1)
    if (last && last.at(-1) === day - 1) last.push(day)
    else runs.push([day])
  }
  const short = (day = 0) => weekdays[day]?.[1] ?? ''
  return runs
    .flatMap((run) => (run.length > 2 ? [`${short(run[0])} to ${short(run.at(-1))}`] : run.map(short)))
    .join(', ')
}

/** All but its text, in one line. */
export function ruleWords(rule: AutoReply, numbers: readonly CompanyNumber[]): string {
  return [codeWords(rule, numbers), triggerWords(rule), limitWords(rule)].filter(Boolean).join(' · ')
}

/** The number that it answers on, as it is called. */
function codeWords({ number }: AutoReply, numbers: readonly CompanyNumber[]): string {
  if (number === null) return 'Global'
  const row = numbers.find(({ id }) => id === number)
  return row ? row.name || showAddress(row.address) : 'A number that is gone'
}

/** How often it goes to one person, where that is limited. */
function limitWords({ most }: Pick<AutoReply, 'most'>): string | null {
  if (most === null) return null
  return most === 1 ? 'once in a conversation' : `${most} times in a conversation`
}

/** What a timeframe means on the days that it is for. */
export function windowWords(from: number | null, to: number | null): string {
  if (from === null || to === null) return 'It begins on each of these days.'
  if (from === to) return `A whole day, from ${timeWords(from)} on.`
  return to < from
    ? `It begins on each of these days and ends at ${timeWords(to)} on the next.`
    : `On each of these days until ${timeWords(to)}.`
}

/** How long a text is, and what its carrier makes of it. */
export function lengthWords(text: string): string {
  const { parts, length } = measure(text, 'concatenate')
  if (parts === 0) return 'Sent as it stands here.'
  return `${grouped(length)} characters, ${parts === 1 ? '1 segment' : `${parts} segments`}.`
}
