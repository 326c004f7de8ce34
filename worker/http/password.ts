import { Hono } from 'hono'
import { z } from 'zod'
import { refusePassword } from '#shared/rules/password.ts'
import type { SessionOf } from '../account/object.ts'
import { changePassword, personBehind } from '../directory.ts'
import type { Env } from '../env.ts'
import { sha256 } from './cookie.ts'
import { accountOf } from './sign-in.ts'

const body = z.object({ current: z.string().max(2_000_000), next: z.string().max(2_000_000) })

/** One's own password, changed by who knows the one before [F37]. */
export const passwords = new Hono<{ Bindings: Env; Variables: { session: SessionOf; hash: string } }>()

/**
 * Takes `{current, next}` and ends every other session of the person, in all their accounts: `{ended, complete}`. A
 * refusal names the field that it is about. Neither password is logged or kept anywhere but as a hash.
 */
passwords.put('/api/password', async (context) => {
  const { env, req } = context
  const { session, hash } = context.var
  const asked = body.safeParse(await req.json().catch(() => null))
  if (!asked.success)
    return context.json({ field: 'current', text: 'The current and a new password are needed.' }, 400)
  const { current, next } = asked.data
  const about = [session.email, session.email.split('@')[0] ?? '', session.name, session.accountName]
  const refusal = refusePassword(next, about)
  if (refusal !== null) return context.json({ field: 'next', text: refusal }, 400)
  if (next === current)
    return context.json({ field: 'next', text: 'This is the password that you have.' }, 400)
  const person = await personBehind(env, session)
  if (!person) return context.json({ field: 'current', text: 'Nobody signs in as this agent.' }, 404)
  const door = env.DOOR.get(env.DOOR.idFromName(`email ${await sha256(person.email)}`))
  const attempt = await door.knock(current, person.password)
  if (attempt.kind === 'wait') {
    const seconds = Math.ceil(attempt.ms / 1000)
    const text = `Too many attempts. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`
    return context.json({ field: 'current', text }, 429, { 'retry-after': String(seconds) })
  }
  if (attempt.kind === 'wrong')
    return context.json({ field: 'current', text: 'This is not your current password.' }, 403)
  if (!(await changePassword(env, person, await door.hash(next))))
    return context.json(
      { field: 'current', text: 'Your password was changed from elsewhere meanwhile.' },
      409,
    )
  const ends = await Promise.allSettled(
    person.memberships.map((membership) =>
      accountOf(env, membership.account).endSessions(
        membership.agent,
        membership.account === session.account ? hash : null,
      ),
    ),
  )
  for (const end of ends)
    if (end.status === 'rejected') console.error('Sessions were not ended after a new password.', end.reason)
  const ended = ends.reduce((sum, end) => sum + (end.status === 'fulfilled' ? end.value : 0), 0)
  return context.json({ ended, complete: ends.every(({ status }) => status === 'fulfilled') })
})
