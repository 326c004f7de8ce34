import { secretsMatch, sha256, utf8 } from './constant-time.ts'

/** Form parameters as they came, in order and with repeats. */
export type Fields = readonly (readonly [name: string, value: string])[]

/**
 * Twilio's request signature: base64(HMAC-SHA1(auth token, address and parameters)). Parameters are sorted by
 * name and appended as name and value without separators; of a repeated name, each distinct value once, sorted.
 * (twilio.com/docs/usage/webhooks/webhooks-security; twilio-node src/webhooks/webhooks.ts.)
 */
export async function sign(address: string, fields: Fields, authToken: string): Promise<string> {
  const key = await crypto.subtle.importKey('raw', utf8(authToken), { name: 'HMAC', hash: 'SHA-1' }, false, [
    'sign',
  ])
  const mac = await crypto.subtle.sign('HMAC', key, utf8(address + joinFields(fields)))
  return btoa(String.fromCharCode(...new Uint8Array(mac)))
}

/**
 * Whether a signature fits an address and all received parameters. Twilio adds parameters without notice, so
 * there is no list of expected ones. The four readings of the address are those of `readingsOf`.
 */
export async function isSigned(
  address: string,
  fields: Fields,
  signature: string,
  authToken: string,
): Promise<boolean> {
  let fits = false
  for (const reading of readingsOf(address)) {
    if (await secretsMatch(signature, await sign(reading, fields, authToken))) fits = true
  }
  return fits
}

/** Whether a JSON body is the one whose SHA-256, in hex, stands in the signed address as `bodySHA256`. */
export async function isBodyOf(body: Uint8Array<ArrayBuffer>, bodySHA256: string): Promise<boolean> {
  const digest = await sha256(body)
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return secretsMatch(bodySHA256.toLowerCase(), hex)
}

/**
 * The addresses that Twilio may have signed: its backend is not consistent about the port (none, or the given or
 * standard one) nor about `'` in the query (as it is, or `%27`). User info stays. Plain text work, because `URL`
 * would rewrite what has to stay byte for byte.
 */
export function readingsOf(address: string): Set<string> {
  const parts = /^(https?):\/\/([^/?#]*@)?([^/?#@]*?)(?::([0-9]+))?([/?#].*)?$/s.exec(address)
  if (parts === null) return new Set([address])
  const [, scheme = '', user = '', host = '', port, rest = ''] = parts
  const split = rest.indexOf('?')
  const path = split < 0 ? rest : rest.slice(0, split)
  const query = split < 0 ? '' : rest.slice(split)
  const readings = new Set<string>()
  for (const authority of [host, `${host}:${port ?? (scheme === 'https' ? '443' : '80')}`]) {
    for (const quoted of [query, query.replaceAll('%27', "'"), query.replaceAll("'", '%27')]) {
      readings.add(`${scheme}://${user}${authority}${path}${quoted}`)
    }
  }
  return readings
}

function joinFields(fields: Fields): string {
  const distinct = new Map(fields.map(([name, value]) => [`${name}\u0000${value}`, { name, value }]))
  return [...distinct.values()]
    .toSorted((a, b) => compare(a.name, b.name) || compare(a.value, b.value))
    .map(({ name, value }) => name + value)
    .join('')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
