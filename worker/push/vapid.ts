import { hour } from '#shared/base/time.ts'
import { fromBase64Url, toBase64Url, utf8 } from './encrypt.ts'

/** The server's own key pair (RFC 8292): the private one as PKCS #8, the public one as an uncompressed point. */
export interface VapidKeys {
  privateKey: string
  publicKey: string
}

/** RFC 8292 allows 24 hours; push services refuse more, and clocks differ. */
const valid = 12 * hour

/**
 * The `Authorization` header of a push message: who sends it, signed for this push service and for half a day.
 * `contact` is a `mailto:` or `https:` address at which the service reaches the operator.
 */
export async function vapidHeader(
  endpoint: string,
  contact: string,
  { privateKey, publicKey }: VapidKeys,
  now: number,
): Promise<string> {
  const claims = {
    aud: new URL(endpoint).origin,
    exp: Math.floor((now + valid) / 1000),
    sub: contact,
  }
  const unsigned = `${encode({ typ: 'JWT', alg: 'ES256' })}.${encode(claims)}`
  const key = await crypto.subtle.importKey(
    'pkcs8',
    fromBase64Url(privateKey),
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
  )
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, utf8(unsigned))
  return `vapid t=${unsigned}.${toBase64Url(new Uint8Array(signature))}, k=${publicKey}`
}

function encode(part: object): string {
  return toBase64Url(utf8(JSON.stringify(part)))
}
