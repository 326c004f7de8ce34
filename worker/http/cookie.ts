import { accountId, type AccountId } from '#shared/base/ids.ts'
import { absoluteLimit } from '../account/sessions.ts'

/**
 * The session cookie: `<account>.<256-bit secret>`, with `.shared` behind it on a shared computer. The account part
 * only routes; the account object holds the secret's SHA-256 and is asked by every authenticated request [E26].
 */
const name = '__Host-sid'

export interface SessionCookie {
  account: AccountId
  /** Hex SHA-256 of the secret. */
  hash: string
  /** Of a shared computer, which is to keep nothing: no answer may stay in its cache. */
  isShared: boolean
}

export async function readCookie(request: Request): Promise<SessionCookie | null> {
  const header = request.headers.get('cookie') ?? ''
  const value = header
    .split(/;\s*/)
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1)
  const [account, secret, kind] = value?.split('.') ?? []
  const parsed = accountId.safeParse(account)
  if (!parsed.success || secret === undefined || !/^[0-9a-f]{64}$/.test(secret)) return null
  return { account: parsed.data, hash: await sha256(secret), isShared: kind === 'shared' }
}

/**
 * A fresh secret with its hash and the header that hands it to the browser. On a shared computer the browser forgets
 * it when it closes.
 */
export async function newCookie(
  account: AccountId,
  isShared = false,
): Promise<{ hash: string; header: string }> {
  const secret = hex(crypto.getRandomValues(new Uint8Array(32)))
  const age = isShared ? '' : ` Max-Age=${Math.floor(absoluteLimit / 1000)};`
  return {
    hash: await sha256(secret),
    header: `${name}=${account}.${secret}${isShared ? '.shared' : ''}; Path=/;${age} Secure; HttpOnly; SameSite=Lax`,
  }
}

export const noCookie = `${name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`

export async function sha256(text: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
