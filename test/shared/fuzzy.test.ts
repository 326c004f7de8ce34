import { describe, expect, it } from 'vitest'
import { fitLetters } from '#shared/rules/fuzzy.ts'

const best = (typed: string, of: string[]) =>
  of
    .map((words) => ({ words, found: fitLetters(typed, words) }))
    .filter(({ found }) => found !== null)
    .sort((one, other) => (other.found?.score ?? 0) - (one.found?.score ?? 0))
    .map(({ words }) => words)

describe('what is meant by a few letters', () => {
  const all = ['Go to Open', 'End conversation', 'Open settings', 'Follow-Up flag', 'Narrow the sidebar']

  it('a beginning comes first, then beginnings of words, then scattered letters', () => {
    expect(best('open', all)).toEqual(['Open settings', 'Go to Open'])
    expect(best('ffl', all)).toEqual(['Follow-Up flag'])
    expect(best('gto', all)[0]).toBe('Go to Open')
    expect(best('end', all)[0]).toBe('End conversation')
  })

  it('nothing typed fits everything, letters in another order fit nothing', () => {
    expect(best('', all)).toEqual(all)
    expect(best('nepo', all)).toEqual([])
    expect(fitLetters('muñ', 'Munoz')?.marks).toEqual([0, 1, 2])
  })
})
