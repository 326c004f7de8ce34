/**
 * A rule said no: a value, not an exception. `code` is for programs and tests, `text` is for the person and
 * stands where the action was. What the client does not hold never causes one [E9].
 */
export interface Refusal {
  refused: true
  code: RefusalCode
  text: string
}

export type RefusalCode =
  | 'unknown'
  | 'forbidden'
  | 'closed'
  | 'opted out'
  | 'empty'
  | 'too long'
  | 'emoji'
  | 'no mms'
  | 'picture'
  | 'past'
  | 'taken'
  | 'owner changed'
  | 'customer wrote'
  | 'opted out again'
  | 'not held'
  | 'number inactive'
  | 'bad number'
  | 'too many'
  | 'changed'
  | 'bad value'
  | 'last admin'
  | 'already so'
  | 'too old'
  | 'too big'
  | 'list limit'
  | 'late'

export function refuse(code: RefusalCode, text: string): Refusal {
  return { refused: true, code, text }
}
