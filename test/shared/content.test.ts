import fc from 'fast-check'
import { SegmentedMessage } from 'sms-segments-calculator'
import splitter from 'split-sms'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  firstEmoji,
  limit,
  measure,
  partsOf,
  refuseContent,
  straighten,
  wholeOf,
  type LongMessages,
} from '#shared/rules/content.ts'
import { runs } from '#test/kit/random.ts'
import { countOutside, noVectors, readVectors } from '#test/kit/vectors.ts'

const modes: LongMessages[] = ['refuse', 'concatenate', 'split']
const table = z.object({
  basic: z.array(z.object({ char: z.string() })),
  extension: z.array(z.object({ char: z.string() })),
})
const splits = z.object({
  cases: z.array(
    z.object({
      description: z.string(),
      message: z.string(),
      parts: z.array(z.object({ content: z.string(), bytes: z.number() })),
      totalBytes: z.number(),
    }),
  ),
})

describe('counting', () => {
  it('[F109] [DC1] one message takes 160 GSM characters', () => {
    expect(measure('a'.repeat(160), 'refuse')).toMatchObject({
      encoding: 'GSM-7',
      parts: 1,
      length: 160,
      remaining: 0,
    })
    expect(refuseContent('a'.repeat(160), 'refuse')).toBeNull()
    expect(refuseContent('a'.repeat(161), 'refuse')).toMatchObject({ code: 'too long' })
    expect(measure('a'.repeat(161), 'concatenate').parts).toBe(2)
  })

  it('[F110] [DC1] a joined message takes 459 characters in 3 parts', () => {
    expect(measure('a'.repeat(459), 'concatenate')).toMatchObject({ parts: 3, remaining: 0 })
    expect(refuseContent('a'.repeat(459), 'concatenate')).toBeNull()
    expect(refuseContent('a'.repeat(460), 'concatenate')).toMatchObject({ code: 'too long' })
  })

  it('[DC1] an extension character takes two', () => {
    expect(measure('^{}\\[~]|€\f', 'concatenate')).toMatchObject({ encoding: 'GSM-7', length: 20 })
    expect(refuseContent('€'.repeat(80), 'refuse')).toBeNull()
    expect(refuseContent('€'.repeat(81), 'refuse')).not.toBeNull()
  })

  it('[DC1] one character outside the alphabet leaves 70, or 67 a part', () => {
    expect(measure('ç', 'refuse')).toMatchObject({ encoding: 'UCS-2', culprit: 'ç', remaining: 69 })
    expect(measure('Ç', 'refuse')).toMatchObject({ encoding: 'GSM-7', culprit: null })
    expect(refuseContent('ç'.repeat(70), 'refuse')).toBeNull()
    expect(refuseContent('ç'.repeat(71), 'refuse')?.text).toContain('ç')
    expect(measure('ç'.repeat(134), 'concatenate').parts).toBe(2)
    expect(measure('ç'.repeat(135), 'concatenate').parts).toBe(3)
    expect(refuseContent('ç'.repeat(201), 'concatenate')).toBeNull()
    expect(refuseContent('ç'.repeat(202), 'concatenate')).not.toBeNull()
  })

  it('[DC1] what is taken never needs a fourth part, since pairs do not cross an edge', () => {
    const units = fc.constantFrom('a', '€', '{', 'é', 'ç', '\u{1f433}', 'x'.repeat(40))
    const texts = fc.array(units, { maxLength: 470 }).map((chars) => chars.join(''))
    fc.assert(
      fc.property(texts, fc.constantFrom(...modes), (text, mode) => {
        if (refuseContent(text, mode) !== null) return
        expect(measure(text, 'concatenate').parts).toBeLessThanOrEqual(mode === 'refuse' ? 1 : 3)
        expect(partsOf(text, mode).length).toBeLessThanOrEqual(mode === 'split' ? 3 : 1)
      }),
      runs,
    )
    expect(refuseContent('\u{1f433}'.repeat(99), 'concatenate')).toBeNull()
    expect(refuseContent('\u{1f433}'.repeat(100), 'concatenate')).not.toBeNull()
    expect(refuseContent('€'.repeat(228), 'concatenate')).toBeNull()
    expect(refuseContent('€'.repeat(229), 'concatenate')).not.toBeNull()
  })

  it('[F114] the countdown falls to 0 at the end of what may be sent', () => {
    fc.assert(
      fc.property(fc.nat({ max: 500 }), fc.constantFrom(...modes), (length, mode) => {
        expect(measure('a'.repeat(length), mode).remaining).toBe((mode === 'refuse' ? 160 : 459) - length)
        expect(limit('GSM-7', mode)).toBe(mode === 'refuse' ? 160 : 459)
      }),
      runs,
    )
  })

  it('nothing is nothing: white space is not sent', () => {
    expect(measure('', 'concatenate')).toMatchObject({ parts: 0, length: 0 })
    for (const text of ['', ' ', '\n\t '])
      expect(refuseContent(text, 'concatenate')).toMatchObject({ code: 'empty' })
  })
})

describe('splitting', () => {
  it('[F111] [DC1] over 160 is refused, joined or split, as the account says', () => {
    const text = 'a'.repeat(161)
    expect(refuseContent(text, 'refuse')).not.toBeNull()
    expect(partsOf(text, 'concatenate')).toEqual([text])
    expect(partsOf(text, 'split')).toHaveLength(2)
  })

  it('[F112] [DC1] split texts hold 157 characters and a part mark each', () => {
    const text = 'abcdefghij'.repeat(45)
    const parts = partsOf(text, 'split')
    expect(parts.map((part) => part.slice(-3))).toEqual(['1/3', '2/3', '3/3'])
    expect(parts.map((part) => part.length - 3)).toEqual([157, 157, 450 - 2 * 157])
    expect(parts.map((part) => part.slice(0, -3)).join('')).toBe(text)
    expect(partsOf('a'.repeat(160), 'split')).toEqual(['a'.repeat(160)])
  })

  it('[F112] [DC1] each split text is one message of its own and together they are the text', () => {
    const units = fc.constantFrom('a', ' ', '€', 'ç', '\u{1f433}', 'words and '.repeat(5))
    const texts = fc.array(units, { maxLength: 300 }).map((chars) => chars.join(''))
    fc.assert(
      fc.property(texts, (text) => {
        if (refuseContent(text, 'split') !== null) return
        const parts = partsOf(text, 'split')
        for (const part of parts) {
          expect(measure(part, 'concatenate').parts).toBeLessThanOrEqual(1)
          expect(part.isWellFormed()).toBe(true)
        }
        expect(parts.length === 1 ? parts[0] : parts.map((part) => part.slice(0, -3)).join('')).toBe(text)
        expect(wholeOf(parts)).toBe(text)
      }),
      runs,
    )
  })
})

describe('against others', () => {
  it('[DC1] the alphabet is that of 3GPP TS 23.038', ({ skip }) => {
    const vectors = readVectors('sms/gsm0338-table.json', table)
    if (vectors === null) return skip(noVectors)
    const basic = vectors.basic.map(({ char }) => char)
    const extension = vectors.extension.map(({ char }) => char)
    for (let code = 0; code <= 0xffff; code++) {
      const char = String.fromCharCode(code)
      const expected = basic.includes(char) ? 1 : extension.includes(char) ? 2 : null
      const { encoding, length } = measure(char, 'concatenate')
      expect(encoding === 'GSM-7' ? length : null, char).toBe(expected)
    }
    countOutside('sms/gsm0338-table.json', basic.length + extension.length)
  })

  for (const file of ['sms/split-sms.gsm.json', 'sms/split-sms.unicode.json']) {
    it(`[DC1] parts are those of ${file}`, ({ skip }) => {
      const vectors = readVectors(file, splits)
      if (vectors === null) return skip(noVectors)
      let count = 0
      for (const { description, message, parts, totalBytes } of vectors.cases) {
        const measured = measure(message, 'concatenate')
        const gsm = measured.encoding === 'GSM-7'
        // The library replaces what GSM can't say by spaces where it is told to use GSM; we send Unicode.
        if (file.includes('gsm') && !gsm) continue
        // It answers one empty part for no text, where nothing is sent.
        expect(measured.parts, description).toBe(message === '' ? 0 : parts.length)
        if (file.includes('gsm')) expect(measured.length, description).toBe(totalBytes)
        else if (!gsm) expect(measured.length * 2, description).toBe(totalBytes)
        count++
      }
      countOutside(file, count)
    })
  }

  it('[DC1] agrees with sms-segments-calculator and split-sms on random texts', () => {
    const gsm = fc.constantFrom(...'abc XYZ019\n@£èÇØΔΩ^{}\\[~]|€')
    const unicode = fc.constantFrom(...'abc €{ç☃日', '\u{1f433}', '\u{1f600}')
    const filler = fc.constantFrom('', 'a'.repeat(64), 'a'.repeat(150), 'a'.repeat(300))
    const text = fc
      .tuple(filler, fc.oneof(fc.array(gsm, { maxLength: 200 }), fc.array(unicode, { maxLength: 150 })))
      .map(([start, chars]) => start + chars.join(''))
    fc.assert(
      fc.property(text, (text) => {
        const ours = measure(text, 'concatenate')
        const theirs = new SegmentedMessage(text)
        expect(ours.encoding).toBe(theirs.encodingName)
        if (text === '') return
        expect(ours.parts).toBe(theirs.segmentsCount)
        const split = splitter.split(text)
        expect(ours.encoding).toBe(split.characterSet === 'GSM' ? 'GSM-7' : 'UCS-2')
        expect(ours.parts).toBe(split.parts.length)
        expect(ours.length).toBe(split.characterSet === 'GSM' ? split.bytes : split.bytes / 2)
      }),
      { ...runs, numRuns: 1000 },
    )
  })
})

describe('emoji and quotes', () => {
  it('[F137] [DC27] an emoji is found, also a flag or a keycap; letters and signs are none', () => {
    expect(firstEmoji('on my way \u{1f697}!')).toBe('\u{1f697}')
    expect(firstEmoji('see you in \u{1f1fa}\u{1f1f8}')).toBe('\u{1f1fa}\u{1f1f8}')
    expect(firstEmoji('call 1\uFE0F\u20E3')).toBe('1\uFE0F\u20E3')
    for (const text of ['', 'Parley® costs 5€ – “ok” 日本 #1 *', '12:30 ©2026 ™', 'ça va'])
      expect(firstEmoji(text), text).toBeNull()
  })

  it('[DC27] one click makes typographic text GSM again', () => {
    const text = '“It’s ready – really…”\u00A0‘yes’'
    expect(measure(text, 'concatenate').encoding).toBe('UCS-2')
    expect(straighten(text)).toBe("\"It's ready - really...\" 'yes'")
    expect(measure(straighten(text), 'concatenate').encoding).toBe('GSM-7')
    expect(straighten('日本 ç \u{1f697}')).toBe('日本 ç \u{1f697}')
  })
})
