import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { showPlainly, type Address } from './address.ts'

export { mobileUserOf, numberOf, type Address } from './address.ts'

/**
 * Reads an address in any form people and carriers write it. National forms are read as North American, the
 * guide's market. Answers null for what cannot be an address.
 *
 * Numbers pasted from phones carry invisible and bidirectional marks and full-width digits: NFKC and a strip go
 * first (spec/interop 3). E.164 allows 15 digits (ITU-T E.164, 6.2.1).
 */
export function parseAddress(raw: string): Address | null {
  if (northAmerican.test(raw)) return { kind: 'phone', text: raw }
  if (raw.length > longest) return null
  const known = before.get(raw)
  if (known !== undefined) return known
  const address = readAddress(raw)
  if (before.size >= kept) before.clear()
  before.set(raw, address)
  return address
}

/** What carriers say of the guide's market, as it is kept: reading it anew would be a third of a commit. */
const northAmerican = /^\+1[2-9][0-9]{9}$/

/** Characters of what can be an address, with room for the marks that people paste. */
const longest = 200

// A commit reads the same two addresses several times, and reading one is a fifth of its work.
const before = new Map<string, Address | null>()
const kept = 2_000

function readAddress(raw: string): Address | null {
  const text = raw.normalize('NFKC').replace(invisible, '').trim()
  if (text === '' || text.length > 40) return null
  if (/^[0-9]{3,8}$/.test(text) && text.length !== 7) return { kind: 'short code', text }
  const parsed = parsePhoneNumberFromString(text, 'US')
  if (parsed?.isPossible()) return { kind: 'phone', text: parsed.number }
  if (/^\+[1-9][0-9]{6,14}$/.test(text)) return { kind: 'phone', text }
  if (/^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/.test(text)) return { kind: 'alphanumeric', text }
  return null
}

/** An address as people read it: `(309) 555-0100` in North America, spaced groups elsewhere, else unchanged. */
export function showAddress(address: string): string {
  const short = showPlainly(address)
  if (short !== null) return short
  const parsed = parsePhoneNumberFromString(address)
  if (!parsed) return address
  return parsed.countryCallingCode === '1' ? parsed.formatNational() : parsed.formatInternational()
}

// Format characters, joiners, bidirectional marks and the byte order mark.
const invisible = /[\u00AD\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu
