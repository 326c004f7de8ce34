import { Hono } from 'hono'
import { z } from 'zod'
import { accountId, channelId } from '#shared/base/ids.ts'
import { mobileUserOf, parseAddress } from '#shared/base/phone.ts'
import { makeApp } from './app.ts'
import type { Carriers } from './carriers/outside.ts'
import { outsideOf } from './carriers/outside.ts'
import { simulator } from './carriers/simulator.ts'
import { twilio } from './carriers/twilio.ts'
import { simulatorRoutes } from './dev/carrier/routes.ts'
import { inboundWebhook, signed } from './dev/carrier/webhooks.ts'
import { DevAccount } from './dev/dev-account.ts'
import type { DevEnv } from './dev/env.ts'
import { seed } from './dev/seed/seed.ts'
import type { Env } from './env.ts'
import { indexTexts } from './history/search.ts'
import { historyPage, purgeDeleted } from './history/store.ts'
import { sweepArrivals } from './queues/arrivals.ts'
import { consume } from './queues/consume.ts'

/**
 * The development entry: the deployed app, and beside it the simulated carrier, the seed and the handset page.
 * `wrangler.toml` deploys `worker/index.ts`, which imports none of this.
 */
export { Door } from './door/door.ts'
export { SimulatedCarrier } from './dev/carrier/object.ts'

const carriers: Carriers = {
  find: (config) => (config.carrier === 'twilio' ? twilio : simulator),
  named: (carrier) => (carrier === 'twilio' ? twilio : carrier === 'simulator' ? simulator : null),
}

export class Account extends DevAccount {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, outsideOf(carriers))
  }
}

const app = new Hono<{ Bindings: DevEnv }>()

app.route('/simulator', simulatorRoutes)

/** Moves an account's clock: what takes ten minutes takes a moment. */
app.post('/simulator/api/clock', async (context) => {
  const asked = z
    .object({ account: accountId, ms: z.number() })
    .safeParse(await context.req.json().catch(() => null))
  if (!asked.success) return context.json({ error: 'account and ms are needed.' }, 400)
  const { account, ms } = asked.data
  const now = await context.env.ACCOUNT.get(context.env.ACCOUNT.idFromName(account)).shiftClock(ms)
  return context.json({ now })
})

/** Takes the durable history away, and brings it back. */
app.post('/simulator/api/history', async (context) => {
  const asked = z.object({ down: z.boolean() }).safeParse(await context.req.json().catch(() => null))
  if (!asked.success) return context.json({ error: 'down is needed.' }, 400)
  DevAccount.historyDown = asked.data.down
  return context.json(asked.data)
})

const crowd = z
  .object({ account: accountId, from: z.int().min(0), count: z.int().min(1).max(400) })
  .refine(({ from, count }) => from + count <= 10_000)

/** Adds people with conversations: what a large replica is measured with. */
app.post('/simulator/api/crowd', async (context) => {
  const asked = crowd.safeParse(await context.req.json().catch(() => null))
  if (!asked.success) return context.json({ error: 'account, from and count are needed.' }, 400)
  const { account, from, count } = asked.data
  await context.env.ACCOUNT.get(context.env.ACCOUNT.idFromName(account)).gather(from, count)
  return context.json({ from, count })
})

/** Adds agents who are signed in already: what many sockets are measured with. */
app.post('/simulator/api/people', async (context) => {
  const asked = z
    .object({ account: accountId, count: z.int().min(1).max(50) })
    .safeParse(await context.req.json().catch(() => null))
  if (!asked.success) return context.json({ error: 'account and count are needed.' }, 400)
  const { account, count } = asked.data
  const people = await context.env.ACCOUNT.get(context.env.ACCOUNT.idFromName(account)).people(account, count)
  return context.json({ people })
})

/** Ends an account's object as a crash does; the next request wakes it again. */
app.post('/simulator/api/die', async (context) => {
  const asked = z.object({ account: accountId }).safeParse(await context.req.json().catch(() => null))
  if (!asked.success) return context.json({ error: 'account is needed.' }, 400)
  const account = context.env.ACCOUNT.get(context.env.ACCOUNT.idFromName(asked.data.account))
  try {
    await account.die('asked to')
  } catch {
    // The call ends with the object: that it throws is what was asked for.
  }
  return context.json({})
})

/**
 * So many webhooks at once to a company, each from another customer: what fan-out is measured with. They go through
 * everything that a webhook goes through, but for the network before it.
 */
app.post('/simulator/api/burst', async (context) => {
  const asked = z
    .object({ channel: channelId, to: z.string(), mark: z.string().max(40), count: z.int().min(1).max(1000) })
    .safeParse(await context.req.json().catch(() => null))
  if (!asked.success) return context.json({ error: 'channel, to, mark and count are needed.' }, 400)
  const { channel, to, mark, count } = asked.data
  const answers = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const message = { from: `+1217555${1000 + index}`, to, text: `${mark} How much is it?`, media: [] }
      const webhook = await signed(context.req.url, inboundWebhook(channel, `${mark}${index}`, message))
      return parley.fetch(webhook, context.env, context.executionCtx)
    }),
  )
  return context.json({ count: answers.filter(({ ok }) => ok).length })
})

/** How far the durable history lags behind an account: nothing is measured while it catches up. */
app.get('/simulator/api/history', async (context) => {
  const account = accountId.safeParse(context.req.query('account'))
  if (!account.success) return context.json({ error: 'account is needed.' }, 400)
  const entries = await context.env.ACCOUNT.get(context.env.ACCOUNT.idFromName(account.data)).unflushed()
  return context.json({ entries })
})

/** Has people of the crowd text once more: what a device is measured with that was away. */
app.post('/simulator/api/crowd/texts', async (context) => {
  const asked = crowd
    .and(z.object({ round: z.string().max(20) }))
    .safeParse(await context.req.json().catch(() => null))
  if (!asked.success) return context.json({ error: 'account, from, count and round are needed.' }, 400)
  const { account, from, count, round } = asked.data
  await context.env.ACCOUNT.get(context.env.ACCOUNT.idFromName(account)).speak(from, count, round)
  return context.json({ from, count })
})

/** What an account holds of a person's thread, history included: what a test compares with what it sent. */
app.get('/simulator/api/thread', async (context) => {
  const account = accountId.safeParse(context.req.query('account'))
  const address = parseAddress(context.req.query('handset') ?? '')
  if (!account.success || !address) return context.json({ error: 'account and handset are needed.' }, 400)
  const user = mobileUserOf(address)
  const entries = await context.env.ACCOUNT.get(context.env.ACCOUNT.idFromName(account.data)).threadOf(user)
  const older = await historyPage(context.env.HISTORY, account.data, user, entries[0]?.order ?? 1, 5000)
  const texts = [...older.toReversed(), ...entries].flatMap((entry) =>
    entry.kind === 'inbound' ? [entry.text] : [],
  )
  return context.json({ texts })
})

app.mount('/', (request, env, context) => parley.fetch(request, env, context), {
  replaceRequest: (request) => request,
})

const parley = makeApp(carriers, async (env) => {
  await seed(env as unknown as DevEnv, env.PUBLIC_ADDRESS)
  return true
})

export default {
  fetch: app.fetch,
  queue: (batch, env) => consume(batch, env as unknown as Env, carriers),
  scheduled: async (event, env) => {
    await Promise.all([
      sweepArrivals(env as unknown as Env, carriers),
      purgeDeleted(env.HISTORY, event.scheduledTime),
      indexTexts(env.HISTORY, env.SEARCH, 20),
    ])
  },
} satisfies ExportedHandler<DevEnv>
