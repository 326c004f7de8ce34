import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readConsent as read } from '#shared/rules/consent.ts'
import type { Settings } from '#shared/rows/settings.ts'
import { countOutside, noVectors, readVectors } from '#test/kit/vectors.ts'

const keywords = z.object({
  twilio_default_opt_out: z.array(z.string()),
  twilio_default_opt_in_long_code: z.array(z.string()),
  telnyx_default_opt_out: z.array(z.string()),
  seed_refused_by_default: z.array(z.string()),
  cases: z.array(
    z.object({
      text: z.string(),
      basis: z.string(),
      must_opt_out: z.union([z.boolean(), z.string()]).optional(),
      must_opt_in: z.union([z.boolean(), z.string()]).optional(),
    }),
  ),
})

const readConsent = (text: string, optOutWords: Settings['optOutWords']) =>
  read(text, { optOutWords, optIn: 'automatic' })

describe('the words of the guide', () => {
  it('[F286] STOP opts out and UNSTOP opts in', () => {
    expect(readConsent('STOP', 'guide')).toEqual({ kind: 'opt out', word: 'STOP' })
    expect(readConsent('UNSTOP', 'guide')).toEqual({ kind: 'opt in', word: 'UNSTOP' })
  })

  it('[F295] [DC3] START asks to be let back in where that is done by hand, and is no word where it is not', () => {
    for (const optOutWords of ['guide', 'us'] as const)
      expect(read('Start', { optOutWords, optIn: 'manual' })).toEqual({ kind: 'opt in', word: 'START' })
    expect(read('START', { optOutWords: 'guide', optIn: 'automatic' })).toBeNull()
    expect(read('YES', { optOutWords: 'guide', optIn: 'manual' })).toBeNull()
  })

  it('[F287] in any case', () => {
    for (const text of ['stop', 'Stop', 'sToP', 'ＳＴＯＰ'])
      expect(readConsent(text, 'guide')?.kind, text).toBe('opt out')
    for (const text of ['unstop', 'UnStop']) expect(readConsent(text, 'guide')?.kind, text).toBe('opt in')
  })

  it('[F291] [DC19] CANCEL, QUIT, END, UNSUBSCRIBE and ARRETT are no opt-out words of the account', () => {
    for (const text of ['CANCEL', 'QUIT', 'END', 'UNSUBSCRIBE', 'ARRETT', 'REVOKE', 'STOPALL']) {
      expect(readConsent(text, 'guide'), text).toBeNull()
    }
  })

  it('[F292] a sentence never opts anybody out, whatever words it holds', () => {
    const sentences = [
      'cancel my magazine subscription',
      'end of game, leaving shortly',
      'stop by at noon',
      'STOP please',
      "don't stop",
      'nonstop',
    ]
    for (const words of ['guide', 'us'] as const) {
      for (const text of sentences) expect(readConsent(text, words), text).toBeNull()
    }
  })

  it('white space, punctuation, emoji and what nobody sees around the word do not matter', () => {
    for (const text of [
      ' Stop \n',
      '"STOP"',
      'stop.',
      'STOP!!!',
      '*stop*',
      'STOP \u{1f6d1}',
      'STOP ❤\uFE0F',
      '\u200Bstop\uFEFF',
    ]) {
      expect(readConsent(text, 'guide')?.kind, text).toBe('opt out')
    }
  })

  it('HELP is a word of its own', () => {
    expect(readConsent('help?', 'guide')).toEqual({ kind: 'help', word: 'HELP' })
    expect(readConsent('help me', 'guide')).toBeNull()
  })

  it('[fault W8] a hostile text is no word, and found to be none at once', () => {
    const started = performance.now()
    for (const text of [
      `a${'!'.repeat(100_000)}a`,
      ' '.repeat(100_000),
      `STOP${'\u0301'.repeat(100_000)}a`,
      '\uD800',
      '',
    ]) {
      expect(readConsent(text, 'us')).toBeNull()
    }
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe('the words that US carriers require', () => {
  it('[DC19] are those of the preset', () => {
    for (const text of ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'OPTOUT', 'REVOKE']) {
      expect(readConsent(text, 'us')?.kind, text).toBe('opt out')
    }
    for (const text of ['START', 'YES', 'UNSTOP']) expect(readConsent(text, 'us')?.kind, text).toBe('opt in')
    expect(readConsent('START', 'guide')).toBeNull()
  })

  it('[DC19] agree with the lists and cases that carriers and the FCC published', ({ skip }) => {
    const file = 'optout/keywords.json'
    const vectors = readVectors(file, keywords)
    if (vectors === null) return skip(noVectors)
    let count = 0
    const check = (text: string, words: 'us' | 'guide', expected: string | undefined) => {
      expect(readConsent(text, words)?.kind, `${text}, ${words}`).toBe(expected)
      count++
    }
    for (const text of [...vectors.twilio_default_opt_out, ...vectors.telnyx_default_opt_out])
      check(text, 'us', 'opt out')
    for (const text of vectors.twilio_default_opt_in_long_code) check(text, 'us', 'opt in')
    for (const text of vectors.seed_refused_by_default) check(text, 'guide', undefined)
    for (const { text, must_opt_out, must_opt_in } of vectors.cases) {
      if (must_opt_out === true) check(text, 'us', 'opt out')
      else if (must_opt_in !== undefined) check(text, 'us', 'opt in')
      else if (text === 'HELP') check(text, 'us', 'help')
      // "review_or_opt_out": a person decides; the word rule alone says nothing.
      else check(text, 'us', undefined)
    }
    countOutside(file, count)
  })
})
