import { fromBase64, toBase64 } from 'lib0/buffer'
import { z } from 'zod'
import type { ChannelConfig } from './carrier.ts'

const config: z.ZodType<ChannelConfig> = z.discriminatedUnion('carrier', [
  z.object({ carrier: z.literal('simulator'), secret: z.string(), api: z.string() }),
  z.object({
    carrier: z.literal('twilio'),
    accountSid: z.string(),
    authToken: z.string(),
    publicAddress: z.string(),
    api: z.string(),
  }),
])

/** Encrypts what is secret about a channel: AES-256-GCM under the Worker's key, nonce first, base64. */
export async function seal(channel: ChannelConfig, key: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const plain = new TextEncoder().encode(JSON.stringify(channel))
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await aesKey(key), plain)
  return toBase64(new Uint8Array([...iv, ...new Uint8Array(sealed)]))
}

/** Decrypts a channel's credentials; each distinct text once per isolate, since every text out needs them. */
export async function open(sealed: string, key: string): Promise<ChannelConfig> {
  const known = opened.get(sealed)
  if (known) return known
  const bytes = fromBase64(sealed)
  const plain = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: bytes.slice(0, 12) },
    await aesKey(key),
    bytes.slice(12),
  )
  const channel = config.parse(JSON.parse(new TextDecoder().decode(plain)))
  opened.set(sealed, channel)
  return channel
}

const opened = new Map<string, ChannelConfig>()

function aesKey(key: string): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', fromBase64(key).slice(), 'AES-GCM', false, ['encrypt', 'decrypt'])
}
