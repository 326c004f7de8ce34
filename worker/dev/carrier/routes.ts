import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { channelId } from '#shared/base/ids.ts'
import { secretHeader } from '#worker/carriers/simulator.ts'
import { faultsOf } from './faults.ts'
import { handed, handsetText, report } from './model.ts'
import type { SimulatedCarrier, SimulatorEnv } from './object.ts'
import { twilioStandIn } from './twilio-stand-in.ts'
import { answerSilence, carrierFor, fileAnswer, pause } from './reach.ts'
import { simulatorSecret } from './webhooks.ts'

/**
 * The simulated carrier over HTTP, for the dev entry to mount at `/simulator`. `carrier/...` and `twilio/...` are
 * what Parley calls as a carrier's customer; `api/...` is for people, tests and the handset page (design 9).
 */
export const simulatorRoutes = new Hono<{ Bindings: SimulatorEnv }>()

simulatorRoutes.route('/twilio', twilioStandIn)

simulatorRoutes.post('/carrier/:channel/send', async (c) => {
  if (c.req.header(secretHeader) !== simulatorSecret)
    return c.json({ code: 'credentials', text: 'Wrong secret.' }, 401)
  const text = handed.safeParse(await readJson(c))
  if (!text.success) return c.json({ code: 'invalid', text: z.prettifyError(text.error) }, 400)
  const carrier = await carrierFor(c, c.req.param('channel'))
  if (carrier === null) return c.json({ code: 'unknown', text: 'There is no such channel.' }, 404)
  const reception = await carrier.send(text.data)
  switch (reception.kind) {
    case 'refused':
      return c.json({ code: 'refused', text: 'The carrier refused this text' }, 422)
    case 'no media':
      return c.json({ code: '11200', text: 'A picture of this text could not be fetched' }, 422)
    case 'silent':
      return answerSilence()
    case 'accepted':
      await pause(reception.wait)
      return c.json({ id: reception.id })
  }
})

simulatorRoutes.get('/carrier/:channel/health', async (c) => {
  const carrier = await carrierFor(c, c.req.param('channel'))
  if (carrier === null) return c.json({ error: 'There is no such channel.' }, 404)
  const ok = await carrier.isHealthy()
  return c.json({ ok }, ok ? 200 : 503)
})

simulatorRoutes.get('/carrier/:channel/media/:name', async (c) => {
  if (c.req.header(secretHeader) !== simulatorSecret)
    return c.json({ code: 'credentials', text: 'Wrong secret.' }, 401)
  return fileAnswer(await carrierFor(c, c.req.param('channel')), c.req.param('name'))
})

/** The same files for the handset page. */
simulatorRoutes.get('/api/file', (c) =>
  withChannel(c, (carrier) => fileAnswer(carrier, c.req.query('name') ?? '')),
)

/** A file that a handset attaches: answers how its text names it. */
simulatorRoutes.post('/api/file', (c) =>
  withChannel(c, async (carrier) => {
    const bytes = new Uint8Array(await c.req.arrayBuffer())
    if (bytes.length === 0 || bytes.length > largestFile) return c.json({ error: 'At most 1.9 MB.' }, 413)
    return c.json(await carrier.attach({ contentType: c.req.header('content-type') ?? '', bytes }))
  }),
)

/** A row of the carrier's store holds 2 MB. */
const largestFile = 1_900_000

/** What the carrier has of the texts between two numbers, an outage apart. */
simulatorRoutes.get('/carrier/:channel/list', async (c) => {
  if (c.req.header(secretHeader) !== simulatorSecret)
    return c.json({ code: 'credentials', text: 'Wrong secret.' }, 401)
  const query = listQuery.safeParse(c.req.query())
  if (!query.success) return c.json({ code: 'invalid', text: z.prettifyError(query.error) }, 400)
  const carrier = await carrierFor(c, c.req.param('channel'))
  if (carrier === null) return c.json({ code: 'unknown', text: 'There is no such channel.' }, 404)
  if (!(await carrier.isHealthy())) return c.json({ error: 'The simulated carrier is out.' }, 503)
  const { from, to, since, until } = query.data
  return c.json(await carrier.list(from, to, since, until))
})

const listQuery = z.object({
  from: z.string(),
  to: z.string(),
  since: z.coerce.number(),
  until: z.coerce.number(),
})

simulatorRoutes.get('/api/sent', (c) => withChannel(c, async (carrier) => c.json(await carrier.sent())))

simulatorRoutes.get('/api/faults', (c) =>
  withChannel(c, async (carrier, channel) => c.json({ channel, ...(await carrier.faults()) })),
)

simulatorRoutes.post('/api/faults', (c) =>
  withBody(c, faultsOf, async (carrier, { channel, ...faults }) => {
    await carrier.setFaults(faults)
    return c.json({ channel, ...faults })
  }),
)

simulatorRoutes.post('/api/inbound', (c) =>
  withBody(c, handsetText.extend({ channel: channelId }), async (carrier, { channel: _, ...text }) =>
    c.json(await carrier.receive(text)),
  ),
)

/** A receipt by hand, for channels whose receipts are `manual`: `{channel, id, state, error?}`. */
simulatorRoutes.post('/api/receipt', (c) =>
  withBody(c, report.extend({ channel: channelId }), async (carrier, { channel: _, ...news }) =>
    (await carrier.report(news)) ? c.json({ ok: true }) : c.json({ error: 'There is no such text.' }, 404),
  ),
)

simulatorRoutes.get('/api/conversation', (c) =>
  withChannel(c, async (carrier) => {
    const handset = c.req.query('handset')
    if (!handset) return c.json({ error: 'handset: which number?' }, 400)
    return c.json(await carrier.conversation(handset, c.req.query('number') ?? null))
  }),
)

/** A WebSocket that says "changed" whenever anything of the channel did. */
simulatorRoutes.get('/api/follow', async (c) => {
  if (c.req.header('upgrade') !== 'websocket')
    return c.json({ error: 'This address wants a WebSocket.' }, 426)
  return withChannel(c, (carrier) => carrier.fetch(c.req.raw))
})

type Routed = Context<{ Bindings: SimulatorEnv }>
type Stub = DurableObjectStub<SimulatedCarrier>

/** Reads the channel from the query and runs `work` with its object; says what is wrong otherwise. */
async function withChannel(
  c: Routed,
  work: (carrier: Stub, channel: string) => Promise<Response>,
): Promise<Response> {
  const channel = c.req.query('channel') ?? ''
  const carrier = await carrierFor(c, channel)
  return carrier === null ? c.json({ error: 'channel: which one?' }, 400) : work(carrier, channel)
}

/** Reads a JSON body that names its channel and runs `work` with its object; says what is wrong otherwise. */
async function withBody<Body extends { channel: string }>(
  c: Routed,
  schema: z.ZodType<Body>,
  work: (carrier: Stub, body: Body) => Promise<Response>,
): Promise<Response> {
  const body = schema.safeParse(await readJson(c))
  if (!body.success) return c.json({ error: z.prettifyError(body.error) }, 400)
  const carrier = await carrierFor(c, body.data.channel)
  return carrier === null ? c.json({ error: 'channel: which one?' }, 400) : work(carrier, body.data)
}

/** The body as JSON whatever its declared type; undefined, which no schema takes, where it is none. */
async function readJson(c: Routed): Promise<unknown> {
  try {
    return JSON.parse(await c.req.text())
  } catch {
    return undefined
  }
}
