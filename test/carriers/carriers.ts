import type { EntryId } from '#shared/base/ids.ts'
import type {
  Carrier,
  ChannelConfig,
  Listing,
  ListQuery,
  RawRequest,
  Texting,
} from '#worker/carriers/carrier.ts'
import { simulator } from '#worker/carriers/simulator.ts'
import { sign } from '#worker/carriers/twilio-signature.ts'
import { twilio } from '#worker/carriers/twilio.ts'

/** One carrier as the contract suite sees it: what it is told, and how it says the same things. */
export interface Subject {
  name: string
  /** The text handed over, and the address of the channel's harmless GET. */
  send(text: Texting, signal?: AbortSignal): ReturnType<Carrier['send']>
  probe(): Promise<boolean>
  list(query: ListQuery, signal?: AbortSignal): Promise<Listing>
  verify(request: RawRequest): ReturnType<Carrier['verify']>
  parse: Carrier['parse']
  acknowledge: Carrier['acknowledge']
  answers: {
    accepted: Response
    rejected: Response
    optedOut: Response
    busy: Response
    noId: Response
    noReason: Response
  }
  /** The carrier's list, with these texts in it. */
  listing(
    texts: { id: string; from: string; to: string; text: string; at: number; state: string }[],
  ): Response
  /** What in a request says that the text is to leave as an MMS. */
  asMms: string
  /** Our callback address as it went out in a request. */
  callbackOf(body: string): string | null
  inbound(message: {
    id: string
    from: string
    to: string
    text?: string
    media?: string[]
  }): Promise<RawRequest>
  status(news: { id: string; state: string; code?: string }, query?: string): Promise<RawRequest>
}

export const ours = `x${'a'.repeat(26)}:0` as EntryId

export const texting: Texting = {
  ref: ours,
  from: '+13095550100',
  to: '+13095551234',
  text: 'Your car is ready & washed.',
  textOnly: false,
  callback: 'https://parley.example/hooks/carrier/channel/status',
}

const simulatorConfig = { carrier: 'simulator', secret: 'a secret', api: 'https://carrier.test/api' } as const
export const twilioConfig = {
  carrier: 'twilio',
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: '12345',
  publicAddress: 'https://parley.example',
  api: 'https://twilio.test',
} as const satisfies ChannelConfig

export const subjects: Subject[] = [
  {
    name: 'simulator',
    send: (text, signal = never()) => simulator.send(text, simulatorConfig, signal),
    probe: () => simulator.probe(simulatorConfig, never()),
    list: (query, signal = never()) => listOf(simulator.list?.(query, simulatorConfig, signal)),
    verify: (request) => simulator.verify(request, simulatorConfig),
    parse: (request) => simulator.parse(request),
    acknowledge: () => simulator.acknowledge(),
    get answers() {
      return {
        accepted: Response.json({ id: 'theirs' }),
        rejected: Response.json({ code: 'landline', text: 'Not a mobile' }, { status: 422 }),
        optedOut: Response.json({ code: 'opted out', text: 'They said stop' }, { status: 422 }),
        busy: Response.json(
          { code: 'busy', text: 'Later' },
          { status: 429, headers: { 'retry-after': '7' } },
        ),
        noId: Response.json({ fine: true }),
        noReason: Response.json({ fine: false }, { status: 400 }),
      }
    },
    listing: (texts) => Response.json(texts),
    asMms: '"mms":true',
    callbackOf: (body) => (JSON.parse(body) as { callback: string }).callback,
    async inbound({ media = [], ...message }) {
      const files = media.map((url) => ({ url, contentType: 'image/jpeg' }))
      return fromSimulator('inbound', { ...message, media: files })
    },
    async status({ id, state, code }, query = '') {
      return fromSimulator(
        'status',
        { id, state, ...(code ? { error: { code, text: 'a reason' } } : {}) },
        query,
      )
    },
  },
  {
    name: 'twilio',
    send: (text, signal = never()) => twilio.send(text, twilioConfig, signal),
    probe: () => twilio.probe(twilioConfig, never()),
    list: (query, signal = never()) => listOf(twilio.list?.(query, twilioConfig, signal)),
    verify: (request) => twilio.verify(request, twilioConfig),
    parse: (request) => twilio.parse(request),
    acknowledge: () => twilio.acknowledge(),
    get answers() {
      return {
        accepted: Response.json({ sid: 'theirs', status: 'queued' }, { status: 201 }),
        rejected: Response.json(twilioRefusal(21211, 400), { status: 400 }),
        optedOut: Response.json(twilioRefusal(21610, 400), { status: 400 }),
        busy: Response.json(twilioRefusal(20429, 429), { status: 429, headers: { 'retry-after': '7' } }),
        noId: Response.json({ status: 'queued' }, { status: 201 }),
        noReason: Response.json({ fine: false }, { status: 400 }),
      }
    },
    listing: (texts) => twilioPage(texts),
    asMms: 'SendAsMms=true',
    callbackOf: (body) => new URLSearchParams(body).get('StatusCallback'),
    async inbound({ id, from, to, text, media = [] }) {
      const files = media.flatMap((url, index) => [
        [`MediaUrl${index}`, url],
        [`MediaContentType${index}`, 'image/jpeg'],
      ])
      const form = new URLSearchParams([['MessageSid', id], ['From', from], ['To', to], ...files])
      form.set('NumMedia', String(media.length))
      if (text !== undefined) form.set('Body', text)
      return fromTwilio('inbound', form)
    },
    async status({ id, state, code }, query = '') {
      const form = new URLSearchParams({ MessageSid: id, MessageStatus: state })
      if (code) form.set('ErrorCode', code)
      return fromTwilio('status', form, query)
    },
  },
]

/** A form as Twilio posts it, signed with the auth token of `twilioConfig`. */
export async function fromTwilio(event: string, form: URLSearchParams, query = ''): Promise<RawRequest> {
  const path = `/hooks/twilio/northwind-twilio/${event}${query}`
  const signature = await sign(twilioConfig.publicAddress + path, [...form], twilioConfig.authToken)
  return {
    channel: 'northwind-twilio',
    event,
    url: `http://10.0.0.7:8080${path}`,
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'x-twilio-signature': signature,
    },
    body: new TextEncoder().encode(form.toString()),
  }
}

/** A page of Twilio's message list as its documentation shows one: dates in RFC 2822, whole seconds. */
export function twilioPage(texts: Parameters<Subject['listing']>[0], next: string | null = null): Response {
  const messages = texts.map(({ id, from, to, text, at, state }) => ({
    sid: id,
    from,
    to,
    body: text,
    status: state,
    error_code: state === 'undelivered' ? 30003 : null,
    date_created: new Date(at).toUTCString().replace('GMT', '+0000'),
    date_sent: null,
    direction: 'outbound-api',
  }))
  return Response.json({ messages, page: 0, page_size: 200, next_page_uri: next })
}

export function twilioRefusal(code: number, status: number) {
  return {
    code,
    message: `Twilio's words for ${code}`,
    more_info: `https://www.twilio.com/docs/errors/${code}`,
    status,
  }
}

function fromSimulator(event: string, value: unknown, query = ''): RawRequest {
  return {
    channel: 'northwind',
    event,
    url: `http://localhost:8787/hooks/simulator/northwind/${event}${query}`,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-simulator-secret': simulatorConfig.secret },
    body: new TextEncoder().encode(JSON.stringify(value)),
  }
}

function never(): AbortSignal {
  return new AbortController().signal
}

function listOf(listing: Promise<Listing> | undefined): Promise<Listing> {
  if (!listing) throw new Error('This carrier keeps no list.')
  return listing
}
