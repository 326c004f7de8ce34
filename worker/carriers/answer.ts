import type { Handover } from '#shared/core/input.ts'
import { second } from '#shared/base/time.ts'

/** What a carrier's API said to a request: its status and, where the body was JSON, that. */
export interface Answer {
  status: number
  json: unknown
  /** Milliseconds that the carrier asks to wait, from `Retry-After`. */
  retryAfter: number
}

/**
 * Calls a carrier's API once. Never throws: whatever `fetch` throws, a redirect, every 5xx and a body that is no
 * JSON mean that the fate of the request is unknown, and that is `silent` [E22]. `retryable` is not read:
 * refused, reset and accepted-then-reset look alike.
 */
export async function call(
  address: string,
  request: RequestInit,
): Promise<Answer | Extract<Handover, { kind: 'silent' }>> {
  try {
    const response = await fetch(address, { ...request, redirect: 'manual' })
    const { status, headers } = response
    if (status >= 500 || (status >= 300 && status < 400)) {
      await response.body?.cancel()
      return { kind: 'silent', text: `The carrier answered ${status}.` }
    }
    const json: unknown = await response.json()
    return { status, json, retryAfter: readRetryAfter(headers.get('retry-after')) }
  } catch (error) {
    return { kind: 'silent', text: error instanceof Error ? error.message : String(error) }
  }
}

/** Whether a harmless GET is answered by anything but a failure. Never throws. */
export async function reaches(address: string, request: RequestInit): Promise<boolean> {
  try {
    const response = await fetch(address, { ...request, redirect: 'manual' })
    await response.body?.cancel()
    return response.status < 500
  } catch {
    return false
  }
}

/**
 * `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), in milliseconds: at least 1 s, at most 10 minutes,
 * so that neither a zero nor a slip of the carrier's makes us hammer or forget it. 5 s where it says nothing.
 */
export function readRetryAfter(header: string | null, now: number = Date.now()): number {
  const text = header?.trim() ?? ''
  const wait = /^[0-9]+$/.test(text) ? Number(text) * second : Date.parse(text) - now
  return Number.isFinite(wait) ? Math.min(Math.max(wait, second), 600 * second) : 5 * second
}
