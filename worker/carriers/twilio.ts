import { z } from 'zod'
import type { Handover, Receipt } from '#shared/core/input.ts'
import type { Media } from '#shared/model/entry.ts'
import { call, reaches } from './answer.ts'
import { callbackWith, messageIn } from './callback.ts'
import type { Listed } from '#shared/rules/lookup.ts'
import type {
  Carrier,
  CarrierEvent,
  ChannelConfig,
  Listing,
  MediaRequest,
  RawRequest,
  Verification,
} from './carrier.ts'
import { twilioErrors } from './twilio-errors.ts'
import { isBodyOf, isSigned, type Fields } from './twilio-signature.ts'

type TwilioConfig = Extract<ChannelConfig, { carrier: 'twilio' }>

/** Twilio's Programmable Messaging, REST API version 2010-04-01 (spec/interop 1.2), without its SDK. */
export const twilio: Carrier<TwilioConfig> = {
  async verify(request, config): Promise<Verification> {
    const signature = request.headers['x-twilio-signature']
    if (!signature) return { ok: false, reason: 'no signature' }
    const address = config.publicAddress.replace(/\/+$/, '') + pathOf(request.url)
    const bodySHA256 = new URLSearchParams(queryOf(address)).get('bodySHA256')
    if (isForm(request)) {
      const fits = await isSigned(address, fieldsOf(request), signature, config.authToken)
      return fits ? { ok: true } : { ok: false, reason: 'bad signature' }
    }
    if (bodySHA256 === null) return { ok: false, reason: 'no body hash' }
    if (!(await isBodyOf(new Uint8Array(request.body), bodySHA256)))
      return { ok: false, reason: 'bad body hash' }
    const fits = await isSigned(address, [], signature, config.authToken)
    return fits ? { ok: true } : { ok: false, reason: 'bad signature' }
  },

  parse(request): CarrierEvent | null {
    if (!isForm(request)) return null
    const fields = new Map(fieldsOf(request))
    const carrierId = fields.get('MessageSid') ?? fields.get('SmsSid') ?? fields.get('SmsMessageSid')
    if (!carrierId || carrierId.length > longestId) return null
    return request.event === 'status'
      ? parseStatus(carrierId, fields, request.url)
      : parseInbound(carrierId, fields)
  },

  /** An empty TwiML document: taken, and nothing to be answered by Twilio itself. */
  acknowledge: () => new Response('<Response/>', { headers: { 'content-type': 'text/xml' } }),

  async send(text, config, signal): Promise<Handover> {
    const answer = await call(`${accountAddress(config)}/Messages.json`, {
      method: 'POST',
      headers: {
        authorization: authorizationOf(config),
        'content-type': formType,
        accept: 'application/json',
      },
      body: new URLSearchParams([
        ['To', text.to],
        ['From', text.from],
        ['Body', text.text],
        ...(text.textOnly ? [['SendAsMms', 'true']] : []),
        ...(text.media ?? []).map((url) => ['MediaUrl', url]),
        ['StatusCallback', callbackWith(text.callback, text.ref)],
      ]).toString(),
      signal,
    })
    if ('kind' in answer) return answer
    if (answer.status < 300) {
      const message = accepted.safeParse(answer.json)
      if (message.success) return { kind: 'accepted', carrierId: message.data.sid }
      return { kind: 'silent', text: 'The carrier sent an answer that names no message.' }
    }
    const refusal = refused.safeParse(answer.json)
    if (!refusal.success)
      return { kind: 'silent', text: `The carrier answered ${answer.status} without a reason.` }
    const code = String(refusal.data.code)
    const known = twilioErrors[code]
    const words = known?.text ?? refusal.data.message
    if (answer.status === 429 || known?.busy)
      return { kind: 'busy', code, text: words, retryAfter: answer.retryAfter }
    return { kind: 'rejected', code, text: words, optedOut: known?.optedOut ?? false }
  },

  /**
   * Twilio's API wants credentials for media and answers with a redirect to its own store, which must not see them
   * (twilio.com/docs/messaging/api/media-resource).
   */
  media(address, config): MediaRequest | null {
    if (address.host === 'api.twilio.com' || address.host === new URL(config.api).host) {
      if (!address.pathname.startsWith('/2010-04-01/Accounts/')) return null
      const url = config.api.replace(/\/+$/, '') + address.pathname
      return { url, headers: { authorization: authorizationOf(config) } }
    }
    const isStore =
      ['media.twiliocdn.com', 'mms.twiliocdn.com'].includes(address.host) ||
      (address.host === 's3-external-1.amazonaws.com' && address.pathname.startsWith('/media.twiliocdn.com/'))
    return isStore ? { url: address.href, headers: {} } : null
  },

  probe: (config, signal) =>
    reaches(`${accountAddress(config)}.json`, {
      headers: { authorization: authorizationOf(config) },
      signal,
    }),

  /**
   * Pages through the messages between two numbers, newest first. Not narrowed by `DateSent`: a message that is
   * still queued has none, and it is the one that must not be missed.
   */
  async list({ from, to, since, until }, config, signal): Promise<Listing> {
    const query = new URLSearchParams({ From: from, To: to, PageSize: String(pageSize) })
    const base = accountAddress(config)
    const texts: Listed[] = []
    let address: string | null = `${base}/Messages.json?${query.toString()}`
    for (let pages = 0; address !== null; pages++) {
      if (pages === pagesAtMost) return { kind: 'too many' }
      const headers = { authorization: authorizationOf(config), accept: 'application/json' }
      const answer: Awaited<ReturnType<typeof call>> = await call(address, { headers, signal })
      if ('kind' in answer) return answer
      const page = messageList.safeParse(answer.json)
      if (!page.success) {
        const refusal = refused.safeParse(answer.json)
        const busy = answer.status === 429 || (refusal.success && twilioErrors[refusal.data.code]?.busy)
        if (busy) return { kind: 'busy', retryAfter: answer.retryAfter }
        return { kind: 'silent', text: `The carrier answered ${answer.status} and no list.` }
      }
      const { messages, next_page_uri } = page.data
      texts.push(...messages.map(readListed).filter(({ at }) => at >= since && at <= until))
      const isPast = messages.length > 0 && messages.every(({ date_created }) => date_created < since)
      address = isPast || next_page_uri === null ? null : nextPage(config, next_page_uri)
    }
    return { kind: 'listed', texts }
  },
}

/** Messages asked for at once, and how often: two people hardly exchange more in the time that counts. */
const pageSize = 200
const pagesAtMost = 5

const messageList = z.object({
  messages: z.array(
    z.object({
      sid: z.string().min(1).max(100),
      from: z.string().nullable(),
      to: z.string(),
      body: z.string().nullable(),
      status: z.string(),
      error_code: z.number().nullable().default(null),
      date_created: z
        .string()
        .transform((date) => Date.parse(date))
        .refine(Number.isFinite),
    }),
  ),
  next_page_uri: z.string().nullable().default(null),
})

function readListed(message: z.infer<typeof messageList>['messages'][number]): Listed {
  const { sid, from, to, body, status, error_code, date_created } = message
  return {
    carrierId: sid,
    from: from ?? '',
    to,
    text: body ?? '',
    at: date_created,
    receipt: receiptOf(status.toLowerCase(), error_code === null ? '' : String(error_code)) ?? {
      state: 'sent',
    },
  }
}

/** The next page is a path at the same host: our credentials go nowhere else, whatever the answer says. */
function nextPage(config: TwilioConfig, path: string): string {
  return config.api.replace(/\/+$/, '') + (path.startsWith('/') ? path : `/${path}`)
}

const formType = 'application/x-www-form-urlencoded'
/** A message SID has 34 characters; a hundred leaves room without letting a body become a key. */
const longestId = 100

const accepted = z.object({ sid: z.string().min(1).max(longestId) })
const refused = z.object({ code: z.number(), message: z.string() })

/**
 * A text without a `Body`, without a `To` (it names a messaging service instead) or from a sender that is no
 * E.164 number happens in real life (spec/interop 1.2) and is kept: only who and which is needed.
 */
function parseInbound(carrierId: string, fields: ReadonlyMap<string, string>): CarrierEvent | null {
  const from = fields.get('From')?.trim()
  if (!from) return null
  const to = fields.get('To') ?? fields.get('MessagingServiceSid') ?? ''
  return { kind: 'inbound', carrierId, from, to, text: textOf(fields), media: mediaOf(fields) }
}

function textOf(fields: ReadonlyMap<string, string>): string {
  const body = fields.get('Body') ?? ''
  if (body !== '' || fields.get('MessageType') !== 'location') return body
  return `Location: ${fields.get('Latitude') ?? '?'}, ${fields.get('Longitude') ?? '?'}`
}

/**
 * The media of a text. `.smil` is the layout of an MMS and nothing to look at. What is not at an https address
 * would never be fetched (design 5) and is left out, so that it cannot become a link either.
 */
function mediaOf(fields: ReadonlyMap<string, string>): Media[] {
  const media: Media[] = []
  const count = Number(fields.get('NumMedia') ?? 0)
  for (let index = 0; index < count && fields.has(`MediaUrl${index}`); index++) {
    const url = URL.parse(fields.get(`MediaUrl${index}`) ?? '')
    const contentType = fields.get(`MediaContentType${index}`) ?? 'application/octet-stream'
    const layout = contentType.toLowerCase().startsWith('application/smil') || url?.pathname.endsWith('.smil')
    if (url?.protocol === 'https:' && !layout) media.push({ url: url.href, contentType })
  }
  return media
}

function parseStatus(
  carrierId: string,
  fields: ReadonlyMap<string, string>,
  address: string,
): CarrierEvent | null {
  const status = fields.get('MessageStatus') ?? fields.get('SmsStatus')
  if (!status) return null
  const receipt = receiptOf(status.toLowerCase(), fields.get('ErrorCode') ?? '')
  return receipt === null
    ? { kind: 'ignored' }
    : { kind: 'receipt', carrierId, message: messageIn(address), receipt }
}

/**
 * Twilio's message states as ours. "Sent" says that the carrier has the text, which its queue already proves: a
 * text whose answer was lost is settled by the first of them. States that Twilio may add later change nothing.
 */
function receiptOf(status: string, errorCode: string): Receipt | null {
  switch (status) {
    case 'accepted':
    case 'scheduled':
    case 'queued':
    case 'sending':
    case 'sent':
    case 'partially_delivered':
      return { state: 'sent' }
    case 'delivered':
    case 'read':
      return { state: 'delivered' }
    case 'canceled':
      return { state: 'failed', code: errorCode || 'canceled', text: 'Cancelled at the carrier' }
    case 'undelivered':
    case 'failed': {
      const text = twilioErrors[errorCode]?.text ?? 'The carrier could not deliver this text'
      return { state: status, code: errorCode || status, text }
    }
    default:
      return null
  }
}

function isForm(request: RawRequest): boolean {
  return (request.headers['content-type'] ?? '').toLowerCase().startsWith(formType)
}

function fieldsOf(request: RawRequest): Fields {
  return [
    ...new URLSearchParams(new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(request.body)),
  ]
}

/** Path and query as they came. `URL` would quote what Twilio signed as it was. */
function pathOf(address: string): string {
  return address.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/#.*$/s, '')
}

function queryOf(address: string): string {
  return address.split('?').slice(1).join('?')
}

function accountAddress(config: TwilioConfig): string {
  return `${config.api.replace(/\/+$/, '')}/2010-04-01/Accounts/${encodeURIComponent(config.accountSid)}`
}

function authorizationOf(config: TwilioConfig): string {
  return `Basic ${btoa(`${config.accountSid}:${config.authToken}`)}`
}
