import type { AccountId, MediaId } from '#shared/base/ids.ts'
import { keptType } from '#shared/rules/sniff.ts'
import type { Env } from '../env.ts'

/** Where an account's media stand. The account comes from a session, a sealed link or the object itself. */
export function mediaKey(account: AccountId, id: MediaId): string {
  return `accounts/${account}/media/${id}`
}

/** Keeps media under the type that their bytes have, and answers it. Keeping the same again changes nothing. */
export async function keepMedia(
  env: Env,
  account: AccountId,
  id: MediaId,
  bytes: Uint8Array,
  said: string,
): Promise<{ contentType: string; bytes: number }> {
  const contentType = keptType(bytes, said)
  await env.MEDIA.put(mediaKey(account, id), bytes, { httpMetadata: { contentType } })
  return { contentType, bytes: bytes.length }
}

/**
 * Media as an answer that can do no harm, whatever they are: nothing in them runs, no other site may embed them, and
 * the browser takes the type for what it says. What a browser cannot show by itself is downloaded [F133]. Null where
 * there is none.
 */
export async function mediaAnswer(
  env: Env,
  account: AccountId,
  id: MediaId,
  method: string,
): Promise<Response | null> {
  const key = mediaKey(account, id)
  const object = method === 'HEAD' ? await env.MEDIA.head(key) : await env.MEDIA.get(key)
  if (!object) return null
  const contentType = object.httpMetadata?.contentType ?? 'application/octet-stream'
  const headers = new Headers({
    'content-type': contentType,
    'content-length': String(object.size),
    // Twilio wants a short file name without spaces (twilio.com/docs/sms/accepted-mime-types).
    'content-disposition': `${contentType.startsWith('image/') ? 'inline' : 'attachment'}; filename="${fileName(contentType)}"`,
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'private, max-age=31536000, immutable',
  })
  return new Response('body' in object ? (object as R2ObjectBody).body : null, { headers })
}

/** "picture.jpg": the kind and the ending that programs know it by. */
function fileName(contentType: string): string {
  const [kind = '', type = ''] = contentType.split('/')
  const ending = endings[type] ?? type.replace(/[^a-z0-9]/g, '').slice(0, 5)
  const name = kind === 'image' ? 'picture' : ['audio', 'video'].includes(kind) ? kind : 'file'
  return `${name}.${ending || 'bin'}`
}

const endings: Record<string, string> = {
  jpeg: 'jpg',
  mpeg: 'mp3',
  quicktime: 'mov',
  '3gpp': '3gp',
  '3gpp2': '3g2',
  vcard: 'vcf',
  'x-vcard': 'vcf',
  'octet-stream': 'bin',
}
