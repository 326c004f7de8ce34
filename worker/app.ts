import { Hono } from 'hono'
import type { Carriers } from './carriers/outside.ts'
import type { Env } from './env.ts'
import { api } from './http/api.ts'
import { operator } from './http/operator.ts'
import { parked } from './http/parked.ts'
import { refuseOtherSites, securityHeaders } from './http/security.ts'
import { mediaLinks } from './http/media.ts'
import { signIn } from './http/sign-in.ts'
import { webhooks } from './http/webhooks.ts'

export const version = '0.1.0'

/** The Worker's routes. `ready` says whether everything that `start` promises is there. */
export function makeApp(
  carriers: Carriers,
  ready: (env: Env, request: Request) => Promise<boolean>,
): Hono<{ Bindings: Env }> {
  const app = new Hono<{ Bindings: Env }>()
  app.use('*', securityHeaders)
  app.get('/healthz', async (context) => {
    const ok = await ready(context.env, context.req.raw)
    return context.json({ ok, version }, ok ? 200 : 503)
  })
  app.route('/', webhooks(carriers))
  app.route('/', mediaLinks)
  app.route('/', operator)
  app.use('/api/*', refuseOtherSites)
  app.route('/', signIn)
  app.route('/', api)
  app.route('/', parked(carriers))
  app.onError((fault, context) => {
    // An id to find the log by, and nothing of what went wrong: that is for the log alone (ASVS 16.5).
    const id = crypto.randomUUID()
    console.error('fault', id, fault)
    return context.json({ text: 'Something went wrong here. It has been noted.', id }, 500)
  })
  app.notFound((context) => context.json({ text: 'There is nothing here.' }, 404))
  return app
}
