/** Every number that a test title may quote, and how a title quotes it: `[F65]`, `[DC7]`, `[fault W1]`. */

export type Kind = 'requirement' | 'decision' | 'promise' | 'fault' | 'rule'

/** One quoted number. `id` is unique within its kind only: `[E1]` is a rule of the engine, `[fault E1]` is not. */
export interface Quote {
  kind: Kind
  id: string
}

/** The requirements' sections, by their last number, for the table that people read. */
export const sections: readonly { title: string; last: number }[] = [
  { title: 'A. Product frame, terms, data model', last: 18 },
  { title: 'B. Browsers, connection error', last: 23 },
  { title: 'C. Login, password', last: 26 },
  { title: 'D. User profile', last: 37 },
  { title: 'E. Roles, permissions', last: 50 },
  { title: 'F. Shared inbox', last: 58 },
  { title: 'G. Views', last: 78 },
  { title: 'H. Flags', last: 93 },
  { title: 'I. Reading Pane, tabs, threads', last: 102 },
  { title: 'J. Compose, reply, limits', last: 118 },
  { title: 'K. MMS outbound', last: 130 },
  { title: 'L. MMS inbound, emoji', last: 138 },
  { title: 'M. Quick replies', last: 143 },
  { title: 'N. Notes', last: 149 },
  { title: 'O. Ownership, transfer', last: 158 },
  { title: 'P. Auto-assign, round robin', last: 167 },
  { title: 'Q. Online agents', last: 173 },
  { title: 'R. Idle alerts', last: 180 },
  { title: 'S. Email forwarding, email replies', last: 185 },
  { title: 'T. TXT Relay', last: 199 },
  { title: 'U. Time-based auto-replies', last: 212 },
  { title: 'V. Text-based auto-replies', last: 217 },
  { title: 'W. Ending, threads, history', last: 232 },
  { title: 'X. Personalization', last: 242 },
  { title: 'Y. Mobile user information', last: 248 },
  { title: 'Z. CSV upload of mobile users', last: 259 },
  { title: 'AA. Distribution lists', last: 276 },
  { title: 'AB. Broadcasts, traffic shaping', last: 285 },
  { title: 'AC. Opt-in, opt-out', last: 297 },
  { title: 'AD. Error messages', last: 303 },
]

/** All numbers of each kind, in order. */
export const known: Readonly<Record<Kind, readonly string[]>> = {
  requirement: count('F', 303),
  decision: count('DC', 28),
  promise: count('P', 8),
  fault: [
    ...count('W', 10),
    ...count('S', 7),
    ...count('D', 5),
    ...count('C', 8),
    ...count('Y', 5),
    ...count('T', 3),
    ...count('A', 3),
    ...count('E', 3),
    ...count('M', 1),
  ],
  rule: count('E', 30),
}

/** A title may name this many numbers: a test about more is a test about none of them. */
export const mostPerTitle = 4

/**
 * Reads the numbers that a title quotes, and what is wrong with how it does: a range, two numbers in one pair of
 * brackets, an unknown number, too many. Brackets without a number in them are words and left alone.
 */
export function readTitle(title: string): { quotes: Quote[]; problems: string[] } {
  const quotes: Quote[] = []
  const problems: string[] = []
  for (const [whole, inside = ''] of title.matchAll(/\[([^[\]]*)\]/g)) {
    if (!/^\s*(fault\s*)?(F|DC|P|E|W|S|D|C|Y|T|A|M)\d/i.test(inside)) continue
    const quote = readQuote(inside)
    if (quote === null) problems.push(`${whole} is not one number`)
    else if (!known[quote.kind].includes(quote.id)) problems.push(`${whole} does not exist`)
    else if (!quotes.some(({ kind, id }) => kind === quote.kind && id === quote.id)) quotes.push(quote)
  }
  if (quotes.length > mostPerTitle) problems.push(`names ${quotes.length} numbers, at most ${mostPerTitle}`)
  return { quotes, problems }
}

function readQuote(inside: string): Quote | null {
  const match = /^(fault )?([A-Z]{1,2})([1-9]\d*)$/.exec(inside)
  if (!match) return null
  const [, fault, letters, digits] = match
  const id = `${letters}${digits}`
  if (fault) return { kind: 'fault', id }
  switch (letters) {
    case 'F':
      return { kind: 'requirement', id }
    case 'DC':
      return { kind: 'decision', id }
    case 'P':
      return { kind: 'promise', id }
    case 'E':
      return { kind: 'rule', id }
    default:
      return null
  }
}

function count(letters: string, last: number): string[] {
  return Array.from({ length: last }, (_, index) => `${letters}${index + 1}`)
}
