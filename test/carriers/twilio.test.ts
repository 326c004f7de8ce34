import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { clean } from '#shared/base/text.ts'
import { limits } from '#shared/wire/limits.ts'
import type { RawRequest } from '#worker/carriers/carrier.ts'
import { isBodyOf, isSigned, readingsOf, sign, type Fields } from '#worker/carriers/twilio-signature.ts'
import { twilio } from '#worker/carriers/twilio.ts'
import { countOutside, noVectors, readVectors } from '#test/kit/vectors.ts'
import { fromTwilio, subjects, texting, twilioConfig, twilioPage, twilioRefusal } from './carriers.ts'

afterEach(() => vi.unstubAllGlobals())

const params = z.record(z.string(), z.union([z.string(), z.array(z.string())]))
const request = z.object({
  method: z.string(),
  protocol: z.string(),
  host: z.string(),
  originalUrl: z.string(),
  signature: z.string().nullable(),
  body: z.union([params, z.string()]),
})
const validator = z.object({
  cases: z.array(
    z.discriminatedUnion('fn', [
      z.object({
        fn: z.literal('validateRequest'),
        name: z.string(),
        auth_token: z.string(),
        signature: z.string().nullable(),
        url: z.string(),
        params,
        expected: z.boolean(),
      }),
      z.object({
        fn: z.literal('validateBody'),
        name: z.string(),
        body: z.string(),
        body_sha256: z.string(),
        expected: z.boolean(),
      }),
      z.object({
        fn: z.literal('validateRequestWithBody'),
        name: z.string(),
        auth_token: z.string(),
        signature: z.string(),
        url: z.string(),
        body: z.union([params, z.string()]),
        expected: z.boolean(),
      }),
      z.object({
        fn: z.literal('middleware'),
        name: z.string(),
        auth_token: z.string(),
        options: z
          .object({ host: z.string(), protocol: z.string(), url: z.string(), validate: z.boolean() })
          .partial()
          .nullable(),
        request,
        expected_status: z.number(),
      }),
    ]),
  ),
})
type Case = z.infer<typeof validator>['cases'][number]

describe('the signature', () => {
  it("[fault W4] agrees with every case of Twilio's own request validator", async ({ skip }) => {
    const file = 'webhook/twilio-node.request-validator.json'
    const vectors = readVectors(file, validator)
    if (vectors === null) return skip(noVectors)
    for (const known of vectors.cases) {
      const expected = known.fn === 'middleware' ? known.expected_status === 200 : known.expected
      expect(await judge(known), known.name).toBe(expected)
    }
    countOutside(file, vectors.cases.length)
  })

  it('[fault W4] covers every byte of the body, also of parameters that nobody listed', async () => {
    const form = new URLSearchParams({
      MessageSid: 'SM1',
      From: '+13095551234',
      To: '+13095550102',
      Body: 'Hi',
      NewIn2027: 'yes',
    })
    const signed = await fromTwilio('inbound', form)
    expect(await twilio.verify(signed, twilioConfig)).toEqual({ ok: true })
    for (let index = 0; index < signed.body.length; index++) {
      const body = Uint8Array.from(signed.body)
      body[index] = (body[index] ?? 0) ^ 1
      expect(await twilio.verify({ ...signed, body }, twilioConfig), `byte ${index}`).toMatchObject({
        ok: false,
      })
    }
  })

  it("[fault W4] is checked over the configured address, whatever the request's own says", async () => {
    const form = new URLSearchParams({ MessageSid: 'SM1', From: '+13095551234' })
    const signed = await fromTwilio('status', form, "?message=it's&x=%27y")
    expect(signed.url).not.toContain(twilioConfig.publicAddress)
    expect(await twilio.verify(signed, twilioConfig)).toEqual({ ok: true })
    const elsewhere = { ...twilioConfig, publicAddress: 'https://attacker.example' }
    expect(await twilio.verify(signed, elsewhere)).toMatchObject({ ok: false })
    expect(
      await twilio.verify({ ...signed, url: signed.url.replace('message=', 'message=x') }, twilioConfig),
    ).toMatchObject({ ok: false })
    expect(await twilio.verify(signed, { ...twilioConfig, authToken: '12346' })).toMatchObject({ ok: false })
  })

  it('counts a repeated parameter once per distinct value, in any order', async () => {
    const repeated: Fields = [
      ['b', '2'],
      ['a', 'z'],
      ['a', 'y'],
      ['a', 'z'],
    ]
    expect(await sign('https://a.test/', repeated, 'key')).toBe(
      await sign('https://a.test/ayazb2', [], 'key'),
    )
  })

  it('reads an address with and without its port, and both quotings of an apostrophe', () => {
    expect([...readingsOf("https://u:p@h.test:8443/a?b=it's")].toSorted()).toEqual([
      'https://u:p@h.test/a?b=it%27s',
      "https://u:p@h.test/a?b=it's",
      'https://u:p@h.test:8443/a?b=it%27s',
      "https://u:p@h.test:8443/a?b=it's",
    ])
  })
})

/** One case of the validator, put to the part of ours that answers for it. */
async function judge(known: Case): Promise<boolean> {
  switch (known.fn) {
    case 'validateRequest':
      return isSigned(known.url, fieldsOf(known.params), known.signature ?? '', known.auth_token)
    case 'validateBody':
      return isBodyOf(utf8(known.body), known.body_sha256)
    case 'validateRequestWithBody': {
      const body = typeof known.body === 'string' ? known.body : JSON.stringify(known.body)
      return verifies(known.url, known.signature, known.auth_token, { type: 'application/json', body })
    }
    case 'middleware': {
      const { protocol, host, originalUrl, signature, body } = known.request
      const { options } = known
      const address =
        options?.url ??
        `${options?.protocol ?? protocol.replace(':', '')}://${options?.host ?? host}${originalUrl}`
      const sent =
        typeof body === 'string'
          ? { type: 'application/json', body }
          : {
              type: 'application/x-www-form-urlencoded',
              body: new URLSearchParams(fieldsOf(body).map((field) => [...field])).toString(),
            }
      return verifies(address, signature, known.auth_token, sent)
    }
  }
}

async function verifies(
  address: string,
  signature: string | null,
  authToken: string,
  sent: { type: string; body: string },
): Promise<boolean> {
  const { origin, pathname, search } = new URL(address)
  const raw: RawRequest = {
    channel: 'c',
    event: 'inbound',
    url: `http://worker.internal${pathname}${search}`,
    method: 'POST',
    headers: {
      'content-type': sent.type,
      ...(signature === null ? {} : { 'x-twilio-signature': signature }),
    },
    body: utf8(sent.body),
  }
  return (await twilio.verify(raw, { ...twilioConfig, authToken, publicAddress: origin })).ok
}

function fieldsOf(values: z.infer<typeof params>): [string, string][] {
  return Object.entries(values).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  )
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text))
}

describe('payloads', () => {
  it('[P1] [fault W8] every Twilio payload seen in real life is kept', async ({ skip }) => {
    const file = 'webhook/inbound-payloads.chatwoot.json'
    const schema = z.object({
      twilio: z.array(
        z.object({ name: z.string(), params: z.record(z.string(), z.string()), must: z.string() }),
      ),
    })
    const vectors = readVectors(file, schema)
    if (vectors === null) return skip(noVectors)
    for (const { name, params } of vectors.twilio) {
      const raw = await fromTwilio('inbound', new URLSearchParams(params))
      expect(await twilio.verify(raw, twilioConfig), name).toEqual({ ok: true })
      const event = twilio.parse(raw)
      expect(event, name).toMatchObject({ kind: 'inbound', carrierId: params.SmsSid, from: params.From })
      if (event?.kind !== 'inbound') continue
      expect(clean(event.text, limits.inboundText).text, name).not.toContain('\u0000')
      if (params.Body === undefined && params.MessageType === undefined) expect(event.text, name).toBe('')
      if (params.MessageType === 'location')
        expect(event.text, name).toContain(`${params.Latitude}, ${params.Longitude}`)
      const https = Object.entries(params).filter(
        ([key, value]) => key.startsWith('MediaUrl') && value.startsWith('https:'),
      )
      expect(
        event.media.map(({ url }) => url),
        name,
      ).toEqual(https.map(([, url]) => url))
    }
    countOutside(file, vectors.twilio.length)
  })

  it('[fault W8] the layout of an MMS is no picture', async () => {
    const form = new URLSearchParams({
      MessageSid: 'MM1',
      From: '+13095551234',
      To: '+13095550102',
      NumMedia: '3',
      MediaUrl0: 'https://api.twilio.com/0',
      MediaContentType0: 'application/smil',
      MediaUrl1: 'https://api.twilio.com/1',
      MediaContentType1: 'image/png',
      MediaUrl2: 'https://api.twilio.com/layout.smil',
      MediaContentType2: 'text/plain',
    })
    expect(twilio.parse(await fromTwilio('inbound', form))).toMatchObject({
      text: '',
      media: [{ url: 'https://api.twilio.com/1', contentType: 'image/png' }],
    })
  })

  it('a text to a messaging service is named by the service', async () => {
    const form = new URLSearchParams({
      MessageSid: 'SM1',
      From: '+13095551234',
      MessagingServiceSid: 'MG1',
      Body: 'Hi',
    })
    expect(twilio.parse(await fromTwilio('inbound', form))).toMatchObject({ kind: 'inbound', to: 'MG1' })
  })

  it('[E22] being queued at Twilio proves that Twilio has the text', async () => {
    for (const state of ['accepted', 'queued', 'sending', 'sent']) {
      const form = new URLSearchParams({ MessageSid: 'SM1', MessageStatus: state })
      expect(twilio.parse(await fromTwilio('status', form)), state).toMatchObject({
        receipt: { state: 'sent' },
      })
    }
  })
})

describe('errors', () => {
  const answered = async (code: number, status: number, headers: Record<string, string> = {}) => {
    vi.stubGlobal('fetch', async () => Response.json(twilioRefusal(code, status), { status, headers }))
    return subjects.find(({ name }) => name === 'twilio')?.send(texting)
  }

  it("an error keeps its code and gets words for the agent, or Twilio's own where we have none", async () => {
    expect(await answered(21211, 400)).toEqual({
      kind: 'rejected',
      code: '21211',
      text: 'This is not a valid mobile number',
      optedOut: false,
    })
    expect(await answered(29999, 400)).toMatchObject({ kind: 'rejected', text: "Twilio's words for 29999" })
    expect(await answered(20003, 401)).toMatchObject({ kind: 'rejected', code: '20003' })
  })

  it('[fault S4] a full queue means later, even where the status is 400', async () => {
    expect(await answered(30001, 400, { 'retry-after': '30' })).toMatchObject({
      kind: 'busy',
      retryAfter: 30_000,
    })
    expect(await answered(20429, 429)).toMatchObject({ kind: 'busy', retryAfter: 5000 })
    expect(await answered(20429, 429, { 'retry-after': '0' })).toMatchObject({
      kind: 'busy',
      retryAfter: 1000,
    })
    expect(await answered(20429, 429, { 'retry-after': '999999999' })).toMatchObject({
      kind: 'busy',
      retryAfter: 600_000,
    })
  })
})

describe('the message list', () => {
  const at = Date.UTC(2026, 10, 24, 9, 30)
  const query = { from: texting.from, to: texting.to, since: at - 1000, until: at + 1000 }
  const message = (id: string, when = at) => ({
    id,
    from: texting.from,
    to: texting.to,
    text: texting.text,
    at: when,
    state: 'queued',
  })

  /** Answers each page in turn; the pages are without an end where the last one names another. */
  const pages = (all: [texts: ReturnType<typeof message>[], next: string | null][]) => {
    const asked: string[] = []
    vi.stubGlobal('fetch', async (address: string) => {
      asked.push(address)
      const [texts, next] = all[Math.min(asked.length, all.length) - 1] ?? [[], null]
      return twilioPage(texts, next)
    })
    return asked
  }
  const path = `/2010-04-01/Accounts/${twilioConfig.accountSid}/Messages.json`
  const list = () => twilio.list?.(query, twilioConfig, new AbortController().signal)

  it('[E22] is read page by page, at the same host whatever it names, a queued text included', async () => {
    const asked = pages([
      [[message('SM1')], `${path}?Page=1`],
      [[message('SM2')], 'https://elsewhere.test/steal'],
      [[message('SM3')], null],
    ])
    expect(await list()).toMatchObject({
      kind: 'listed',
      texts: ['SM1', 'SM2', 'SM3'].map((carrierId) => ({ carrierId, receipt: { state: 'sent' } })),
    })
    expect(asked[1]).toBe(`https://twilio.test${path}?Page=1`)
    for (const address of asked) expect(new URL(address).host).toBe('twilio.test')
    expect(new URL(asked[0] ?? '').searchParams.has('DateSent')).toBe(false)
  })

  it('[E22] is read no further than the time that counts', async () => {
    const asked = pages([
      [[message('SM1')], `${path}?Page=1`],
      [[message('old', at - 5000)], `${path}?Page=2`],
    ])
    expect(await list()).toMatchObject({ kind: 'listed', texts: [{ carrierId: 'SM1' }] })
    expect(asked).toHaveLength(2)
  })

  it('[E22] that does not end proves nothing', async () => {
    const asked = pages([[[message('SM1')], `${path}?Page=1`]])
    expect(await list()).toEqual({ kind: 'too many' })
    expect(asked).toHaveLength(5)
  })
})

it('asks for a text as the documentation of the message resource says', async () => {
  const calls: { address: string; request: RequestInit }[] = []
  vi.stubGlobal('fetch', async (address: string, request: RequestInit) => {
    calls.push({ address, request })
    return Response.json({ sid: 'SM1' }, { status: 201 })
  })
  await twilio.send(texting, twilioConfig, new AbortController().signal)
  expect(calls).toHaveLength(1)
  expect(calls[0]?.address).toBe(
    `https://twilio.test/2010-04-01/Accounts/${twilioConfig.accountSid}/Messages.json`,
  )
  expect(calls[0]?.request).toMatchObject({
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${twilioConfig.accountSid}:12345`)}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
  })
  const form = new URLSearchParams(String(calls[0]?.request.body))
  expect(Object.fromEntries(form)).toMatchObject({ To: texting.to, From: texting.from, Body: texting.text })
})
