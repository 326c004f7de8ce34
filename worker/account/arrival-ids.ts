import { base32, type EntryId, type Ids } from '#shared/base/ids.ts'
import { hash64 } from '#shared/base/hash64.ts'

/**
 * Ids for what an arrival causes: the first half of each is the arrival's dedupe key. An entry that comes back
 * from D1 after a restore brings its key with it, and a carrier that repeats its webhook is known again [P2, E24].
 */
export function arrivalIds(key: string, ids: Ids): Ids {
  let made = 0
  return {
    ...ids,
    entry: () => `e${base32(bytesOf(key + hash64(`${made++} ${key}`)))}` as EntryId,
  }
}

/** The dedupe key in an entry's id; of an entry that no arrival caused, a key that nothing has. */
export function arrivalKeyOf(entry: EntryId): string {
  let bits = 0n
  // 13 characters of 5 bits hold the 64 of the key and one more.
  for (const letter of entry.slice(1, 14)) bits = bits * 32n + BigInt(alphabet.indexOf(letter))
  return (bits >> 1n).toString(16).padStart(16, '0')
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => parseInt(hex.slice(at * 2, at * 2 + 2), 16))
}
