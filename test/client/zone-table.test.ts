import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareNames } from '#shared/rules/search.ts'
import { offsetIn, readZoneTable, wallClockIn, zoneTableOf } from '#client/ui/shell/zone-table.ts'

const now = Date.UTC(2026, 10, 26)

describe('the table of a time zone', () => {
  it('[F34] has the moments in which its clocks change', () => {
    const { changes, until } = zoneTableOf('America/Chicago', now)
    expect(changes.map(([from, minutes]) => [new Date(from).toISOString(), minutes])).toEqual([
      ['2025-01-01T00:00:00.000Z', -360],
      ['2025-03-09T08:00:00.000Z', -300],
      ['2025-11-02T07:00:00.000Z', -360],
      ['2026-03-08T08:00:00.000Z', -300],
      ['2026-11-01T07:00:00.000Z', -360],
      ['2027-03-14T08:00:00.000Z', -300],
      ['2027-11-07T07:00:00.000Z', -360],
    ])
    expect(new Date(until).toISOString()).toBe('2028-01-01T00:00:00.000Z')
  })

  it('[F34] shows the same clock as Intl, and outside of its years asks it', () => {
    const zones = [
      'America/Chicago',
      'Europe/London',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
    ]
    const tables = zones.map((zone) => zoneTableOf(zone, now))
    const moment = fc.integer({ min: Date.UTC(2023, 0), max: Date.UTC(2029, 0) })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: zones.length - 1 }), moment, (index, at) => {
        const zone = zones[index] ?? 'UTC'
        const { year, month, day, hour, minute, second } = wallClockIn(zone, tables[index] ?? null, at)
        const shown = new Intl.DateTimeFormat('sv-SE', {
          timeZone: zone,
          dateStyle: 'short',
          timeStyle: 'medium',
        }).format(at)
        expect(shown).toBe(`${year}-${two(month + 1)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`)
      }),
      { numRuns: 500 },
    )
  })

  it('is made anew for another zone, before it ends, and where what was kept is none', () => {
    const table = zoneTableOf('Europe/London', now)
    const text = JSON.stringify(table)
    expect(readZoneTable(text, 'Europe/London', now)).toEqual(table)
    expect(readZoneTable(text, 'Europe/Paris', now)).toBeNull()
    expect(readZoneTable(text, 'Europe/London', table.until)).toBeNull()
    for (const damaged of [null, '', '{', 'null', '{"zone":"Europe/London"}'])
      expect(readZoneTable(damaged, 'Europe/London', now)).toBeNull()
    expect(offsetIn(table, table.until)).toBeNull()
  })
})

it('names stand in the order of their letters, without marks and case', () => {
  const names = ['Zoë', 'émile', 'Abara', 'zoe', 'Emil', 'Ångström', 'abara']
  expect(names.toSorted(compareNames)).toEqual(['Abara', 'abara', 'Ångström', 'Emil', 'émile', 'Zoë', 'zoe'])
})

const two = (number: number) => String(number).padStart(2, '0')
