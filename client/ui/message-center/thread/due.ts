import { day, type Millis } from '#shared/base/time.ts'

/**
 * When a scheduled text is due, in a time zone: "Tue 9:00", or with its date where that is a week away or more. Short,
 * because the zone stands beside the picker that it was chosen with [DC22].
 */
export function dueWords(due: Millis, timeZone: string, now: Millis): string {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone, ...options }).format(due)
  const time = format({ hour: 'numeric', minute: '2-digit' })
  const when = due - now < 6 * day ? format({ weekday: 'short' }) : format({ day: 'numeric', month: 'short' })
  return `${when} ${time}`
}
