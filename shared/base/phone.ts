import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { MobileUserId, NumberId } from './ids.ts'

/**
 * Who a text comes from or goes to. A short code (3 to 8 digits) and an alphanumeric sender are valid addresses
 * and no E.164 numbers, so they are kinds of their own.
 */
export type Address =
  | { kind: 'phone'; text: string }
  | { kind: 'short code'; text: string }
  | { kind: 'alphanumeric'; text: string }

/**
 * Reads an address in any form people and carriers write it. National forms are read as North American, the
 * guide's market. Answers null for what cannot be an address.
 *
 * Numbers pasted from phones carry invisible and bidirectional marks and full-width digits: NFKC and a strip go
 * first (spec/interop 3). E.164 allows 15 digits (ITU-T E.164, 6.2.1).
 */
export function parseAddress(raw: string): Address | null {
  if (raw.length > longest) return null
  const known = before.get(raw)
  if (known !== undefined) return known
  const address = readAddress(raw)
  if (before.size >= kept) before.clear()
  before.set(raw, address)
  return address
}

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

/** The id of the person behind an address: the same on every device and at the edge, one person one id [DC24]. */
export function mobileUserOf(address: Address): MobileUserId {
  switch (address.kind) {
    case 'phone':
      return `up${address.text.slice(1)}` as MobileUserId
    case 'short code':
      return `us${address.text}` as MobileUserId
    case 'alphanumeric':
      return `ut${Array.from(address.text, (char) => char.charCodeAt(0).toString(36).padStart(2, '0')).join('')}` as MobileUserId
  }
}

/** The id of a company number from its E.164 form or short code: `+13095550100` is `n13095550100`. */
export function numberOf(address: string): NumberId {
  return `n${address.replace(/^\+/, '')}` as NumberId
}

/** An address as people read it: `(309) 555-0100` in North America, spaced groups elsewhere, else unchanged. */
export function showAddress(address: string): string {
  if (!address.startsWith('+')) return address
  const parsed = parsePhoneNumberFromString(address)
  if (!parsed) return address
  return parsed.countryCallingCode === '1' ? parsed.formatNational() : parsed.formatInternational()
}

// Format characters, joiners, bidirectional marks and the byte order mark.
const invisible = /[\u00AD\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu
