import { expect, it } from 'vitest'
import { day } from '#shared/base/time.ts'
import { liftCommand } from '#shared/core/upgrade.ts'
import { inWordsOf, isSpoken, wireVersion } from '#shared/wire/version.ts'

const released = 1_795_478_400_000
const optIn = { name: 'SetConsent', user: 'up13125550142', optedOut: false }

it('[E17] a command of the version before is lifted for 12 months, and refused in sight after that', () => {
  expect(liftCommand(1, optIn, released + 364 * day)).toEqual({ ...optIn, expect: null })
  expect(liftCommand(1, optIn, released + 366 * day)).toMatchObject({ refused: true, code: 'too old' })
  expect(liftCommand(wireVersion, optIn, released)).toBeNull()
})

it('[E17] the edge speaks this version and the one before, in whose words a big change is "behind"', () => {
  expect([wireVersion - 2, wireVersion - 1, wireVersion, wireVersion + 1].map(isSpoken)).toEqual([
    false,
    true,
    true,
    false,
  ])
  const changed = { t: 'changed', table: 'conversations', seq: 9 } as const
  expect(inWordsOf(wireVersion - 1, changed)).toEqual({ t: 'behind' })
  expect(inWordsOf(wireVersion, changed)).toEqual(changed)
})
