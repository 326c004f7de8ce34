import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clean, oneLine } from '#shared/base/text.ts'
import { runs } from '#test/kit/random.ts'

const anything = fc.string({ unit: 'binary', maxLength: 200 }).map((text) => `${text}\uD83D`)

describe('text from outside', () => {
  it('[fault W8] NUL bytes and lone surrogates become U+FFFD, and nothing else is touched', () => {
    expect(clean('a\u0000b\uD800c\uDC00', 1000)).toEqual({ text: 'a\uFFFDb\uFFFDc\uFFFD', cut: false })
    const evidence = ' STOP \r\n\t\u200B<b>&amp; \u{1f468}\u200D\u{1f469} ﷽ '
    expect(clean(evidence, 1000)).toEqual({ text: evidence, cut: false })
  })

  it('[fault W8] a long text is cut at a character, within the limit of UTF-8 bytes', () => {
    expect(clean('\u{1f433}\u{1f433}', 7)).toEqual({ text: '\u{1f433}', cut: true })
    expect(clean('\u{1f433}\u{1f433}', 8)).toEqual({ text: '\u{1f433}\u{1f433}', cut: false })
    fc.assert(
      fc.property(anything, fc.nat({ max: 300 }), (text, limit) => {
        const cleaned = clean(text, limit)
        const bytes = new TextEncoder().encode(cleaned.text).length
        expect(cleaned.text.isWellFormed()).toBe(true)
        expect(cleaned.text).not.toContain('\u0000')
        expect(bytes).toBeLessThanOrEqual(limit)
        const whole = clean(text, Infinity)
        expect(whole.text.startsWith(cleaned.text)).toBe(true)
        expect(cleaned.cut).toBe(new TextEncoder().encode(whole.text).length > limit)
        expect(clean(cleaned.text, limit)).toEqual({ text: cleaned.text, cut: false })
      }),
      runs,
    )
  })
})

describe('one line', () => {
  it('a line has no breaks, at most so many units, and never half a character', () => {
    expect(oneLine('  two\r\n\r\nlines\tand  more ', 50)).toBe('two lines and more')
    expect(oneLine('abcdef', 6)).toBe('abcdef')
    expect(oneLine('abcdefg', 6)).toBe('abcde…')
    expect(oneLine('abcd\u{1f433}xyz', 6)).toBe('abcd…')
    const whole = fc.string({ unit: 'binary', maxLength: 100 }).map((text) => text.toWellFormed())
    fc.assert(
      fc.property(whole, fc.integer({ min: 1, max: 60 }), (text, length) => {
        const line = oneLine(text, length)
        expect(line.length).toBeLessThanOrEqual(length)
        expect(line.isWellFormed()).toBe(true)
        expect(line).not.toMatch(/[\n\r\t]/)
      }),
      runs,
    )
  })
})
