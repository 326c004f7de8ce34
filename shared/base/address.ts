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
 * Reads an address in the one form in which Parley keeps and sends it: E.164 with its plus sign, a short code, or an
 * alphanumeric sender. What people write is turned into it by `parseAddress`, which knows the number plans of the
 * world and is heavy for that; on what it answers both agree.
 */
export function readAddress(text: string): Address | null {
  if (/^[0-9]{3,8}$/.test(text) && text.length !== 7) return { kind: 'short code', text }
  if (/^\+[1-9][0-9]{2,14}$/.test(text)) return { kind: 'phone', text }
  if (/^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/.test(text)) return { kind: 'alphanumeric', text }
  return null
}

/**
 * An address as people read it where no number plan is needed for that: `(309) 555-0100` in North America, and what
 * is no E.164 number unchanged. Null for numbers of elsewhere.
 */
export function showPlainly(address: string): string | null {
  if (!address.startsWith('+')) return address
  const parts = /^\+1([2-9][0-9]{2})([0-9]{3})([0-9]{4})$/.exec(address)
  return parts && `(${parts[1]}) ${parts[2]}-${parts[3]}`
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

/** The address in a person's id, which `mobileUserOf` made of it; null for an alphanumeric sender. */
export function addressIn(id: MobileUserId): string | null {
  if (id.startsWith('ut')) return null
  return id.startsWith('up') ? `+${id.slice(2)}` : id.slice(2)
}

/** The id of a company number from its E.164 form or short code: `+13095550100` is `n13095550100`. */
export function numberOf(address: string): NumberId {
  return `n${address.replace(/^\+/, '')}` as NumberId
}
