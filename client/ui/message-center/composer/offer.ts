/** What the cursor asks for: a quick reply behind `/`, or an insert behind `{`. */
export interface Offer {
  kind: 'quick reply' | 'insert'
  /** What a choice replaces. */
  from: number
  to: number
  /** What was typed behind the sign. */
  typed: string
}

/**
 * What is offered where the cursor stands. `/` counts at the start of a word only, so that "and/or" and an address
 * ask for nothing, and not before a space, so that "a / b" doesn't either.
 */
export function offerAt(text: string, caret: number): Offer | null {
  const before = text.slice(Math.max(0, caret - longest), caret)
  const start = caret - before.length
  const slash = /(?:^|\s)\/(?!\s)([^/\n]*)$/u.exec(before)
  if (slash?.[1] !== undefined) {
    const at = slash.index + slash[0].indexOf('/')
    if (start === 0 || at > 0) return { kind: 'quick reply', from: start + at, to: caret, typed: slash[1] }
  }
  const brace = /\{{1,2}([A-Za-z ]*)$/u.exec(before)
  if (brace?.[1] !== undefined)
    return { kind: 'insert', from: start + brace.index, to: caret, typed: brace[1] }
  return null
}

/** Longer than anybody types to find something. */
const longest = 60

/** A text with a part of it replaced, and where the cursor stands behind that. */
export function replaced(
  text: string,
  { from, to }: { from: number; to: number },
  by: string,
): { text: string; caret: number } {
  return { text: text.slice(0, from) + by + text.slice(to), caret: from + by.length }
}
