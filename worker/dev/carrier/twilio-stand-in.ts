import { Hono } from 'hono'
import { z } from 'zod'
import { parseAddress } from '#shared/base/phone.ts'
import { measure } from '#shared/rules/content.ts'
import { messageIn } from '#worker/carriers/callback.ts'
import type { SentText } from './model.ts'
import type { SimulatorEnv } from './object.ts'
import { answerSilence, carrierFor, fileAnswer, pause } from './reach.ts'
import { twilioAccount } from './webhooks.ts'

/**
 * Twilio's REST API as far as Parley calls it, with the faults of channel `northwind-twilio`. Shapes and error
 * texts are Twilio's (twilio.com/docs/messaging/api/message-resource), so that the adapter can't tell the two apart.
 */
export const twilioStandIn = new Hono<{ Bindings: SimulatorEnv }>()

const base = '/2010-04-01/Accounts'

twilioStandIn.use(`${base}/*`, async (c, next) => {
  const { sid, authToken } = twilioAccount
  const account = c.req.path.split(`${base}/`)[1]?.split(/[/.]/)[0]
  if (c.req.header('authorization') !== `Basic ${btoa(`${sid}:${authToken}`)}` || account !== sid) {
    return refuse(20003, 'Authenticate', 401)
  }
  return next()
})

twilioStandIn.get(`${base}/:account{AC[0-9a-f]+\\.json}`, async (c) => {
  const carrier = await carrierFor(c, twilioAccount.channel)
  if (carrier === null || !(await carrier.isHealthy())) return refuse(20500, 'Internal Server Error', 503)
  return c.json({ sid: twilioAccount.sid, friendly_name: 'Northwind Auto', status: 'active', type: 'Full' })
})

twilioStandIn.post(`${base}/:sid/Messages.json`, async (c) => {
  const form = new URLSearchParams(await c.req.text())
  const to = form.get('To') ?? ''
  const text = form.get('Body') ?? ''
  const urls = form.getAll('MediaUrl')
  if (to === '') return refuse(21604, "A 'To' phone number is required.")
  if (parseAddress(to) === null) return refuse(21211, `Invalid 'To' Phone Number: ${to}`)
  const from = form.get('From') ?? ''
  if (from === '') return refuse(21603, "A 'From' phone number is required.")
  if (from === to) return refuse(21266, "'To' and 'From' number cannot be the same")
  if (text === '' && urls.length === 0) return refuse(21602, 'Message body is required.')
  if (text.length > longestBody)
    return refuse(21617, 'The concatenated message body exceeds the 1600 character limit.')
  const carrier = await carrierFor(c, twilioAccount.channel)
  if (carrier === null) return refuse(20404, 'Not found', 404)
  const callback = form.get('StatusCallback') ?? ''
  const media = urls.map((url) => ({ url, contentType: 'application/octet-stream' }))
  const mms = form.get('SendAsMms') === 'true'
  const reception = await carrier.send({
    ref: messageIn(callback) ?? '',
    from,
    to,
    text,
    media,
    mms,
    callback,
  })
  switch (reception.kind) {
    case 'refused':
      return refuse(
        21612,
        `Message cannot be sent with the current combination of 'To' (${to}) and/or 'From' (${from}) parameters`,
      )
    case 'no media':
      return refuse(21620, 'Invalid media URL(s)')
    case 'silent':
      return answerSilence()
    case 'accepted':
      await pause(reception.wait)
      return c.json(resource({ id: reception.id, ref: '', from, to, text, media, mms, at: Date.now() }), 201)
  }
})

/** Media of messages. Twilio answers with a redirect to its store, which the stand-in plays itself. */
twilioStandIn.get(`${base}/:sid/Messages/:message/Media/:name`, async (c) =>
  fileAnswer(await carrierFor(c, twilioAccount.channel), c.req.param('name')),
)

/** The message list, newest first as Twilio's is, narrowed by `To` and `From`. */
twilioStandIn.get(`${base}/:sid/Messages.json`, async (c) => {
  const carrier = await carrierFor(c, twilioAccount.channel)
  if (carrier === null || !(await carrier.isHealthy())) return refuse(20500, 'Internal Server Error', 503)
  const { To, From, PageSize } = c.req.query()
  const size = z.coerce.number().int().min(1).max(1000).catch(50).parse(PageSize)
  const found = (await carrier.sent()).filter(
    ({ from, to }) => (!To || to === To) && (!From || from === From),
  )
  const messages = found.toReversed().slice(0, size).map(resource)
  return c.json({ messages, page: 0, page_size: size, next_page_uri: null, uri: new URL(c.req.url).pathname })
})

twilioStandIn.all('*', () => refuse(20404, 'The requested resource was not found', 404))

/** Twilio takes 1,600 characters (error 21617). */
const longestBody = 1600

function resource(message: SentText): Record<string, unknown> {
  const date = new Date(message.at).toUTCString().replace('GMT', '+0000')
  return {
    sid: message.id,
    account_sid: twilioAccount.sid,
    api_version: '2010-04-01',
    body: message.text,
    date_created: date,
    date_updated: date,
    date_sent: null,
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from: message.from,
    messaging_service_sid: null,
    num_media: String(message.media.length),
    num_segments: String(message.mms ? 1 : measure(message.text, 'concatenate').parts),
    price: null,
    price_unit: 'USD',
    status: 'queued',
    to: message.to,
    uri: `${base}/${twilioAccount.sid}/Messages/${message.id}.json`,
  }
}

function refuse(code: number, message: string, status = 400): Response {
  return Response.json(
    { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
    { status },
  )
}
