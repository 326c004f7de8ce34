/** Milliseconds since 1970-01-01T00:00:00Z, as the edge counts them. */
export type Millis = number

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

/** The clock time of a moment in a time zone, as people say it: 10:42 AM. */
export function clockTime(at: Millis, timeZone: string): string {
  return new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', minute: '2-digit' }).format(at)
}
