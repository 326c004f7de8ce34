import { oneLine } from '../../base/text.ts'
import { refuse, type Refusal } from '../refusal.ts'

/** A value that a form's field can have. */
type Value = string | number | boolean | null

/**
 * What a form changes of what stands there by now. `to` holds the fields that its author changed, `expect` what stood
 * on their screen. Two people who save different fields at once both succeed; where it is the same field, the second
 * is told by its label what it says now. A form that would change nothing is refused too.
 */
export function changesOf<Fields extends Record<keyof Fields, Value>>(
  now: Fields,
  expect: { [Field in keyof Fields]?: Fields[Field] | undefined },
  to: { [Field in keyof Fields]?: Fields[Field] | undefined },
  labels: Record<keyof Fields, string>,
): Partial<Fields> | Refusal {
  const changes: Partial<Fields> = {}
  for (const field of Object.keys(labels) as (keyof Fields)[]) {
    const value = to[field]
    if (value === undefined || value === expect[field] || value === now[field]) continue
    if (now[field] !== expect[field])
      return refuse('changed', `Somebody else saved ${labels[field]} meanwhile${shown(now[field])}.`)
    changes[field] = value
  }
  return Object.keys(changes).length > 0 ? changes : refuse('already so', 'Nothing to change.')
}

/** A text in one line without the spaces that paste brings. */
export function tidied(text: string): string {
  return text.toWellFormed().replace(/\s+/gu, ' ').trim()
}

function shown(value: Value): string {
  if (value === '') return ': it is empty now'
  if (typeof value === 'string') return `: it is "${oneLine(value, 60)}" now`
  return typeof value === 'number' ? `: it is ${value} now` : ''
}
