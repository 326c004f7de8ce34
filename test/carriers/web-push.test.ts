import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { encryptPush, fromBase64Url, toBase64Url } from '#worker/push/encrypt.ts'
import { vapidHeader } from '#worker/push/vapid.ts'
import { makeVapid } from '#scripts/vapid.ts'
import { countOutside, noVectors, readVectors } from '#test/kit/vectors.ts'

const file = 'webpush/rfc8291-appendix-a.json'
const rfc = z.object({
  cases: z.array(
    z.object({
      plaintext: z.string(),
      as_private: z.string(),
      as_public: z.string(),
      ua_public: z.string(),
      auth_secret: z.string(),
      salt: z.string(),
      body: z.string(),
    }),
  ),
})

describe('web push', () => {
  it('encrypts as RFC 8291 shows it, byte for byte', async ({ skip }) => {
    const vectors = readVectors(file, rfc)
    if (vectors === null) return skip(noVectors)
    for (const known of vectors.cases) {
      const body = await encryptPush(
        new TextEncoder().encode(known.plaintext),
        { p256dh: known.ua_public, auth: known.auth_secret },
        {
          keys: await keysOf(known.as_private, known.as_public),
          salt: fromBase64Url(known.salt) as Uint8Array<ArrayBuffer>,
        },
      )
      expect(toBase64Url(body)).toBe(known.body)
    }
    countOutside(file, vectors.cases.length)
  })

  it('refuses what does not fit into one record', async () => {
    await expect(encryptPush(new Uint8Array(3994), { p256dh: '', auth: '' })).rejects.toThrow('3993')
  })

  it('signs for one push service and half a day (RFC 8292)', async () => {
    const { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey } = makeVapid()
    const now = Date.UTC(2026, 10, 25)
    const header = await vapidHeader(
      'https://push.example/send/1?x=2',
      'mailto:a@b.test',
      { publicKey, privateKey },
      now,
    )
    const [, head = '', claims = '', signature = '', k = ''] =
      /^vapid t=(.+)\.(.+)\.(.+), k=(.+)$/u.exec(header) ?? []
    expect(k).toBe(publicKey)
    expect(read(head)).toEqual({ typ: 'JWT', alg: 'ES256' })
    expect(read(claims)).toEqual({
      aud: 'https://push.example',
      exp: now / 1000 + 12 * 3600,
      sub: 'mailto:a@b.test',
    })
    const key = await crypto.subtle.importKey(
      'raw',
      fromBase64Url(publicKey) as Uint8Array<ArrayBuffer>,
      { name: 'ECDSA', namedCurve: 'P-256' },
      false,
      ['verify'],
    )
    const valid = await crypto.subtle.verify(
      { name: 'ECDSA', hash: 'SHA-256' },
      key,
      fromBase64Url(signature) as Uint8Array<ArrayBuffer>,
      new TextEncoder().encode(`${head}.${claims}`),
    )
    expect(valid).toBe(true)
  })
})

function read(part: string): unknown {
  return JSON.parse(new TextDecoder().decode(fromBase64Url(part)))
}

async function keysOf(secret: string, point: string): Promise<CryptoKeyPair> {
  const raw = fromBase64Url(point)
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: toBase64Url(raw.slice(1, 33)),
    y: toBase64Url(raw.slice(33)),
    ext: true,
  }
  const curve = { name: 'ECDH', namedCurve: 'P-256' }
  return {
    privateKey: await crypto.subtle.importKey('jwk', { ...jwk, d: secret }, curve, true, ['deriveBits']),
    publicKey: await crypto.subtle.importKey('jwk', jwk, curve, true, []),
  }
}
