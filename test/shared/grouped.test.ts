import fc from 'fast-check'
import { expect, it } from 'vitest'
import { grouped } from '#shared/base/grouped.ts'

it('a whole number is written as English writes it', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (number) => {
      expect(grouped(number)).toBe(number.toLocaleString('en-US'))
    }),
  )
})
