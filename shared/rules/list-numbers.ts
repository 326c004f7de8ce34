import { mobileUserOf, type Address } from '../base/address.ts'
import type { MobileUserId } from '../base/ids.ts'
import { parseAddress } from '../base/phone.ts'

/** What a pasted text of numbers came to: those that can be texted, once each, and those that cannot [DC18]. */
export interface PastedNumbers {
  good: { user: MobileUserId; address: string }[]
  bad: { line: number; text: string; reason: string }[]
  /** Entries that name a number which stands above already. */
  repeated: number
}

/**
 * Reads numbers as they are pasted: separated by line returns or commas (a semicolon or a tab does as well), each in
 * any usual form [F268, DC18]. One that cannot be read never stops the others; it is answered with its line and the
 * reason.
 */
export function readNumbers(pasted: string): PastedNumbers {
  const read: PastedNumbers = { good: [], bad: [], repeated: 0 }
  const known = new Set<MobileUserId>()
  pasted.split(/\r\n|\r|\n/u).forEach((row, index) => {
    for (const part of row.split(/[,;\t]/u)) {
      const text = part.trim()
      if (text === '') continue
      const address = parseAddress(text)
      const reason = reasonAgainst(text, address)
      if (!address || reason !== null) {
        read.bad.push({ line: index + 1, text, reason: reason ?? notANumber })
        continue
      }
      const user = mobileUserOf(address)
      if (known.has(user)) read.repeated++
      else read.good.push({ user, address: address.text })
      known.add(user)
    }
  })
  return read
}

const notANumber = 'This is not a phone number.'

/** Why no text can be sent there, in words for the agent; null where one can. */
function reasonAgainst(text: string, address: Address | null): string | null {
  const digits = text.replace(/[^0-9]/gu, '').length
  if (address?.kind === 'phone' && (digits > 7 || text.startsWith('+'))) return null
  if (/[A-Za-z]/u.test(text)) return 'There are letters in it.'
  if (address?.kind === 'short code') return 'This is a short code, which takes no texts.'
  if (digits === 0) return notANumber
  if (digits > 15) return 'There are too many digits: numbers have at most 15.'
  if (digits <= 7) return 'The area code is missing.'
  if (digits < 10) return 'There are too few digits.'
  return address === null ? 'No country has numbers like this.' : null
}
