import { entryId, type EntryId } from '#shared/base/ids.ts'

/**
 * Our message id travels in the address that a carrier reports to, because no carrier's send call honours an
 * idempotency key [E22]: a receipt that carries it settles a text whose answer never came.
 */
export function callbackWith(callback: string, message: EntryId): string {
  return `${callback}${callback.includes('?') ? '&' : '?'}message=${encodeURIComponent(message)}`
}

/** Our message id from the address that a receipt came to, or null where there is none that could be ours. */
export function messageIn(address: string): EntryId | null {
  const query = address.slice(address.indexOf('?') + 1)
  if (query === address) return null
  const parsed = entryId.safeParse(new URLSearchParams(query).get('message'))
  return parsed.success ? parsed.data : null
}
