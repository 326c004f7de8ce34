import { describe, expect, it } from 'vitest'
import { emojiIn, withoutEmoji } from '#shared/rules/content.ts'
import { offerAt, replaced } from '#client/ui/message-center/composer/offer.ts'
import { judge, type Terms } from '#client/ui/message-center/composer/trouble.ts'

const terms: Terms = {
  longMessages: 'concatenate',
  textOnly: false,
  textOnlyLimit: 2_000,
  emojiRefused: true,
  person: { firstName: 'Joe', lastName: '', companyName: 'Acme' },
  appends: false,
}
const said = (text: string, more: Partial<Terms> = {}) => judge(text, { ...terms, ...more })
const words = (text: string, more: Partial<Terms> = {}) => said(text, more).fixes.map(({ words }) => words)

describe('what the composer says', () => {
  it('[F114] counts what is left of the limit, with the segments, in each of the three settings', () => {
    const rows = (['concatenate', 'split', 'refuse'] as const).map((longMessages) => {
      const { measure, refusal } = said('a'.repeat(161), { longMessages })
      return [measure.remaining, measure.parts, refusal]
    })
    expect(rows).toEqual([
      [298, 2, null],
      [298, 2, null],
      [-1, 2, '1 character over the limit of 160.'],
    ])
    expect(said('Hi').measure).toMatchObject({ remaining: 457, parts: 1 })
  })

  it('says why a text takes more room, with a replacement in one press', () => {
    const { hint, fixes } = said('It’s ready')
    expect(hint).toBe('The curly quote makes this Unicode, 70 per segment')
    expect(fixes).toEqual([{ words: 'Replace it', text: "It's ready" }])
    expect(said("It's ready")).toMatchObject({ hint: null, fixes: [] })
  })

  it('[DC27] offers to remove emoji, or a picture message where the number can send one', () => {
    expect(said('Great 👍 👋🏽').refusal).toBe('Text messages from this account cannot carry 👍.')
    expect(said('Great 👍🏽 day 🇩🇪!').fixes).toEqual([
      { words: 'Remove', text: 'Great day !' },
      { words: 'Send as picture message', textOnly: true },
    ])
    expect(words('Great 👍', { textOnlyLimit: 0 })).toEqual(['Remove'])
    expect(said('Great 👍', { textOnly: true }).refusal).toBeNull()
    expect(said('Great 👍', { emojiRefused: false }).refusal).toBeNull()
  })

  it('[F125] offers one MMS to a text that is too long, where it fits one', () => {
    expect(words('a'.repeat(460))).toEqual(['Send as one MMS'])
    expect(words('a'.repeat(2_001))).toEqual([])
    expect(said('a'.repeat(2_001), { textOnly: true }).refusal).toBe('1 character over the limit of 2,000.')
    expect(said('Hi', { textOnly: true, textOnlyLimit: 0 })).toMatchObject({
      refusal: 'This number cannot send MMS.',
      fixes: [{ textOnly: false }],
    })
  })

  it('[F236] shows what they will read, names what is left out, and what is no insert', () => {
    expect(said('Hi {{First Name}} {{Last Name}} !')).toMatchObject({
      reads: 'Hi Joe!',
      hint: 'Nothing is saved for {{Last Name}}, so it is left out.',
      unknown: [],
    })
    expect(said('{{Last Name}}').refusal).toBe(
      'No name is saved for this person, so nothing would be left to send.',
    )
    expect(said('Of {{Company Name}}').unknown).toEqual(['{{Company Name}}'])
    expect(said('Ready,', { appends: true }).reads).toBe('Ready, Joe')
    expect(said('', { appends: true }).reads).toBeNull()
    expect(said(`{{First Name}}${'a'.repeat(457)}`).refusal).toBe('1 character over the limit of 459.')
  })

  it('cuts a text at its emoji, each whole, and takes nothing else for one', () => {
    const family = '👨‍👩‍👧'
    expect(
      emojiIn(`a${family}b1️⃣`)
        .filter(({ isEmoji }) => isEmoji)
        .map(({ text }) => text),
    ).toEqual([family, '1️⃣'])
    expect(withoutEmoji('© 2026 #1 *')).toBe('© 2026 #1 *')
    expect(withoutEmoji(`${family}🇩🇪`)).toBe('')
  })
})

describe('what is offered at the cursor', () => {
  const typed = (text: string) => offerAt(text, text.length)

  it.each([
    ['/', ''],
    ['Hi /re', 're'],
    ['Hi\n/your car', 'your car'],
  ])('a quick reply behind "/" at the start of a word: %j', (text, letters) => {
    expect(typed(text)).toMatchObject({ kind: 'quick reply', typed: letters, to: text.length })
  })

  it.each(['and/or', 'https://x.test', '1/2', 'a / b', 'Hi', '/a\nb'])('nothing for %j', (text) => {
    expect(typed(text)).toBeNull()
  })

  it('an insert behind one brace or two, which it replaces', () => {
    const text = 'Hi {{fi there'
    const offer = offerAt(text, 7)
    expect(offer).toMatchObject({ kind: 'insert', from: 3, to: 7, typed: 'fi' })
    expect(replaced(text, offer ?? { from: 0, to: 0 }, '{{First Name}}')).toEqual({
      text: 'Hi {{First Name}} there',
      caret: 17,
    })
    expect(typed('Hi {')).toMatchObject({ kind: 'insert', from: 3, typed: '' })
    expect(typed('{{First Name}}')).toBeNull()
  })
})
