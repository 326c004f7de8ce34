import { fingerprintBefore } from '#shared/wire/version.ts'
import { ping } from '#shared/wire/up.ts'

/** What version 1 of the wire has no words for. */
const unknown = new Set(['open draft', 'close draft', 'update', 'caret'])

/**
 * What a page of the build before says in place of this one's words [E17]: its hello names version 1, its commands
 * name none, and it knows no drafts, for which this answers null.
 */
export function inOldWords(text: string): string | null {
  if (text === ping) return text
  const said = JSON.parse(text) as { t: string }
  if (unknown.has(said.t)) return null
  if (said.t === 'hello') return JSON.stringify({ ...said, version: 1, fingerprint: fingerprintBefore })
  return said.t === 'command' ? JSON.stringify({ ...said, version: undefined }) : text
}
