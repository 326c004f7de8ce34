/**
 * FNV-1a over UTF-16 units, twice with different seeds, as 16 hex digits. For dedupe keys that are kept without
 * an end [E27] and for schema fingerprints: short, synchronous, and not a defence against an attacker.
 */
export function hash64(text: string): string {
  return half(text, 0x811c9dc5) + half(text, 0x9747b28c)
}

function half(text: string, seed: number): string {
  let hash = seed
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193)
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193)
  }
  hash ^= hash >>> 16
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  return (hash >>> 0).toString(16).padStart(8, '0')
}
