import fc from 'fast-check'
import { getCountries, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { describe, expect, it } from 'vitest'
import { readAddress, showPlainly } from '#shared/base/address.ts'
import { mobileUserId, numberId } from '#shared/base/ids.ts'
import { mobileUserOf, numberOf, parseAddress, showAddress } from '#shared/base/phone.ts'
import { runs } from '#test/kit/random.ts'
import { countOutside } from '#test/kit/vectors.ts'

describe('reading', () => {
  it('[DC24] however a number is written, it is one address and one person', () => {
    const ways = [
      '+13095550100',
      '13095550100',
      '3095550100',
      '(309) 555-0100',
      '309.555.0100',
      '+1 309 555 0100',
      '1-309-555-0100',
      'tel:+13095550100',
      '\u202A+1 (309) 555\u20110100\u202C',
      '\u200E+1\u00A0309\u00A0555\u00A00100',
      '＋１３０９５５５０１００',
      '\uFEFF309 555 0100 ',
    ]
    for (const way of ways) {
      const address = parseAddress(way)
      expect(address, way).toEqual({ kind: 'phone', text: '+13095550100' })
      expect(address && mobileUserOf(address), way).toBe('up13095550100')
    }
  })

  it('short codes and named senders are addresses of their own kind', () => {
    for (const text of ['611', '32665', '678678', '12345678'])
      expect(parseAddress(text)).toEqual({ kind: 'short code', text })
    for (const text of ['MYBANK', 'Shop 24', 'A1'])
      expect(parseAddress(text)).toEqual({ kind: 'alphanumeric', text })
  })

  it('what cannot be an address is none', () => {
    const wrong = [
      '',
      ' ',
      '12',
      '555-0100',
      '+',
      '++13095550100',
      '+0',
      '+12345',
      'not a number',
      '<script>',
      'MYBANKISLONG',
      '+1309555010012345678',
      '☎',
      'a'.repeat(500),
    ]
    for (const text of wrong) expect(parseAddress(text), text).toBeNull()
  })

  it("every country's example mobile number is read as it is", () => {
    const countries = getCountries().flatMap((country) => getExampleNumber(country, examples) ?? [])
    for (const example of countries) {
      for (const written of [example.number, example.formatInternational(), example.getURI()]) {
        expect(parseAddress(written), written).toEqual({ kind: 'phone', text: example.number })
        expect(readAddress(example.number)).toEqual({ kind: 'phone', text: example.number })
      }
    }
    expect(countries.length).toBeGreaterThan(200)
    countOutside('libphonenumber-js examples.mobile.json', countries.length)
  })

  it('[DC24] reading is stable, and what was read names a person', () => {
    const written = fc.string({ unit: fc.constantFrom(...'+0123456789 -().aZ\u200E'), maxLength: 20 })
    fc.assert(
      fc.property(written, (text) => {
        const address = parseAddress(text)
        if (address === null) return
        expect(parseAddress(address.text)).toEqual(address)
        expect(readAddress(address.text)).toEqual(address)
        expect(mobileUserId.safeParse(mobileUserOf(address)).success).toBe(true)
        if (address.kind === 'phone') expect(address.text).toMatch(/^\+[1-9][0-9]{1,14}$/)
      }),
      { ...runs, numRuns: 2000 },
    )
  })

  it('[DC24] different addresses are different people', () => {
    const addresses = [
      '+13095550100',
      '+13095550101',
      '32665',
      'MYBANK',
      'mybank',
      'MY BANK',
      'U130955',
      'AB',
      'A B',
    ].flatMap((text) => parseAddress(text) ?? [])
    expect(new Set(addresses.map(mobileUserOf)).size).toBe(9)
  })

  it('never throws on what a carrier may send', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => void parseAddress(text)),
      runs,
    )
  })
})

describe('showing', () => {
  it('a number is shown as people read it', () => {
    expect(showAddress('+13095550100')).toBe('(309) 555-0100')
    expect(showAddress('+442079460000')).toBe('+44 20 7946 0000')
    expect(showAddress('32665')).toBe('32665')
    expect(showAddress('MYBANK')).toBe('MYBANK')
  })

  it('numbers of North America are shown without the number plans as they are with them', () => {
    const digits = fc.stringMatching(/^[2-9][0-9]{9}$/)
    fc.assert(
      fc.property(digits, (national) => {
        const plain = showPlainly(`+1${national}`)
        expect(plain).toBe(parsePhoneNumberFromString(`+1${national}`)?.formatNational())
      }),
      runs,
    )
    expect(showPlainly('+442079460000')).toBeNull()
    expect(showPlainly('32665')).toBe('32665')
  })

  it('a company number is named by its digits', () => {
    expect(numberOf('+13095550100')).toBe('n13095550100')
    expect(numberId.safeParse(numberOf('+13095550100')).success).toBe(true)
  })
})
