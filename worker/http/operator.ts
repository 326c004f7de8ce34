import { Hono } from 'hono'
import { z } from 'zod'
import { accountId, type AccountId } from '#shared/base/ids.ts'
import { day } from '#shared/base/time.ts'
import { secretsMatch } from '../carriers/constant-time.ts'
import type { Env } from '../env.ts'
import { durableHistory } from '../history/store.ts'
import { accountOf } from './sign-in.ts'

/** How far back an object's storage is kept by the platform (Durable Objects, point-in-time recovery). */
const kept = 30 * day
/** A shorter secret counts as none: the routes are not there then. */
const shortestSecret = 32

const asked = z.object({ account: accountId, time: z.int() })

/**
 * What an operator of the deployment asks for, by a secret of the Worker and never by a session: no agent, and nobody
 * who took over an agent's browser, can do it. Without the right secret there is nothing here.
 */
export const operator = new Hono<{ Bindings: Env }>()

operator.use('/operator/*', async (context, next) => {
  const { OPERATOR_SECRET: secret = '' } = context.env
  const given = context.req.header('authorization')?.match(/^Bearer (.+)$/)?.[1] ?? ''
  if (secret.length < shortestSecret || !(await secretsMatch(given, secret))) return context.notFound()
  return next()
})

/**
 * Puts an account's object back to a moment [E24]. The epoch is raised in D1 first: whatever becomes of the rest, no
 * device and no flush takes the old life for the new one. Answers the bookmark by which this can be taken back.
 */
operator.post('/operator/restore', async (context) => {
  const parsed = asked.safeParse(await context.req.json().catch(() => null))
  if (!parsed.success) return context.json({ text: 'account and time (ms since 1970) are needed.' }, 400)
  const { account, time } = parsed.data
  const now = Date.now()
  if (time >= now) return context.json({ text: 'This moment is not over yet.' }, 400)
  if (time < now - kept) return context.json({ text: 'Storage is kept for 30 days.' }, 400)
  const history = durableHistory(context.env.HISTORY)
  const head = await history.head(account)
  if (head === null) return context.json({ text: `There is no account ${account}.` }, 404)
  const object = accountOf(context.env, account)
  const bookmark = await object.bookmarkAt(time)
  if (bookmark === null)
    return context.json(
      { text: 'This runtime keeps no history of an object: it has that on Cloudflare only.' },
      501,
    )
  const epoch = await history.raise(account, head.epoch)
  if (epoch === null)
    return context.json({ text: 'Another restore of this account has just begun. Nothing was done.' }, 409)
  const undo = await object.returnTo(bookmark)
  await tellNextLife(context.env, account)
  return context.json({ account, epoch, undo })
})

/**
 * D1 has the new epoch; should it fall away before the object has asked, the object knows from here that it was put
 * back [P4]. Where nobody answers here, it finds out from D1 alone, as from any other restore.
 */
async function tellNextLife(env: Env, account: AccountId): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      if (await accountOf(env, account).wentBack()) return
    } catch (fault) {
      console.warn('The life before has ended.', fault instanceof Error ? fault.message : 'fault')
    }
    await scheduler.wait(50)
  }
  console.error(`The account ${account} could not be told that it was put back.`)
}
