import { Hono } from 'hono'
import { z } from 'zod'
import type { SessionOf } from '../account/object.ts'
import type { Env } from '../env.ts'
import { fromBase64Url } from '../push/encrypt.ts'
import { isPushService } from '../push/post.ts'
import { accountOf } from './sign-in.ts'

const bytes = (count: number) =>
  z
    .string()
    .max(200)
    .regex(/^[\w-]+$/u)
    .refine((encoded) => fromBase64Url(encoded).length === count)

const subscription = z.object({
  endpoint: z.string().max(1000),
  p256dh: bytes(65),
  auth: bytes(16),
  reach: z.enum(['mine', 'groups', 'all']),
  words: z.boolean(),
})

/** Notifications for the browser of a session; they end with it. */
export const push = new Hono<{ Bindings: Env; Variables: { session: SessionOf; hash: string } }>()

/** The key that a browser subscribes under; null where this deployment sends no notifications. */
push.get('/api/push', (context) => context.json({ key: context.env.VAPID_PUBLIC_KEY ?? null }))

push.put('/api/push', async (context) => {
  const { env } = context
  const asked = subscription.safeParse(await context.req.json().catch(() => null))
  if (!asked.success) return context.json({ text: 'This is not a push subscription.' }, 400)
  if (!isPushService(asked.data.endpoint, env.PUSH_SERVICES))
    return context.json({ text: "This browser's push service is not known here." }, 400)
  await accountOf(env, context.var.session.account).subscribe(context.var.hash, asked.data)
  return context.body(null, 204)
})

push.delete('/api/push', async (context) => {
  await accountOf(context.env, context.var.session.account).subscribe(context.var.hash, null)
  return context.body(null, 204)
})
