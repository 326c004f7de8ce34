import { expect, it } from 'vitest'
import { momentOnWallClock, offers, wallClockOf } from '#shared/rules/schedule.ts'

// A Wednesday, 11:20 in Chicago.
const wednesday = Date.parse('2026-11-25T17:20:00Z')
const chicago = 'America/Chicago'

it('[DC22] a time is chosen on the wall clock of the profile, wherever the device is', () => {
  expect(wallClockOf(wednesday, chicago)).toBe('2026-11-25T11:20')
  expect(wallClockOf(wednesday, 'Asia/Kolkata')).toBe('2026-11-25T22:50')
  expect(momentOnWallClock('2026-11-26T09:00', chicago)).toBe(Date.parse('2026-11-26T15:00:00Z'))
  expect(momentOnWallClock('2026-11-26T09:00', 'Asia/Kolkata')).toBe(Date.parse('2026-11-26T03:30:00Z'))
  for (const nothing of ['', 'soon', '2026-13-40T99:99'])
    expect(momentOnWallClock(nothing, chicago)).toBeNull()
})

it('[DC22] an hour that the spring skips is one later, and of one that comes twice it is the first', () => {
  expect(momentOnWallClock('2027-03-14T02:30', chicago)).toBe(Date.parse('2027-03-14T08:30:00Z'))
  expect(momentOnWallClock('2026-11-01T01:30', chicago)).toBe(Date.parse('2026-11-01T06:30:00Z'))
})

it('[DC22] offers are to come, and at nine where they say so', () => {
  expect(offers(wednesday, chicago).map(({ words, at }) => [words, wallClockOf(at, chicago)])).toEqual([
    ['In three hours', '2026-11-25T14:30'],
    ['Tomorrow at 9:00', '2026-11-26T09:00'],
    ['Monday at 9:00', '2026-11-30T09:00'],
  ])
  const sunday = Date.parse('2026-11-29T18:00:00Z')
  expect(offers(sunday, chicago).map(({ words }) => words)).toEqual(['In three hours', 'Tomorrow at 9:00'])
})
