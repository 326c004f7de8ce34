type Bytes = Uint8Array<ArrayBuffer>

/** What a browser hands out with a push subscription, both in base64url: its public key and a shared secret. */
export interface PushKeys {
  /** Uncompressed P-256 point, 65 bytes. */
  p256dh: string
  /** 16 bytes. */
  auth: string
}

/** What RFC 8291 has the sender choose anew for every message. A test hands in those of the RFC. */
export interface Ephemeral {
  keys: CryptoKeyPair
  /** 16 bytes. */
  salt: Bytes
}

const recordSize = 4096

/**
 * A push message for one subscription in one `aes128gcm` record (RFC 8291, RFC 8188): only that browser can read
 * it, the push service cannot. Takes at most 3993 bytes of plaintext; throws where the keys are none.
 */
export async function encryptPush(
  plaintext: Bytes,
  { p256dh, auth }: PushKeys,
  ephemeral?: Ephemeral,
): Promise<Bytes> {
  if (plaintext.length > 3993) throw new Error('A push message holds at most 3993 bytes.')
  const { keys, salt } = ephemeral ?? {
    keys: (await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
      'deriveBits',
    ])) as CryptoKeyPair,
    salt: crypto.getRandomValues(new Uint8Array(16)),
  }
  const theirs = fromBase64Url(p256dh)
  const ours = new Uint8Array((await crypto.subtle.exportKey('raw', keys.publicKey)) as ArrayBuffer)
  const key = await crypto.subtle.importKey('raw', theirs, { name: 'ECDH', namedCurve: 'P-256' }, false, [])
  const shared = await crypto.subtle.deriveBits(
    // The Workers types call the field `$public`, the runtime and the standard `public`.
    { name: 'ECDH', public: key } as unknown as Parameters<SubtleCrypto['deriveBits']>[0],
    keys.privateKey,
    256,
  )
  const secret = await derive(
    new Uint8Array(shared),
    fromBase64Url(auth),
    join(utf8('WebPush: info\0'), theirs, ours),
    32,
  )
  const contentKey = await derive(secret, salt, utf8('Content-Encoding: aes128gcm\0'), 16)
  const nonce = await derive(secret, salt, utf8('Content-Encoding: nonce\0'), 12)
  const aes = await crypto.subtle.importKey('raw', contentKey, 'AES-GCM', false, ['encrypt'])
  // 2 marks the last record, and there is only one.
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce },
    aes,
    join(plaintext, Uint8Array.of(2)),
  )
  const size = new Uint8Array(4)
  new DataView(size.buffer).setUint32(0, recordSize)
  return join(salt, size, Uint8Array.of(ours.length), ours, new Uint8Array(sealed))
}

async function derive(secret: Bytes, salt: Bytes, info: Bytes, bytes: number): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
  const bits = await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, bytes * 8)
  return new Uint8Array(bits as ArrayBuffer)
}

/** UTF-8 in memory of its own: the encoder's may be shared memory by its type. */
export function utf8(words: string): Bytes {
  return new Uint8Array(new TextEncoder().encode(words))
}

function join(...parts: Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Bytes of base64url without padding; throws on anything else. */
export function fromBase64Url(encoded: string): Bytes {
  const binary = atob(encoded.replace(/-/gu, '+').replace(/_/gu, '/'))
  return Uint8Array.from(binary, (char) => char.charCodeAt(0))
}

export function toBase64Url(bytes: Bytes): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/gu, '-')
    .replace(/\//gu, '_')
    .replace(/=+$/u, '')
}
