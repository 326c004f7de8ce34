import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  autoAppend,
  blankInserts,
  isPersonal,
  personalize,
  unknownInserts,
  type Insertable,
} from '#shared/rules/personalize.ts'

const joe: Insertable = { firstName: 'Joe', lastName: 'Smith', companyName: 'Acme' }
const nobody: Insertable = { firstName: '', lastName: '', companyName: '' }

describe('personalization', () => {
  it('[F242] fills in the example of the guide, without the space before the mark', () => {
    const text = 'Hi, {{First Name}} {{Last Name}} ! We received your RSVP for tomorrow.'
    expect(personalize(text, joe, 'single')).toBe('Hi, Joe Smith! We received your RSVP for tomorrow.')
  })

  it('[F233] names are read in any case and spacing, each as often as it stands there', () => {
    expect(personalize('{{ first  name }}, {{LAST NAME}} and {{First Name}}', joe, 'single')).toBe(
      'Joe, Smith and Joe',
    )
  })

  it("[F234] [F235] {{Company Name}} is the customer's company, in lists only", () => {
    expect(personalize('To {{Company Name}}', joe, 'list')).toBe('To Acme')
    expect(personalize('To {{Company Name}}', joe, 'single')).toBe('To {{Company Name}}')
    expect(unknownInserts('To {{Company Name}}', 'single')).toEqual(['{{Company Name}}'])
    expect(unknownInserts('To {{Company Name}}', 'list')).toEqual([])
  })

  it('[F237] a field is cut at 30 characters, and never through the middle of one', () => {
    const long = { ...joe, firstName: 'a'.repeat(31), lastName: `${'b'.repeat(29)}😀c` }
    expect(personalize('{{First Name}}', long, 'single')).toBe('a'.repeat(30))
    expect(personalize('{{Last Name}}', long, 'single')).toBe(`${'b'.repeat(29)}😀`)
    expect(personalize('{{First Name}}.', { ...joe, firstName: `${'a'.repeat(29)} b` }, 'single')).toBe(
      `${'a'.repeat(29)}.`,
    )
  })

  it.each([
    ['Hi, {{First Name}} {{Last Name}} ! We are open.', 'Hi! We are open.'],
    ['Hi {{First Name}}!', 'Hi!'],
    ['{{First Name}}, your car is ready', 'your car is ready'],
    ['Yes, {{First Name}} we can', 'Yes, we can'],
    ['Dear {{First Name}} {{Last Name}}', 'Dear'],
    ['Hello\n{{First Name}}: see you', 'Hello\nsee you'],
    ['{{First Name}}', ''],
  ])('a blank field leaves no gap: %j', (text, sent) => {
    expect(personalize(text, nobody, 'single')).toBe(sent)
  })

  it('a person with one name only is addressed by it', () => {
    expect(personalize('Hi, {{First Name}} {{Last Name}} !', { ...joe, lastName: ' ' }, 'single')).toBe(
      'Hi, Joe!',
    )
    expect(blankInserts('{{First Name}} {{last name}}', { ...joe, lastName: ' ' }, 'single')).toEqual([
      '{{Last Name}}',
    ])
  })

  it('what nobody knows stays as typed, and what a field says is not filled in again', () => {
    expect(unknownInserts('{{Frist Name}} {{First Name}} {{}} {{Frist Name}}', 'single')).toEqual([
      '{{Frist Name}}',
      '{{}}',
    ])
    expect(personalize('{{Frist Name}} {x} {{', joe, 'single')).toBe('{{Frist Name}} {x} {{')
    const sly = { ...joe, firstName: '{{Last Name}}' }
    expect(personalize('{{First Name}} {{Last Name}}', sly, 'single')).toBe('{{Last Name}} Smith')
  })

  it('a text without inserts is never changed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!isPersonal(text, 'list'))
        expect(personalize(text, joe, 'list')).toBe(text)
      }),
    )
  })

  it('[F241] the tags go to the end of a text that names nobody', () => {
    expect(personalize(autoAppend('Your car is ready, '), joe, 'single')).toBe('Your car is ready, Joe Smith')
    expect(personalize(autoAppend('Your car is ready'), nobody, 'single')).toBe('Your car is ready')
    expect(autoAppend('Hi {{first name}}, your car is ready')).toBe('Hi {{first name}}, your car is ready')
  })
})
