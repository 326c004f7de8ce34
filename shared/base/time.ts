/** Milliseconds since 1970-01-01T00:00:00Z, as the edge counts them. */
export type Millis = number

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

/** The day of the week, 0 for Sunday, of a date that is counted in days from 1970-01-01, a Thursday. */
export function weekdayOf(date: number): number {
  return (((date + 4) % 7) + 7) % 7
}

/** The clock time of a moment in a time zone, as people say it: 10:42 AM. */
export function clockTime(at: Millis, timeZone: string): string {
  return new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', minute: '2-digit' }).format(at)
}
