import { hour, minute, second } from '#shared/base/time.ts'

/** Failures within the last hour, oldest first. */
export type Failures = readonly number[]

/**
 * How long the next attempt must wait, in milliseconds, or 0. After `free` failures in an hour each further one
 * doubles the wait from 2 s to at most 5 minutes: slow for who guesses, and never a lock that a stranger could
 * put on somebody's account (ASVS 6.1.1).
 */
export function waitFor(failures: Failures, free: number, now: number): number {
  const recent = failures.filter((at) => now - at < hour)
  const last = recent.at(-1)
  if (last === undefined || recent.length < free) return 0
  const delay = Math.min(5 * minute, 2 * second * 2 ** (recent.length - free))
  return Math.max(0, last + delay - now)
}
