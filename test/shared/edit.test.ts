import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { applyEdit, editBetween, movePosition, rebaseEdit } from '#shared/base/edit.ts'

describe('what a person did to a text', () => {
  it.each([
    ['', 'a', 1, { at: 0, remove: 0, insert: 'a' }],
    ['ab', 'axb', 2, { at: 1, remove: 0, insert: 'x' }],
    ['abc', 'ac', 1, { at: 1, remove: 1, insert: '' }],
    // The third of three equal letters, or the first: the cursor tells.
    ['aa', 'aaa', 3, { at: 2, remove: 0, insert: 'a' }],
    ['aa', 'aaa', 1, { at: 0, remove: 0, insert: 'a' }],
    // An input method replaces the word it composes.
    ['say にほn', 'say 日本', 6, { at: 4, remove: 3, insert: '日本' }],
    // A button rewrites the middle while the cursor stands at the end.
    ['“Hi” there', '"Hi" there', 10, { at: 0, remove: 4, insert: '"Hi"' }],
  ])('%j became %j: one replacement', (before, after, caret, edit) => {
    expect(editBetween(before, after, caret)).toEqual(edit)
  })

  it('never cuts a pair of surrogates', () => {
    // Both faces begin with the same half, and both flags end with the same half.
    expect(editBetween('\u{1F600}', '\u{1F601}', 2)).toEqual({ at: 0, remove: 2, insert: '\u{1F601}' })
    expect(editBetween('\u{1F600}', '\u{1FA00}', 0)).toEqual({ at: 0, remove: 2, insert: '\u{1FA00}' })
  })

  it('applied to the text before it gives the text after it, wherever the cursor stands', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\u{1F600}', '\u{1F601}', '\n'), maxLength: 12 })
    fc.assert(
      fc.property(text, text, fc.nat(20), (before, after, caret) => {
        const edit = editBetween(before, after, caret)
        expect(edit === null ? before : applyEdit(before, edit)).toBe(after)
        expect(edit?.insert.isWellFormed() ?? true).toBe(true)
      }),
    )
  })

  it('an edit is made again on a text that others changed, and no letter that was typed is lost', () => {
    const again = (base: string, after: string, text: string) => {
      const edit = editBetween(base, after)
      const moved = edit && rebaseEdit(edit, editBetween(base, text))
      return moved ? applyEdit(text, moved) : text
    }
    expect(again('', 'more', 'theirs ')).toBe('theirs more')
    expect(again('Yes', 'Yes!', 'Oh. Yes')).toBe('Oh. Yes!')
    expect(again('Yes', 'yes', 'Yes, so')).toBe('yes, so')
    // The text was sent while its author went on typing.
    expect(again('Yes', 'Yes, and more', '')).toBe(', and more')
    expect(again('one two', 'one and two', '')).toBe('and ')
    expect(again('one two', 'one', 'none')).toBe('none')
  })

  it('a cursor stays with its letter when others write and delete', () => {
    const moved = (position: number) =>
      movePosition(position, [
        { insert: 'Hi ' },
        { retain: 2 },
        { delete: 3 },
        { retain: 1 },
        { insert: '!' },
      ])
    // "ab123c|d" becomes "Hi abc!|d" read from each position of "ab123cd".
    expect([0, 1, 2, 3, 5, 6, 7].map(moved)).toEqual([0, 4, 5, 5, 5, 6, 8])
  })
})
