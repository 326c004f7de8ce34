import { generateKeyPairSync } from 'node:crypto'

/** The keys of web push (RFC 8292) as the Worker reads them, both base64url. */
export interface VapidPair {
  VAPID_PUBLIC_KEY: string
  VAPID_PRIVATE_KEY: string
}

/** A fresh pair: the public key as an uncompressed P-256 point, the private one as PKCS #8. */
export function makeVapid(): VapidPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  return {
    VAPID_PUBLIC_KEY: point.toString('base64url'),
    VAPID_PRIVATE_KEY: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url'),
  }
}

/** `npm run vapid`: prints a pair to put into `wrangler.toml` and a secret. */
if (import.meta.main) {
  const pair = makeVapid()
  console.log(`wrangler.toml, [vars]:  VAPID_PUBLIC_KEY = "${pair.VAPID_PUBLIC_KEY}"`)
  console.log(`npx wrangler secret put VAPID_PRIVATE_KEY, then paste:  ${pair.VAPID_PRIVATE_KEY}`)
}
