import type { Settings } from '../rows/settings.ts'

/** What a text says about consent: nothing, unless the whole of it is one of the account's words. */
export type ConsentWord = { kind: 'opt out' | 'opt in' | 'help'; word: string } | null

/**
 * Reads an opt-out, opt-in or help word. The whole message counts, in any case, so "cancel my magazine
 * subscription" never opts anybody out [F287, F292]. Words: DC19; the `us` set is what US carriers require
 * (CTIA, 47 CFR 64.1200(a)(10)). Where people are let back in by hand, START asks for it under any words [F295, DC3].
 */
export function readConsent(
  text: string,
  { optOutWords, optIn }: Pick<Settings, 'optOutWords' | 'optIn'>,
): ConsentWord {
  if (text.length > longest) return null
  const word = text.normalize('NFKC').replace(/\s+/gu, ' ').replace(around, '').toUpperCase()
  const set = presets[optOutWords]
  if (set.out.has(word)) return { kind: 'opt out', word }
  if (set.in.has(word) || (optIn === 'manual' && word === 'START')) return { kind: 'opt in', word }
  if (word === 'HELP') return { kind: 'help', word }
  return null
}

/**
 * Whether a text of one word is kept for consent or help and never an ordinary one. A word such as YES, which some
 * accounts take for an opt-in, is one to whoever is not opted out.
 */
export function isReserved(text: string, settings: Pick<Settings, 'optOutWords' | 'optIn'>): boolean {
  const word = readConsent(text, settings)
  return word !== null && (word.kind !== 'opt in' || word.word === 'UNSTOP')
}

// Characters of the longest text that a carrier sends (spec/interop 1.2). What is longer is no word, and trimming
// it would take time that grows with its square.
const longest = 1600

// Punctuation, symbols and emoji with their marks, and characters that nobody sees.
const around = /^[\p{P}\p{S}\p{M}\p{C}\s]+|[\p{P}\p{S}\p{M}\p{C}\s]+$/gu

const presets: Record<Settings['optOutWords'], { out: ReadonlySet<string>; in: ReadonlySet<string> }> = {
  guide: { out: new Set(['STOP']), in: new Set(['UNSTOP']) },
  us: {
    out: new Set([
      'STOP',
      'STOPALL',
      'STOP ALL',
      'UNSUBSCRIBE',
      'CANCEL',
      'END',
      'QUIT',
      'OPTOUT',
      'OPT OUT',
      'REVOKE',
    ]),
    in: new Set(['START', 'YES', 'UNSTOP']),
  },
}
