import { Hono } from 'hono'
import { base32 } from '#shared/base/ids.ts'
import { limits } from '#shared/wire/limits.ts'
import type { Carrier, RawRequest } from '../carriers/carrier.ts'
import type { Carriers } from '../carriers/outside.ts'
import { channelOf, type ChannelOf } from '../directory.ts'
import type { Env } from '../env.ts'
import { keepArrival } from '../queues/arrivals.ts'
import { accountOf } from './sign-in.ts'

/** How long a webhook waits for the account object before it keeps the raw request in R2 instead [E23]. */
const objectPatience = 1200
/** How long it waits for the object to hear that something was kept. */
const tellPatience = 300

/**
 * Carriers' webhooks: verify over the raw body, make it durable, answer. 2xx only once it is durable: in the
 * object, or in R2 where the object cannot be reached or has no room for more in this second [E30]; else 5xx, and the
 * carrier repeats [P1].
 */
export function webhooks(carriers: Carriers): Hono<{ Bindings: Env }> {
  const hooks = new Hono<{ Bindings: Env }>()
  hooks.post('/hooks/:carrier/:channel/:event{inbound|status}', async (context) => {
    const { env, req } = context
    const carrier = carriers.named(req.param('carrier'))
    if (!carrier) return context.body(null, 404)
    const raw = await readRaw(req.raw, req.param('channel'), req.param('event'))
    if (raw === null) return context.body(null, 413)
    let channel: ChannelOf | null
    try {
      channel = await channelOf(env, req.param('channel'), Date.now())
    } catch {
      // D1 is down and this channel was never seen: keep it unverified, judge it later.
      return kept(env, carrier, raw, null)
    }
    if (channel?.config.carrier !== req.param('carrier')) return context.body(null, 404)
    const account = accountOf(env, channel.account)
    const count = (what: string) =>
      context.executionCtx.waitUntil(Promise.resolve(account.count(what)).catch(() => undefined))
    const verified = await carrier.verify(raw, channel.config)
    if (!verified.ok) {
      count('webhook: bad signature')
      return context.body(null, 401)
    }
    const event = carrier.parse(raw)
    if (event === null) {
      count('webhook: not understood')
      return context.body(null, 400)
    }
    if (event.kind === 'ignored') return carrier.acknowledge()
    try {
      const answer = await within(objectPatience, Promise.resolve(account.arrive(channel.id, event)))
      if (answer === 'later') return kept(env, carrier, raw, channel)
    } catch (fault) {
      console.error('arrival', channel.id, fault instanceof Error ? fault.message : 'fault')
      return kept(env, carrier, raw, channel)
    }
    return carrier.acknowledge()
  })
  return hooks
}

async function kept(
  env: Env,
  carrier: Carrier,
  raw: RawRequest,
  channel: ChannelOf | null,
): Promise<Response> {
  const id = base32(crypto.getRandomValues(new Uint8Array(16)))
  const done = await keepArrival(env, raw, channel !== null, id)
  // Before the 2xx: an object that is only slow lets no text leave from here on until this one is in [P4].
  if (done && channel) await tellKept(env, channel)
  return done ? carrier.acknowledge() : new Response(null, { status: 503, headers: { 'retry-after': '5' } })
}

/** An object that cannot be told has to start anew or is told by the queue, and asks for what is kept by itself. */
async function tellKept(env: Env, channel: ChannelOf): Promise<void> {
  try {
    await within(tellPatience, Promise.resolve(accountOf(env, channel.account).kept()))
  } catch (fault) {
    console.error('kept', channel.id, fault instanceof Error ? fault.message : 'fault')
  }
}

/** The request as it came, or null where its body is over the limit. Read in pieces: a length can lie. */
async function readRaw(request: Request, channel: string, event: string): Promise<RawRequest | null> {
  const pieces: Uint8Array[] = []
  let size = 0
  if (Number(request.headers.get('content-length') ?? 0) > limits.webhook) return null
  for await (const piece of request.body ?? []) {
    size += piece.length
    if (size > limits.webhook) return null
    pieces.push(piece)
  }
  const body = new Uint8Array(size)
  let offset = 0
  for (const piece of pieces) {
    body.set(piece, offset)
    offset += piece.length
  }
  return {
    channel,
    event,
    url: request.url,
    method: request.method,
    headers: Object.fromEntries(request.headers),
    body,
  }
}

async function within<Result>(ms: number, promise: Promise<Result>): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The account did not answer in time.')), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
