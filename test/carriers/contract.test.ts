import { afterEach, describe, expect, it, vi } from 'vitest'
import { ours, subjects, texting, type Subject } from './carriers.ts'

/** What every carrier must do, the simulated one and real ones alike, so that a test against one speaks for both. */

afterEach(() => vi.unstubAllGlobals())

/** What the carrier's API does when it is called. Answers the calls that were made. */
interface Call {
  address: string
  method: string
  body: string
}

function carrierDoes(answer: () => Response | Promise<Response>): Call[] {
  const calls: Call[] = []
  vi.stubGlobal('fetch', async (address: string, request: RequestInit) => {
    calls.push({ address, method: request.method ?? 'GET', body: String(request.body) })
    request.signal?.throwIfAborted()
    return answer()
  })
  return calls
}

for (const subject of subjects) {
  describe(subject.name, () => {
    describe('handing over', () => handingOver(subject))
    describe('the list', () => theList(subject))
    describe('webhooks', () => webhooks(subject))
  })
}

function handingOver(subject: Subject): void {
  const { name } = subject

  it(`[P3] ${name}: one press is one call, and the carrier's id is kept`, async () => {
    const calls = carrierDoes(() => subject.answers.accepted)
    expect(await subject.send(texting)).toEqual({ kind: 'accepted', carrierId: 'theirs' })
    expect(calls).toHaveLength(1)
  })

  it(`[F125] ${name}: a text that is to leave as an MMS says so, and no other does`, async () => {
    const calls = carrierDoes(() => subject.answers.accepted)
    await subject.send(texting)
    await subject.send({ ...texting, textOnly: true })
    expect(calls.map(({ body }) => body.includes(subject.asMms))).toEqual([false, true])
  })

  it(`[F119] ${name}: the addresses of a text's pictures are told in their order, and no others are`, async () => {
    const calls = carrierDoes(() => subject.answers.accepted)
    await subject.send(texting)
    const media = ['https://parley.test/m/first', 'https://parley.test/m/second']
    await subject.send({ ...texting, text: '', media })
    const told = (body: string) =>
      [...decodeURIComponent(body).matchAll(/\/m\/(\w+)/g)].map(([, name]) => name)
    expect(calls.map(({ body }) => told(body))).toEqual([[], ['first', 'second']])
  })

  it(`[E22] ${name}: our id travels in the callback address and comes back in the receipt`, async () => {
    const calls = carrierDoes(() => subject.answers.accepted)
    await subject.send(texting)
    const callback = new URL(subject.callbackOf(calls[0]?.body ?? '') ?? '')
    expect(callback.href.startsWith(`${texting.callback}?`)).toBe(true)
    const receipt = subject.parse(await subject.status({ id: 'theirs', state: 'delivered' }, callback.search))
    expect(receipt).toMatchObject({ kind: 'receipt', carrierId: 'theirs', message: ours })
  })

  it(`[E22] ${name}: a refusal in the carrier's own words is definite`, async () => {
    carrierDoes(() => subject.answers.rejected)
    expect(await subject.send(texting)).toMatchObject({ kind: 'rejected', optedOut: false })
  })

  it(`[P4] ${name}: a carrier that knows of an opt-out says so`, async () => {
    carrierDoes(() => subject.answers.optedOut)
    expect(await subject.send(texting)).toMatchObject({ kind: 'rejected', optedOut: true })
  })

  it(`[fault S4] ${name}: 429 means later, as late as Retry-After says`, async () => {
    carrierDoes(() => subject.answers.busy)
    expect(await subject.send(texting)).toMatchObject({ kind: 'busy', retryAfter: 7000 })
  })

  const silences: [why: string, answer: () => Response | Promise<Response>][] = [
    ['a connection that was refused or reset', () => Promise.reject(new TypeError('fetch failed'))],
    ['a retryable error', () => Promise.reject(Object.assign(new Error('reset'), { retryable: true }))],
    [
      '500 with a reason',
      () => Response.json({ code: 20500, message: 'sorry', text: 'sorry' }, { status: 500 }),
    ],
    ['503', () => new Response('later', { status: 503, headers: { 'retry-after': '1' } })],
    ['200 that is no JSON', () => new Response('<html>captive portal</html>')],
    ['an empty 200', () => new Response('')],
    ['200 that names no message', () => subject.answers.noId],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'https://elsewhere.test' } }),
    ],
    ['400 without a reason', () => subject.answers.noReason],
    ['429 that is no JSON', () => new Response('slow down', { status: 429 })],
    [
      'a body that breaks off',
      () => new Response(new ReadableStream({ start: (body) => body.error(new Error('reset')) })),
    ],
  ]
  for (const [why, answer] of silences) {
    it(`[E22] ${name}: ${why} is silence, since the text may be on its way`, async () => {
      const calls = carrierDoes(answer)
      expect((await subject.send(texting)).kind).toBe('silent')
      expect(calls).toHaveLength(1)
    })
  }

  it(`[fault S1] ${name}: a call that is given up is silence`, async () => {
    carrierDoes(() => subject.answers.accepted)
    expect((await subject.send(texting, AbortSignal.abort(new Error('10 s passed')))).kind).toBe('silent')
  })

  it(`[F299] ${name}: the harmless GET tells an outage from an answer`, async () => {
    carrierDoes(() => new Response('{}'))
    expect(await subject.probe()).toBe(true)
    carrierDoes(() => new Response('', { status: 503 }))
    expect(await subject.probe()).toBe(false)
    carrierDoes(() => Promise.reject(new TypeError('fetch failed')))
    expect(await subject.probe()).toBe(false)
  })
}

function theList(subject: Subject): void {
  const { name } = subject
  const at = Date.UTC(2026, 10, 24, 9, 30)
  const query = { from: texting.from, to: texting.to, since: at - 70_000, until: at + 60_000 }
  const text = { id: 'theirs', from: texting.from, to: texting.to, text: texting.text, at, state: 'sent' }

  it(`[P3] [E22] ${name}: asking reads what the carrier has between two numbers and sends nothing`, async () => {
    const calls = carrierDoes(() =>
      subject.listing([text, { ...text, id: 'failed', text: 'Another', state: 'undelivered' }]),
    )
    expect(await subject.list(query)).toMatchObject({
      kind: 'listed',
      texts: [
        {
          carrierId: 'theirs',
          from: texting.from,
          to: texting.to,
          text: texting.text,
          at,
          receipt: { state: 'sent' },
        },
        { carrierId: 'failed', text: 'Another', receipt: { state: 'undelivered' } },
      ],
    })
    expect(calls.map(({ method }) => method)).toEqual(['GET'])
    const asked = [...new URL(calls[0]?.address ?? '').searchParams.values()]
    expect(asked).toEqual(expect.arrayContaining([texting.from, texting.to]))
  })

  it(`[E22] ${name}: a list without a text is an answer`, async () => {
    carrierDoes(() => subject.listing([]))
    expect(await subject.list(query)).toEqual({ kind: 'listed', texts: [] })
  })

  it(`[fault S4] ${name}: a busy carrier is asked for its list later, as late as Retry-After says`, async () => {
    carrierDoes(() => subject.answers.busy)
    expect(await subject.list(query)).toEqual({ kind: 'busy', retryAfter: 7000 })
  })

  const silences: [why: string, answer: () => Response | Promise<Response>][] = [
    ['a connection that was reset', () => Promise.reject(new TypeError('fetch failed'))],
    ['500', () => new Response('sorry', { status: 500 })],
    ['200 that is no JSON', () => new Response('<html>captive portal</html>')],
    ['200 that is no list', () => subject.answers.noId],
    ['a refusal', () => subject.answers.rejected],
    ['a text without a time', () => subject.listing([{ ...text, at: Number.NaN }])],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'https://elsewhere.test' } }),
    ],
  ]
  for (const [why, answer] of silences) {
    it(`[E22] ${name}: ${why} is no list, so nothing is concluded from it`, async () => {
      carrierDoes(answer)
      expect((await subject.list(query)).kind).toBe('silent')
    })
  }

  it(`[E22] ${name}: asking that is given up is no list`, async () => {
    carrierDoes(() => subject.listing([text]))
    expect((await subject.list(query, AbortSignal.abort(new Error('10 s passed')))).kind).toBe('silent')
  })
}

function webhooks(subject: Subject): void {
  const { name } = subject
  const message = { id: 'm1', from: '+13095551234', to: '+13095550100', text: 'Is it ready?' }

  it(`[P2] ${name}: the same inbound text has the same carrier id each time`, async () => {
    const request = await subject.inbound(message)
    expect(await subject.verify(request)).toEqual({ ok: true })
    const event = {
      kind: 'inbound',
      carrierId: 'm1',
      from: message.from,
      to: message.to,
      text: message.text,
      media: [],
    }
    expect(subject.parse(request)).toEqual(event)
    expect(subject.parse(request)).toEqual(event)
  })

  it(`[fault W8] ${name}: a text without text, with 11 media, or of 100 kB is kept`, async () => {
    const silent = subject.parse(await subject.inbound({ ...message, text: undefined }))
    expect(silent).toMatchObject({ kind: 'inbound', text: '' })
    const media = Array.from({ length: 11 }, (_, index) => `https://media.test/${index}.jpg`)
    const album = subject.parse(await subject.inbound({ ...message, media }))
    expect(album).toMatchObject({
      kind: 'inbound',
      media: media.map((url) => ({ url, contentType: 'image/jpeg' })),
    })
    const long = `${'long \u{1f600} '.repeat(12_500)}end`
    expect(subject.parse(await subject.inbound({ ...message, text: long }))).toMatchObject({ text: long })
  })

  it(`[fault W8] ${name}: media that is not at an https address is left out, the text is kept`, async () => {
    const media = [
      'http://169.254.169.254/latest',
      'javascript:alert(1)',
      'file:///etc/passwd',
      'https://media.test/a.jpg',
    ]
    const event = subject.parse(await subject.inbound({ ...message, media }))
    expect(event).toMatchObject({
      kind: 'inbound',
      text: message.text,
      media: [{ url: 'https://media.test/a.jpg', contentType: 'image/jpeg' }],
    })
  })

  it(`[fault W4] ${name}: what is not signed by the carrier is not verified`, async () => {
    const { headers, ...rest } = await subject.inbound(message)
    const proof = Object.keys(headers).find((header) => header.startsWith('x-')) ?? ''
    const good = headers[proof] ?? ''
    const bad = [
      '',
      good.slice(1),
      good.slice(0, -1),
      `${good}A`,
      swapCase(good),
      btoa(good),
      `${good}\u0000`,
    ]
    for (const proven of bad) {
      expect(
        await subject.verify({ ...rest, headers: { ...headers, [proof]: proven } }),
        proven,
      ).toMatchObject({ ok: false })
    }
    const { [proof]: _, ...unsigned } = headers
    expect(await subject.verify({ ...rest, headers: unsigned })).toMatchObject({ ok: false })
  })

  it(`${name}: receipts carry state, code and words`, async () => {
    const receipt = async (state: string, code?: string) =>
      subject.parse(await subject.status({ id: 'm1', state, ...(code ? { code } : {}) }))
    expect(await receipt('sent')).toMatchObject({ kind: 'receipt', receipt: { state: 'sent' } })
    expect(await receipt('delivered')).toMatchObject({ receipt: { state: 'delivered' } })
    expect(await receipt('undelivered', '30006')).toMatchObject({
      receipt: { state: 'undelivered', code: '30006' },
    })
    expect(await receipt('failed')).toMatchObject({
      receipt: { state: 'failed', text: expect.stringMatching(/./) },
    })
    expect(await receipt('teleported')).toEqual({ kind: 'ignored' })
  })

  it(`[P7] ${name}: an address that names no message of ours names none`, async () => {
    for (const query of ['', '?message=', '?message=../../x', `?message=${ours}%00`, `?massage=${ours}`]) {
      const event = subject.parse(await subject.status({ id: 'm1', state: 'sent' }, query))
      expect(event, query).toMatchObject({ kind: 'receipt', message: null })
    }
  })

  it(`${name}: what is no message at all is not understood`, async () => {
    const request = await subject.inbound(message)
    const bodies = [
      '',
      '{}',
      '[]',
      'null',
      'From=&To=&MessageSid=',
      '{"id":7}',
      '\u0000',
      '{"id":"a","from":" ","to":"b"}',
    ]
    for (const body of bodies) {
      expect(subject.parse({ ...request, body: new TextEncoder().encode(body) }), body).toBeNull()
      expect(
        subject.parse({ ...request, event: 'status', body: new TextEncoder().encode(body) }),
        body,
      ).toBeNull()
    }
    expect(subject.parse({ ...request, body: Uint8Array.of(0xff, 0xfe, 0x00) })).toBeNull()
  })

  it(`${name}: the acknowledgement is a 2xx`, () => {
    expect(subject.acknowledge().ok).toBe(true)
  })
}

function swapCase(text: string): string {
  return text.replace(/[A-Za-z]/g, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()))
}
