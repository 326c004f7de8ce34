/**
 * Text from outside made safe to store, send and draw: NUL bytes and lone surrogates become U+FFFD (SQLite ends
 * a string at NUL, and a lone surrogate has no UTF-8), and what is over `limit` bytes of UTF-8 is cut at a
 * character. Nothing else is touched: a customer's words are evidence.
 */
export function clean(text: string, limit: number): { text: string; cut: boolean } {
  const safe = text.toWellFormed().replaceAll('\u0000', '\uFFFD')
  let bytes = 0
  let end = 0
  for (const char of safe) {
    bytes += utf8Length(char)
    if (bytes > limit) return { text: safe.slice(0, end), cut: true }
    end += char.length
  }
  return { text: safe, cut: false }
}

/** One line for a list: white space runs become one space, at most `length` UTF-16 units, never half a pair. */
export function oneLine(text: string, length: number): string {
  const line = text.replace(/\s+/gu, ' ').trim()
  if (line.length <= length) return line
  return `${line
    .slice(0, length - 1)
    .toWellFormed()
    .replace(/\uFFFD$/u, '')}…`
}

function utf8Length(char: string): number {
  const code = char.codePointAt(0) ?? 0
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
}
