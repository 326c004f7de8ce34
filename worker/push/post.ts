import { hour } from '#shared/base/time.ts'
import { readRetryAfter } from '../carriers/answer.ts'
import { encryptPush, utf8, type PushKeys } from './encrypt.ts'
import { vapidHeader, type VapidKeys } from './vapid.ts'

/** One message for one browser. */
export interface PushMessage extends PushKeys {
  endpoint: string
  /** What the service worker reads; see `client/public/push.js`. */
  payload: object
  /** A later message of the same topic takes the place of one that waits: at most 32 characters (RFC 8030, 5.4). */
  topic: string
}

/** `gone`: nobody has this subscription any more. */
export type PushOutcome = { kind: 'sent' } | { kind: 'gone' } | { kind: 'refused'; status: number } | Busy
interface Busy {
  kind: 'later'
  /** Milliseconds to wait at least. */
  after: number
}

/** A push service keeps a message this long for a browser that is away: yesterday's texts are no news. */
const lifetime = 4 * hour

/** Hands one message to its push service (RFC 8030). Never throws for what the network does. */
export async function postPush(
  message: PushMessage,
  contact: string,
  keys: VapidKeys,
  now: number,
  signal: AbortSignal,
): Promise<PushOutcome> {
  const body = await encryptPush(utf8(JSON.stringify(message.payload)), message)
  const authorization = await vapidHeader(message.endpoint, contact, keys, now)
  try {
    const response = await fetch(message.endpoint, {
      method: 'POST',
      redirect: 'manual',
      signal,
      headers: {
        authorization,
        'content-encoding': 'aes128gcm',
        'content-type': 'application/octet-stream',
        ttl: String(lifetime / 1000),
        topic: message.topic,
        urgency: 'high',
      },
      body,
    })
    await response.body?.cancel()
    const { status } = response
    if (status === 404 || status === 410) return { kind: 'gone' }
    if (status === 429 || status >= 500)
      return { kind: 'later', after: readRetryAfter(response.headers.get('retry-after')) }
    return status < 300 ? { kind: 'sent' } : { kind: 'refused', status }
  } catch {
    return { kind: 'later', after: 0 }
  }
}

/**
 * Whether an address that a browser names is one of a push service: https, and one of `hosts` (comma separated,
 * `*.` stands for any name before it). Anything else would have Parley call whomever a page likes. `localhost` is
 * for development and may be plain.
 */
export function isPushService(endpoint: string, hosts: string): boolean {
  const url = URL.parse(endpoint)
  if (!url || url.username !== '' || url.password !== '') return false
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && url.hostname === 'localhost')) return false
  return hosts
    .split(',')
    .map((host) => host.trim())
    .some((host) => (host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.host === host))
}
