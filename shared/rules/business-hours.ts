import * as z from 'zod/mini'
import { day, minute, weekdayOf, type Millis } from '../base/time.ts'
import { whenUsed } from '../base/when-used.ts'

const ofDay = z.int().check(z.minimum(0), z.maximum(1440))

/**
 * When a company is open: for each day of the week, from Sunday on, spans of minutes since midnight on the wall
 * clock of the account's time zone. A day without spans is closed; `to` 1440 is midnight [DC28].
 */
export const businessHours = whenUsed(() =>
  z.object({
    days: z.array(z.array(z.object({ from: ofDay, to: ofDay }))).check(z.length(7)),
  }),
)
export type BusinessHours = z.infer<typeof businessHours>

/**
 * The moment at which the company has been open for `minutes` since `start`. Without hours, or in a week without
 * any, every minute counts: a customer must not wait unseen because a form was left empty. Time is what really
 * passed, so the night on which clocks change makes a span an hour longer or shorter.
 */
export function afterOpenTime(
  start: Millis,
  minutes: number,
  hours: BusinessHours | null,
  timeZone: string,
): Millis {
  if (hours === null || hours.days.every((spans) => spans.every(({ from, to }) => to <= from)))
    return start + minutes * minute
  let left = minutes * minute
  // Begins a day early: in some zones the same moment is another day than in UTC.
  const first = Math.floor((start + offsetAt(start, timeZone)) / day) - 1
  for (let date = first; ; date++) {
    for (const { from, to } of spansOn(hours, date)) {
      const opens = Math.max(start, onWallClock(date * day + from * minute, timeZone))
      const shuts = onWallClock(date * day + to * minute, timeZone)
      if (shuts <= opens) continue
      if (left <= shuts - opens) return opens + left
      left -= shuts - opens
    }
  }
}

/** Spans in the order of the day, with what overlaps counted once. */
function spansOn({ days }: BusinessHours, date: number): { from: number; to: number }[] {
  const spans = (days[weekdayOf(date)] ?? []).toSorted((left, right) => left.from - right.from)
  let shut = 0
  return spans.flatMap(({ from, to }) => {
    const begin = Math.max(from, shut)
    shut = Math.max(shut, to)
    return begin < to ? [{ from: begin, to }] : []
  })
}

/**
 * The moment at which clocks in a zone show a time, which is given as if it were UTC. One that the spring skips
 * is an hour later on the clock; of one that the autumn shows twice it is the first.
 */
export function onWallClock(shown: Millis, timeZone: string): Millis {
  const before = shown - offsetAt(shown - day, timeZone)
  if (before + offsetAt(before, timeZone) === shown) return before
  const after = shown - offsetAt(shown + day, timeZone)
  return after + offsetAt(after, timeZone) === shown ? after : before
}

/** How far clocks in a zone are ahead of UTC at a moment, in milliseconds. */
export function offsetAt(at: Millis, timeZone: string): Millis {
  const parts = Object.fromEntries(
    clockOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  const { year, month, day: date, hour, minute: minutes, second } = parts
  // Reads no clock: it only counts days.
  // oxlint-disable-next-line no-restricted-globals
  const shown = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(date),
    Number(hour),
    Number(minutes),
    Number(second),
  )
  return shown - Math.floor(at / 1000) * 1000
}

const clocks = new Map<string, Intl.DateTimeFormat>()

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  clocks.set(timeZone, made)
  return made
}
