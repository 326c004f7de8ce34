import { Hono } from 'hono'
import { z } from 'zod'
import { may } from '#shared/rules/permissions.ts'
import type { SessionOf } from '../account/object.ts'
import type { Carriers } from '../carriers/outside.ts'
import type { Env } from '../env.ts'
import { listParked, retryParked } from '../queues/parked.ts'

const named = z.object({ channel: z.string().max(40), id: z.string().regex(/^[a-z0-9-]{1,60}$/u) })

/** What was set aside of a company's arrivals, for whoever may see texts to unknown numbers as well [fault S7]. */
export function parked(
  carriers: Carriers,
): Hono<{ Bindings: Env; Variables: { session: SessionOf; hash: string } }> {
  const routes = new Hono<{ Bindings: Env; Variables: { session: SessionOf; hash: string } }>()

  routes.get('/api/parked', async (context) => {
    const { account, role } = context.var.session
    if (!may(role, 'see strays')) return context.json({ text: 'Only admins see what was set aside.' }, 403)
    return context.json(await listParked(context.env, carriers, account))
  })

  /** Brings one in: 204 once it is in its conversation, 409 with the reason where it is not. */
  routes.post('/api/parked/retry', async (context) => {
    const { account, role } = context.var.session
    if (!may(role, 'see strays')) return context.json({ text: 'Only admins see what was set aside.' }, 403)
    const asked = named.safeParse(await context.req.json().catch(() => null))
    if (!asked.success) return context.json({ text: 'This names nothing that was set aside.' }, 400)
    switch (await retryParked(context.env, carriers, account, asked.data)) {
      case 'taken':
        return context.body(null, 204)
      case 'unknown':
        return context.json({ text: 'It is not set aside any more.' }, 404)
      case 'later':
        return context.json({ text: 'Too much comes in at the moment. Try again in a minute.' }, 409)
      case 'failed':
        return context.json(
          { text: 'It failed again, and stays here with all that came. Nothing is lost.' },
          409,
        )
    }
  })
  return routes
}
