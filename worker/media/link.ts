import { z } from 'zod'
import { accountId, entryId, mediaId, type AccountId, type EntryId, type MediaId } from '#shared/base/ids.ts'
import { day } from '#shared/base/time.ts'
import { fromBase64Url, toBase64Url } from '../push/encrypt.ts'

/** How long a carrier may fetch a picture that it was handed: longer than any queue of one is. */
export const linkGoodFor = 1 * day

const content = z.object({ account: accountId, media: mediaId, message: entryId, until: z.number() })

/**
 * The path under which a carrier fetches one picture of one message [E29]: sealed with AES-256-GCM under the Worker's
 * key, so that it says nothing to who reads it, opens nothing else, and cannot be made by anybody else.
 */
export async function sealLink(
  link: { account: AccountId; media: MediaId; message: EntryId },
  key: string,
  now: number,
): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const plain = new TextEncoder().encode(JSON.stringify({ ...link, until: now + linkGoodFor }))
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await linkKey(key), plain)
  return `/m/${toBase64Url(new Uint8Array([...iv, ...new Uint8Array(sealed)]))}`
}

/** What a link opens; null where it is none of ours, or too old. */
export async function openLink(
  token: string,
  key: string,
  now: number,
): Promise<{ account: AccountId; media: MediaId } | null> {
  if (!/^[\w-]{40,1000}$/.test(token)) return null
  try {
    const bytes = fromBase64Url(token)
    const plain = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: bytes.slice(0, 12) },
      await linkKey(key),
      bytes.slice(12),
    )
    const link = content.parse(JSON.parse(new TextDecoder().decode(plain)))
    return now <= link.until ? link : null
  } catch {
    // Not sealed by us, which is all that can be said of it.
    return null
  }
}

/** A key of its own beside the one for credentials: neither opens what the other sealed. */
async function linkKey(key: string): Promise<CryptoKey> {
  const whole = await crypto.subtle.importKey('raw', new TextEncoder().encode(key), 'HKDF', false, [
    'deriveKey',
  ])
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: new TextEncoder().encode('media links') },
    whole,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  )
}
