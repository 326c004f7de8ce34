import type { Copied } from '#shared/core/input.ts'
import { limits } from '#shared/wire/limits.ts'
import { sizeWords } from '#shared/rules/media.ts'
import type { Carrier, ChannelConfig } from '../carriers/carrier.ts'

/** What asking a carrier for media came to. `missing`: it has none at that address, perhaps not yet. */
export type Fetched = Copied | { kind: 'missing' } | { kind: 'silent'; why: string }

/** Twilio redirects once to its store; one more is left to it. */
const redirectsAtMost = 2

/**
 * Fetches a customer's media from their carrier: over https, from the carrier's own hosts, each redirect looked at
 * anew, up to a size [fault W8]. The address is what a webhook said, so it may be anything at all. Answers the bytes,
 * or what came in their place; never throws.
 */
export async function fetchMedia(
  carrier: Carrier,
  config: ChannelConfig,
  address: string,
  signal: AbortSignal,
): Promise<Uint8Array | Fetched> {
  let url = URL.parse(address)
  try {
    for (let hops = 0; hops <= redirectsAtMost; hops++) {
      const request = url && isPlain(url) ? carrier.media(url, config) : null
      if (request === null) return lost('Its address is not one of the carrier.')
      const response = await fetch(request.url, { headers: request.headers, redirect: 'manual', signal })
      const { status } = response
      if (status === 200) return await readMedia(response)
      await response.body?.cancel()
      if (status >= 300 && status < 400) {
        url = URL.parse(response.headers.get('location') ?? '', url?.href)
        continue
      }
      if (status === 404 || status === 410) return { kind: 'missing' }
      return { kind: 'silent', why: `The carrier answered ${status}.` }
    }
    return lost('The carrier sends from one address to the next.')
  } catch (fault) {
    return { kind: 'silent', why: fault instanceof Error ? fault.message : String(fault) }
  }
}

/** An https address with the usual port and nobody's name in it. */
function isPlain(url: URL): boolean {
  return url.protocol === 'https:' && url.port === '' && url.username === '' && url.password === ''
}

/** The body, read in pieces: a length can lie. */
async function readMedia(response: Response): Promise<Uint8Array | Fetched> {
  const bytes = await readWithin(response.body, limits.media)
  if (bytes === null) return lost(`It is larger than ${sizeWords(limits.media)}.`)
  return bytes.length === 0 ? { kind: 'missing' } : bytes
}

/** A body of at most `most` bytes; null where it has more. */
export async function readWithin(
  body: ReadableStream<Uint8Array> | null,
  most: number,
): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body ?? []) {
    size += piece.length
    // Leaving the loop cancels the stream.
    if (size > most) return null
    pieces.push(piece)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

function lost(why: string): Fetched {
  return { kind: 'lost', why }
}
