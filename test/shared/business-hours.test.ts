import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hour, minute } from '#shared/base/time.ts'
import { afterOpenTime, type BusinessHours } from '#shared/rules/business-hours.ts'
import { runs } from '#test/kit/random.ts'

const nine = 9 * 60
const five = 17 * 60
const closed: { from: number; to: number }[] = []
const office = [{ from: nine, to: five }]
/** Monday to Friday, nine to five. */
const week: BusinessHours = { days: [closed, office, office, office, office, office, closed] }
const always: BusinessHours = { days: Array.from({ length: 7 }, () => [{ from: 0, to: 1440 }]) }

const due = (start: string, minutes: number, hours: BusinessHours | null, zone: string) =>
  new Date(afterOpenTime(Date.parse(start), minutes, hours, zone)).toISOString().replace('.000', '')

describe('waiting time in business hours', () => {
  // 2026-11-25 was a Wednesday. Chicago is 6 hours behind UTC in winter, 5 in summer; Kathmandu 5:45 ahead.
  it.each([
    ['within the day', '2026-11-25T16:00:00Z', 15, 'America/Chicago', '2026-11-25T16:15:00Z'],
    ['before opening', '2026-11-25T11:00:00Z', 15, 'America/Chicago', '2026-11-25T15:15:00Z'],
    ['ten minutes before closing', '2026-11-25T22:50:00Z', 15, 'America/Chicago', '2026-11-26T15:05:00Z'],
    ['just at closing', '2026-11-25T22:45:00Z', 15, 'America/Chicago', '2026-11-25T23:00:00Z'],
    ['on Friday night', '2026-11-28T01:00:00Z', 15, 'America/Chicago', '2026-11-30T15:15:00Z'],
    ['over three days', '2026-11-25T15:00:00Z', 2 * 8 * 60 + 30, 'America/Chicago', '2026-11-27T15:30:00Z'],
    ['in a zone of quarter hours', '2026-11-25T02:00:00Z', 15, 'Asia/Kathmandu', '2026-11-25T03:30:00Z'],
    ['where it is tomorrow already', '2026-11-24T23:30:00Z', 30, 'Pacific/Auckland', '2026-11-25T00:00:00Z'],
  ])('[DC16] [DC28] %s', (_, start, minutes, zone, end) => {
    expect(due(start, minutes, week, zone)).toBe(end)
  })

  it('[DC28] goes by the wall clock on both sides of a change of clocks', () => {
    // Clocks went forward in Chicago on 2026-03-08 and back on 2026-11-01, both Sundays.
    expect(due('2026-03-06T22:55:00Z', 15, week, 'America/Chicago')).toBe('2026-03-09T14:10:00Z')
    expect(due('2026-10-30T21:55:00Z', 15, week, 'America/Chicago')).toBe('2026-11-02T15:10:00Z')
  })

  it('[DC28] counts the time that really passes in the night on which clocks change', () => {
    const sundays: BusinessHours = {
      days: [[{ from: 0, to: 6 * 60 }], ...Array.from({ length: 6 }, () => [])],
    }
    // Six hours on the clock, of which the spring takes one and the autumn gives one.
    expect(due('2026-03-08T06:00:00Z', 5 * 60, sundays, 'America/Chicago')).toBe('2026-03-08T11:00:00Z')
    expect(due('2026-03-08T06:00:00Z', 5 * 60 + 1, sundays, 'America/Chicago')).toBe('2026-03-15T05:01:00Z')
    expect(due('2026-11-01T05:00:00Z', 7 * 60, sundays, 'America/Chicago')).toBe('2026-11-01T12:00:00Z')
    // A shop that opens at an hour which the spring skips opens when the clock is past it.
    const early: BusinessHours = { days: [[{ from: 150, to: 240 }], ...Array.from({ length: 6 }, () => [])] }
    expect(due('2026-03-08T06:00:00Z', 15, early, 'America/Chicago')).toBe('2026-03-08T08:45:00Z')
  })

  it('[DC16] counts every minute where no hours are set, or none in the whole week', () => {
    for (const hours of [null, { days: Array.from({ length: 7 }, () => []) }])
      expect(due('2026-11-29T03:00:00Z', 15, hours, 'America/Chicago')).toBe('2026-11-29T03:15:00Z')
  })

  it('[DC28] spans that overlap or touch are counted once', () => {
    const spans = [
      { from: nine, to: 600 },
      { from: 570, to: 660 },
      { from: 660, to: 720 },
    ]
    const hours: BusinessHours = { days: Array.from({ length: 7 }, () => spans) }
    expect(due('2026-11-25T09:00:00Z', 180, hours, 'UTC')).toBe('2026-11-25T12:00:00Z')
  })

  it('[DC16] never comes before the minutes are over, nor before what was due for less', () => {
    const zones = ['America/Chicago', 'Asia/Kathmandu', 'Pacific/Auckland', 'America/St_Johns', 'UTC']
    const start = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-01-01') })
    fc.assert(
      fc.property(
        start,
        fc.integer({ min: 1, max: 3000 }),
        fc.constantFrom(...zones),
        (at, minutes, zone) => {
          const end = afterOpenTime(at, minutes, week, zone)
          expect(end).toBeGreaterThanOrEqual(at + minutes * minute)
          expect(end).toBeGreaterThan(afterOpenTime(at, minutes - 1, week, zone))
          expect(end).toBeLessThan(at + (minutes / (8 * 60) + 1) * 7 * 24 * hour)
          // Open round the clock is open all the time, whatever clocks do.
          expect(afterOpenTime(at, minutes, always, zone)).toBe(at + minutes * minute)
        },
      ),
      { ...runs, numRuns: 60 },
    )
  })
})
