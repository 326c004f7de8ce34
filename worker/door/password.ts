import { createHmac, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'

/**
 * Password hashing: scrypt with N = 2^15, r = 8, p = 3 (OWASP ASVS 5.0, appendix C; the runtime caps N*r*p at
 * 2^20), a 16-byte salt and a 32-byte key, then HMAC-SHA-256 under the pepper, a Worker secret. Stored as
 * `scrypt$15$8$3$<pepper id>$<salt>$<hash>`. One hash takes some 270 ms of CPU and 32 MiB.
 */
export function hashPassword(password: string, pepper: string): string {
  const salt = randomBytes(16)
  return `scrypt$15$8$3$1$${salt.toString('base64')}$${derive(password, salt, pepper).toString('base64')}`
}

/** Whether a password is the stored one. Takes as long for an unknown person, whose `stored` is null. */
export function checkPassword(password: string, stored: string | null, pepper: string): boolean {
  const [, , , , , salt, hash] = (stored ?? nobody).split('$')
  const derived = derive(password, Buffer.from(salt ?? '', 'base64'), pepper)
  const expected = Buffer.from(hash ?? '', 'base64')
  return expected.length === derived.length && timingSafeEqual(expected, derived) && stored !== null
}

function derive(password: string, salt: Uint8Array, pepper: string): Buffer {
  const key = scryptSync(password.normalize('NFKC'), salt, 32, {
    N: 2 ** 15,
    r: 8,
    p: 3,
    maxmem: 64 * 1024 * 1024,
  })
  return createHmac('sha256', pepper).update(key).digest()
}

const nobody = `scrypt$15$8$3$1$${Buffer.alloc(16).toString('base64')}$${Buffer.alloc(32).toString('base64')}`
