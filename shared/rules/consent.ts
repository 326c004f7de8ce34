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
