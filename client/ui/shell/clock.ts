import { createEffect, createMemo, createRoot, createSignal, onCleanup } from 'solid-js'
import { day, hour, minute, second, type Millis } from '#shared/base/time.ts'
import { createRemembered } from '../controls/remembered.ts'
import { hasPainted } from './painted.ts'
import { readZoneTable, wallClockHere, wallClockIn, zoneTableOf, type WallClock } from './zone-table.ts'

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
  if (days < 7) return weekdays[read(at).weekday]?.slice(0, 3) ?? ''
  return dateOf(at, now)
}

/** A date as this product writes it: 3 Mar, with the year where it is not this one. */
export function dateOf(at: Millis, now: Millis): string {
  const { day, month, year } = read(at)
  return `${day} ${months[month]?.slice(0, 3)}${year === read(now).year ? '' : ` ${year}`}`
}

/** Between days of a thread: Today, Yesterday, Tuesday 4 March. */
export function dayName(at: Millis, now: Millis): string {
  const days = daysBetween(at, now)
  if (days === 0) return 'Today'
  if (days === 1) return 'Yesterday'
  const clock = read(at)
  return `${dayWords(clock)}${clock.year === read(now).year ? '' : ` ${clock.year}`}`
}

/** Under a bubble group: 10:42. */
export const clockTime = (at: Millis) => clockOf(read(at))

/** For delivery signs: 10:42:07. */
export const clockSeconds = (at: Millis) => secondsOf(read(at))

/** The stamp of a conversation: 3 Mar 2025, 10:42. */
export function stamp(at: Millis): string {
  const clock = read(at)
  return `${clock.day} ${months[clock.month]?.slice(0, 3)} ${clock.year}, ${clockOf(clock)}`
}

/** The whole truth about a moment: Tuesday 4 March 2025 at 10:42:07 GMT-6. */
export function fullTime(at: Millis): string {
  const clock = read(at)
  return `${dayWords(clock)} ${clock.year} at ${secondsOf(clock)} GMT${offsetWords(clock.offset)}`
}

/** A key that two moments share when they lie on one day. */
export function dayKey(at: Millis): string {
  const { year, month, day } = read(at)
  return `${year}-${two(month + 1)}-${two(day)}`
}

export const isoTime = (at: Millis) => new Date(at).toISOString()

function daysBetween(at: Millis, now: Millis): number {
  return Math.round((startOfDay(now) - startOfDay(at)) / day)
}

function startOfDay(at: Millis): Millis {
  return Date.parse(`${dayKey(at)}T00:00:00Z`)
}

/** 10:42, in a zone that is not the agent's. */
export const clockIn = (at: Millis, timeZone: string) => clockOf(wallClockIn(timeZone, null, at))

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const two = (number: number) => String(number).padStart(2, '0')
const clockOf = ({ hour, minute }: WallClock) => `${hour}:${two(minute)}`
const secondsOf = (clock: WallClock) => `${clockOf(clock)}:${two(clock.second)}`
const dayWords = ({ weekday, day, month }: WallClock) => `${weekdays[weekday]} ${day} ${months[month]}`

/** Behind "GMT": nothing, +1, -6, +5:30. */
function offsetWords(minutes: number): string {
  if (minutes === 0) return ''
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `${minutes < 0 ? '-' : '+'}${hours}${rest === 0 ? '' : `:${two(rest)}`}`
}

// The table of the zone is made once and kept for the next visits, which begin without `Intl`.
const [kept, keep] = createRemembered<string>('parley.zone', (text) => text ?? '')
const table = createRoot(() => {
  const made = createMemo(() => {
    const name = zone()
    return name === undefined ? null : readZoneTable(kept(), name, Date.now())
  })
  createEffect(() => {
    const name = zone()
    if (name === undefined || made() !== null || !hasPainted()) return
    const asked = setTimeout(() => keep(JSON.stringify(zoneTableOf(name, Date.now()))), 5 * second)
    onCleanup(() => clearTimeout(asked))
  })
  return made
})

/** What the clock of the page's zone shows at a moment; the device's own until that zone is known. */
function read(at: Millis): WallClock {
  const name = zone()
  return name === undefined ? wallClockHere(at) : wallClockIn(name, table(), at)
}
