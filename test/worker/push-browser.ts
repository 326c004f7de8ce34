import { toBase64Url } from '#worker/push/encrypt.ts'

/** A browser's side of web push: the keys it hands out, and what it makes of a message (RFC 8291, 3.4). */
export class Browser {
  readonly p256dh: string
  readonly auth: string
  readonly #keys: CryptoKeyPair
  readonly #public: Uint8Array<ArrayBuffer>
  readonly #secret: Uint8Array<ArrayBuffer>

  private constructor(keys: CryptoKeyPair, point: Uint8Array<ArrayBuffer>, secret: Uint8Array<ArrayBuffer>) {
    this.#keys = keys
    this.#public = point
    this.#secret = secret
    this.p256dh = toBase64Url(point)
    this.auth = toBase64Url(secret)
  }

  static async open(): Promise<Browser> {
    const keys = (await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
      'deriveBits',
    ])) as CryptoKeyPair
    const point = new Uint8Array((await crypto.subtle.exportKey('raw', keys.publicKey)) as ArrayBuffer)
    return new Browser(keys, point, crypto.getRandomValues(new Uint8Array(16)))
  }

  /** The message in plain; rejects where it was meant for another browser. */
  async read(body: Uint8Array<ArrayBuffer>): Promise<unknown> {
    const [salt, sender, sealed] = [body.slice(0, 16), body.slice(21, 86), body.slice(86)]
    const theirs = await crypto.subtle.importKey(
      'raw',
      sender,
      { name: 'ECDH', namedCurve: 'P-256' },
      false,
      [],
    )
    const shared = await crypto.subtle.deriveBits(
      { name: 'ECDH', public: theirs } as unknown as Parameters<SubtleCrypto['deriveBits']>[0],
      this.#keys.privateKey,
      256,
    )
    const info = new Uint8Array([...text('WebPush: info\0'), ...this.#public, ...sender])
    const ikm = await hkdf(new Uint8Array(shared), this.#secret, info, 32)
    const key = await hkdf(ikm, salt, text('Content-Encoding: aes128gcm\0'), 16)
    const iv = await hkdf(ikm, salt, text('Content-Encoding: nonce\0'), 12)
    const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt'])
    const plain = new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, aes, sealed))
    return JSON.parse(new TextDecoder().decode(plain.slice(0, plain.lastIndexOf(2))))
  }
}

async function hkdf(
  secret: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
  bytes: number,
): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, bytes * 8),
  )
}

function text(words: string): Uint8Array {
  return new TextEncoder().encode(words)
}
