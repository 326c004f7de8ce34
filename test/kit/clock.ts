import type { Millis } from '#shared/base/time.ts'

/** A clock that moves only when the test says so. */
export interface Clock {
  now(): Millis
  /** Lets time pass and answers the new time. */
  pass(ms: Millis): Millis
  /** Sets the clock, also back: a device's may be wrong [fault C6]. */
  set(at: Millis): void
}

/** Tuesday 2026-11-24, 09:00 in Chicago: inside business hours, far from a change of summer time. */
export const morning: Millis = Date.UTC(2026, 10, 24, 15, 0)

export function makeClock(start: Millis = morning): Clock {
  let now = start
  return {
    now: () => now,
    pass: (ms) => (now += ms),
    set: (at) => {
      now = at
    },
  }
}
