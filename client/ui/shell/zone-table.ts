import { day, minute, type Millis } from '#shared/base/time.ts'
import { offsetAt } from '#shared/rules/business-hours.ts'

/**
 * By how much a time zone is off UTC through some years. With it a time is written by arithmetic alone: the first use of
 * `Intl` in a page loads its tables, which takes a laptop 20 ms and a phone 80.
 */
export interface ZoneTable {
  zone: string
  /** The offset in minutes from each moment on, in order; the first begins the table. */
  changes: readonly (readonly [from: Millis, minutes: number])[]
  until: Millis
}

/** Minutes that `zone` is ahead of UTC at a moment; null outside of the table. */
export function offsetIn({ changes, until }: ZoneTable, at: Millis): number | null {
  if (at >= until) return null
  return changes.findLast(([from]) => from <= at)?.[1] ?? null
}

/** Makes the table of a zone from the start of the year before `now` to the end of the one after, in UTC. */
export function zoneTableOf(zone: string, now: Millis): ZoneTable {
  const year = new Date(now).getUTCFullYear()
  const [start, until] = [Date.UTC(year - 1, 0), Date.UTC(year + 2, 0)]
  const offset = (at: Millis) => offsetAt(at, zone) / minute
  const changes: [Millis, number][] = [[start, offset(start)]]
  for (let from = start; from < until; from += 7 * day) {
    const to = Math.min(from + 7 * day, until)
    if (offset(to) === offset(from)) continue
    // No zone changes twice in a week.
    let [before, after] = [from, to]
    while (after - before > minute) {
      const middle = before + Math.floor((after - before) / 2 / minute) * minute
      if (offset(middle) === offset(before)) before = middle
      else after = middle
    }
    changes.push([after, offset(after)])
  }
  return { zone, changes, until }
}

/** The table that was kept as text, or null where it is none, of another zone, or ends within a day. */
export function readZoneTable(text: string | null, zone: string, now: Millis): ZoneTable | null {
  if (text === null) return null
  try {
    const table = JSON.parse(text) as ZoneTable
    return table.zone === zone && now < table.until - day && Array.isArray(table.changes) ? table : null
  } catch {
    return null
  }
}

/** What a clock shows at a moment. */
export interface WallClock {
  year: number
  /** From 0, as the other two of `Date` are: 0 is January and Sunday. */
  month: number
  weekday: number
  day: number
  hour: number
  minute: number
  second: number
  /** Minutes ahead of UTC. */
  offset: number
}

/** A moment as a clock in `zone` shows it; where no table of it has the moment, as `Intl` says. */
export function wallClockIn(zone: string, table: ZoneTable | null, at: Millis): WallClock {
  const offset = (table && offsetIn(table, at)) ?? offsetAt(at, zone) / minute
  return { ...readingOf(new Date(at + offset * minute)), offset }
}

/** A moment as the device's own clock shows it. */
export function wallClockHere(at: Millis): WallClock {
  const offset = -new Date(at).getTimezoneOffset()
  return { ...readingOf(new Date(at + offset * minute)), offset }
}

function readingOf(shifted: Date): Omit<WallClock, 'offset'> {
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth(),
    weekday: shifted.getUTCDay(),
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
  }
}
