import { createMemo, createRoot, createSignal } from 'solid-js'
import { day, hour, minute, second, type Millis } from '#shared/base/time.ts'

const [now, setNow] = createSignal(Date.now())
// One tick for every relative time on the page, and one at once when the page is looked at again.
setInterval(() => setNow(Date.now()), 20 * second)
document.addEventListener('visibilitychange', () => document.hidden || setNow(Date.now()))

export { now }

const [zone, setZone] = createSignal<string | undefined>(undefined)

/** Every time on the page is written in this zone: that of the agent's profile [F34]. */
export { setZone }

/** For lists: now, 5m, 2h, Yesterday, Tue, 3 Mar, 3 Mar 2024. */
export function shortTime(at: Millis, now: Millis): string {
  const age = now - at
  if (age < minute) return 'now'
  if (age < hour) return `${Math.floor(age / minute)}m`
  const days = daysBetween(at, now)
  if (days === 0) return `${Math.floor(age / hour)}h`
  if (days === 1) return 'Yesterday'
  if (days < 7) return write('weekday', at)
  return dateOf(at, now)
}

/** A date as this product writes it: 3 Mar, with the year where it is not this one. */
export function dateOf(at: Millis, now: Millis): string {
  return sameYear(at, now) ? write('date', at) : write('dateYear', at)
}

/** Between days of a thread: Today, Yesterday, Tuesday, 4 March. */
export function dayName(at: Millis, now: Millis): string {
  const days = daysBetween(at, now)
  if (days === 0) return 'Today'
  if (days === 1) return 'Yesterday'
  return sameYear(at, now) ? write('day', at) : write('dayYear', at)
}

/** Under a bubble group: 10:42. */
export const clockTime = (at: Millis) => write('clock', at)

/** For delivery signs: 10:42:07. */
export const clockSeconds = (at: Millis) => write('seconds', at)

/** The stamp of a conversation: 3 Mar 2025, 10:42. */
export const stamp = (at: Millis) => write('stamp', at)

/** The whole truth about a moment: Tuesday, 4 March 2025 at 10:42:07 CST. */
export const fullTime = (at: Millis) => write('full', at)

/** A key that two moments share when they lie on one day. */
export const dayKey = (at: Millis) => write('key', at).split('/').reverse().join('-')

export const isoTime = (at: Millis) => new Date(at).toISOString()

function daysBetween(at: Millis, now: Millis): number {
  return Math.round((startOfDay(now) - startOfDay(at)) / day)
}

function startOfDay(at: Millis): Millis {
  return Date.parse(`${dayKey(at)}T00:00:00Z`)
}

function sameYear(at: Millis, now: Millis): boolean {
  return dayKey(at).slice(0, 4) === dayKey(now).slice(0, 4)
}

/** 10:42, in a zone that is not the agent's. */
export const clockIn = (at: Millis, timeZone: string) =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: 'numeric', minute: '2-digit' }).format(at)

// Hours as the agent's own language writes them; the order of day and month as `ux.md` writes them. Making one takes a
// phone some milliseconds, so each is made when something is first written by it.
const kinds = {
  weekday: ['en', { weekday: 'short' }],
  date: ['en-GB', { day: 'numeric', month: 'short' }],
  dateYear: ['en-GB', { day: 'numeric', month: 'short', year: 'numeric' }],
  day: ['en-GB', { weekday: 'long', day: 'numeric', month: 'long' }],
  dayYear: ['en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }],
  clock: ['en-GB', { hour: 'numeric', minute: '2-digit' }],
  seconds: ['en-GB', { hour: 'numeric', minute: '2-digit', second: '2-digit' }],
  stamp: ['en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: 'numeric', minute: '2-digit' }],
  full: ['en-GB', { dateStyle: 'full', timeStyle: 'long' }],
  key: ['en-GB', { year: 'numeric', month: '2-digit', day: '2-digit' }],
} as const satisfies Record<string, [string, Intl.DateTimeFormatOptions]>

const made = createRoot(() =>
  createMemo(() => ({ timeZone: zone(), formats: new Map<string, Intl.DateTimeFormat>() })),
)

function write(kind: keyof typeof kinds, at: Millis): string {
  const { timeZone, formats } = made()
  const [locale, options] = kinds[kind]
  const format = formats.get(kind) ?? new Intl.DateTimeFormat(locale, { timeZone, ...options })
  formats.set(kind, format)
  return format.format(at)
}
