import { Hono } from 'hono'
import { z } from 'zod'
import { limits } from '#shared/wire/limits.ts'
import type { AccountId } from '#shared/base/ids.ts'
import type { Env } from '../env.ts'
import { markUsed, personOf } from '../directory.ts'
import { newCookie, noCookie, readCookie, sha256 } from './cookie.ts'

const body = z.object({
  email: z.string().max(320),
  password: z.string().max(2_000_000),
  code: z.string().max(20).optional(),
  /** "This computer is shared": the browser keeps the session no longer than it is open. */
  shared: z.boolean().optional(),
})

/** One text for every reason, so that nobody learns which emails exist. */
const wrong = { text: 'That email and password do not belong together.' }

/** Signing in and out [F24, E26]. */
export const signIn = new Hono<{ Bindings: Env }>()

signIn.post('/api/sign-in', async (context) => {
  const { env, req } = context
  const parsed = body.safeParse(await req.json().catch(() => null))
  if (!parsed.success) return context.json({ text: 'Email and password are needed.' }, 400)
  const email = parsed.data.email.trim().toLowerCase()
  const network = env.DOOR.get(
    env.DOOR.idFromName(`network ${networkOf(req.header('cf-connecting-ip') ?? '')}`),
  )
  const crowd = await network.wait(limits.failuresPerNetwork)
  if (crowd > 0) return tooFast(crowd)

  const person = await personOf(env, email)
  const door = env.DOOR.get(env.DOOR.idFromName(`email ${await sha256(email)}`))
  const attempt = await door.knock(parsed.data.password, person?.password ?? null)
  if (attempt.kind === 'wait') return tooFast(attempt.ms)
  const membership = person?.memberships[0]
  if (attempt.kind === 'wrong' || !person || !membership) {
    await network.fail()
    return context.json(wrong, 401)
  }
  const cookie = await newCookie(membership.account, parsed.data.shared)
  const opened = await accountOf(env, membership.account).openSession(
    cookie.hash,
    membership.agent,
    req.header('user-agent') ?? '',
  )
  if (!opened) return context.json(wrong, 401)
  context.executionCtx.waitUntil(markUsed(env, person.id, membership.account, Date.now()))
  return context.body(null, 204, { 'set-cookie': cookie.header })
})

signIn.post('/api/sign-out', async (context) => {
  const cookie = await readCookie(context.req.raw)
  if (cookie) await accountOf(context.env, cookie.account).closeSession(cookie.hash)
  // Pictures may be kept by the browser's own cache: they go with the session (ASVS 14.3.1).
  return context.body(null, 204, { 'set-cookie': noCookie, 'clear-site-data': '"cache"' })
})

export function accountOf(env: Env, account: AccountId) {
  return env.ACCOUNT.get(env.ACCOUNT.idFromName(account))
}

function tooFast(ms: number): Response {
  return Response.json(
    { text: 'Too many attempts. Try again in a moment.' },
    { status: 429, headers: { 'retry-after': String(Math.ceil(ms / 1000)) } },
  )
}

/** Where a knock comes from: an IPv4 address, or the /64 that one household or office has. */
export function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip
  const [head = '', tail = ''] = ip.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail.split(':').filter(Boolean)
  const zeros = ip.includes('::')
    ? Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
    : []
  return [...left, ...zeros, ...right].slice(0, 4).join(':')
}
