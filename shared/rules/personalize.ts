/** What a mobile user's record gives to a text. */
export interface Insertable {
  firstName: string
  lastName: string
  companyName: string
}

/** The text of one conversation, or the one text that a distribution list sends to many. */
export type Audience = 'single' | 'list'

/** Inserts as they are written in a text, and where each comes from. {{Company Name}} is for lists only [F233, F234]. */
export const inserts = [
  { tag: '{{First Name}}', field: 'firstName', lists: false },
  { tag: '{{Last Name}}', field: 'lastName', lists: false },
  { tag: '{{Company Name}}', field: 'companyName', lists: true },
] as const satisfies { tag: string; field: keyof Insertable; lists: boolean }[]

/** Characters of a field that are inserted [F237]. */
export const insertedCharacters = 30

/**
 * A text with its inserts filled in from a person's record, each cut at 30 characters. Names are read in any case
 * and spacing; what is no insert of this audience stays as it was typed, and what a field itself says is never
 * filled in again.
 *
 * As in the guide's example [F242] a space between an insert and the mark behind it goes: "Joe Smith !" is sent as
 * "Joe Smith!". A field that is blank leaves no gap: a space beside it goes, and before a closing mark its comma too,
 * so that "Hi, {{First Name}}!" is "Hi!" to somebody whose name nobody knows.
 */
export function personalize(text: string, person: Insertable, audience: Audience): string {
  let filled = ''
  let rest = text
  for (const { tag, field } of insertsIn(text, audience)) {
    const at = rest.indexOf(tag)
    filled += rest.slice(0, at)
    rest = rest.slice(at + tag.length)
    const value = cut(person[field])
    if (value !== '') {
      filled += value
      rest = rest.replace(/^ +(?=[!?.,])/u, '')
    } else if (/^ *(?:[!?.,;:\n]|$)/u.test(rest)) {
      filled = withoutGap(filled)
      rest = rest.replace(beginsLine(filled) ? /^ *[!?.,;:]* */u : /^ +/u, '')
    } else if (filled.endsWith(' ') || beginsLine(filled)) rest = rest.replace(/^ /u, '')
  }
  return filled + rest
}

/** The inserts of a text that this person's record has nothing for: they leave no trace in what is sent. */
export function blankInserts(text: string, person: Insertable, audience: Audience): string[] {
  return unique(
    insertsIn(text, audience).flatMap(({ name, field }) => (cut(person[field]) === '' ? [name] : [])),
  )
}

/** What looks like an insert and is none of this audience: it would be sent as it stands. */
export function unknownInserts(text: string, audience: Audience): string[] {
  const written = [...text.matchAll(/\{\{[^{}\n]*\}\}/gu)].map(([tag]) => tag)
  return unique(written.filter((tag) => insertNamed(tag, audience) === null))
}

/** Whether a text says something else to each of its recipients. */
export function isPersonal(text: string, audience: Audience): boolean {
  return insertsIn(text, audience).length > 0
}

/**
 * The first message of a conversation where the account has Auto-Append Dynamic Text [F241]: first and last name go
 * to its end, unless it names the person already.
 */
export function autoAppend(text: string): string {
  return isPersonal(text, 'single') ? text : `${text.trimEnd()} {{First Name}} {{Last Name}}`
}

/** The inserts of a text in order: as they are written there, by their name, and the field they show. */
function insertsIn(text: string, audience: Audience) {
  return [...text.matchAll(/\{\{[^{}\n]*\}\}/gu)].flatMap(([tag]) => {
    const insert = insertNamed(tag, audience)
    return insert === null ? [] : [{ tag, name: insert.tag, field: insert.field }]
  })
}

function insertNamed(tag: string, audience: Audience) {
  const name = tag.slice(2, -2).trim().replace(/\s+/gu, ' ').toLowerCase()
  const insert = inserts.find((insert) => insert.tag.slice(2, -2).toLowerCase() === name)
  return insert === undefined || (insert.lists && audience === 'single') ? null : insert
}

function cut(field: string): string {
  return Array.from(field.trim()).slice(0, insertedCharacters).join('').trimEnd()
}

/** Without the spaces at its end and a comma before them. By hand: `/ *$/` takes n² steps where spaces abound. */
function withoutGap(text: string): string {
  let end = text.length
  while (text[end - 1] === ' ') end--
  return text.slice(0, text[end - 1] === ',' ? end - 1 : end)
}

function beginsLine(text: string): boolean {
  return text === '' || text.endsWith('\n')
}

function unique(names: string[]): string[] {
  return [...new Set(names)]
}
