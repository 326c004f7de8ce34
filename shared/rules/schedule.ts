import { day, hour, minute, weekdayOf, type Millis } from '../base/time.ts'
import { offsetAt, onWallClock } from './business-hours.ts'

/** A moment as the wall clock of a zone shows it, as `<input type="datetime-local">` takes it: 2026-11-25T09:00. */
export function wallClockOf(at: Millis, timeZone: string): string {
  // Reads no clock: it only writes a date.
  // oxlint-disable-next-line no-restricted-globals
  return new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 16)
}

/** The moment at which clocks in a zone show this; null where it is no date and time. */
export function momentOnWallClock(shown: string, timeZone: string): Millis | null {
  // Anything else is read by rules of the engine's own.
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(shown)) return null
  // oxlint-disable-next-line no-restricted-globals
  const parsed = Date.parse(`${shown.slice(0, 16)}:00Z`)
  return Number.isFinite(parsed) ? onWallClock(parsed, timeZone) : null
}

/** Times that people choose most: in three hours, tomorrow and next Monday at nine, in their zone [DC22]. */
export function offers(now: Millis, timeZone: string): { words: string; at: Millis }[] {
  const today = Math.floor((now + offsetAt(now, timeZone)) / day)
  const nine = (date: number) => onWallClock(date * day + 9 * hour, timeZone)
  const monday = today + ((8 - weekdayOf(today)) % 7 || 7)
  const soon = Math.ceil((now + 3 * hour) / (15 * minute)) * 15 * minute
  const found = [
    { words: 'In three hours', at: soon },
    { words: 'Tomorrow at 9:00', at: nine(today + 1) },
  ]
  return monday === today + 1 ? found : [...found, { words: 'Monday at 9:00', at: nine(monday) }]
}
