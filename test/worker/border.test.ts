import {
  abortAllDurableObjects,
  createExecutionContext,
  createMessageBatch,
  env as raw,
} from 'cloudflare:test'
import { exports } from 'cloudflare:workers'
import { accountId, conversationId, type AgentId } from '#shared/base/ids.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import worker from '#worker/dev.ts'
import { keepArrival, sweepArrivals } from '#worker/queues/arrivals.ts'
import { simulator } from '#worker/carriers/simulator.ts'
import { waitFor } from '#worker/door/throttle.ts'
import { newCookie } from '#worker/http/cookie.ts'
import { networkOf } from '#worker/http/sign-in.ts'
import { FakeCarrier } from './carrier.ts'
import {
  admin,
  Company,
  customer,
  env,
  eventually,
  freshId,
  maya,
  origin,
  ourNumber,
  sam,
} from './company.ts'

const carrier = new FakeCarrier()
beforeEach(() => carrier.install())
afterEach(() => carrier.remove())

describe('webhooks', () => {
  it('[fault W4] what is unparseable, too large, badly signed or on an unknown channel leaves only a counter', async () => {
    const company = await Company.found('bad-hooks')
    const watcher = await company.connect(maya)
    await watcher.until((c) => c.heard.find(({ t }) => t === 'welcome'))
    expect((await company.inbound('a', 'x', { secret: 'wrong' })).status).toBe(401)
    expect((await company.inbound('a', 'x', { secret: '' })).status).toBe(401)
    expect((await company.inbound('a', 'x', { raw: '{"id":' })).status).toBe(400)
    expect((await company.inbound('a', 'x', { raw: '[]' })).status).toBe(400)
    expect((await company.inbound('a', 'x', { raw: `{"pad":"${'x'.repeat(257 * 1024)}"}` })).status).toBe(413)
    const unknown = await exports.default.fetch(`${origin}/hooks/simulator/nobody/inbound`, {
      method: 'POST',
      body: '{}',
    })
    expect(unknown.status).toBe(404)
    await eventually(
      async () => (await company.query(`SELECT name, value FROM counters ORDER BY name`)).length === 2,
    )
    expect(await company.query(`SELECT name, value FROM counters ORDER BY name`)).toEqual([
      { name: 'webhook: bad signature', value: 2 },
      { name: 'webhook: not understood', value: 2 },
    ])
    expect(await company.conversations()).toEqual([])
    expect(watcher.frames()).toEqual([])
  })

  it('[fault W8] a text with NUL bytes and lone surrogates, without body, or of 100 kB is kept, cleaned and in sight', async () => {
    const company = await Company.found('odd-texts')
    expect((await company.inbound('a', 'nul \u0000 and half \ud83d')).ok).toBe(true)
    expect(
      (await company.inbound('b', '', { raw: JSON.stringify({ id: 'b', from: customer, to: ourNumber }) }))
        .ok,
    ).toBe(true)
    expect((await company.inbound('c', 'x'.repeat(100_500))).ok).toBe(true)
    const texts = (await company.thread()).flatMap((entry) => (entry.kind === 'inbound' ? [entry] : []))
    expect(texts.map(({ text, cut }) => [text.length, cut])).toEqual([
      [16, false],
      [0, false],
      [100_000, true],
    ])
    expect(texts[0]?.text).toBe('nul \uFFFD and half \uFFFD')
  })

  it('[E23] [fault W5] where the object cannot be reached the raw request goes to R2, and comes in once', async () => {
    const company = await Company.found('kept')
    const body = new TextEncoder().encode(
      JSON.stringify({ id: 'k1', from: customer, to: ourNumber, text: 'Kept?' }),
    )
    const request = {
      channel: 'kept',
      event: 'inbound',
      url: origin,
      method: 'POST',
      headers: { 'x-simulator-secret': 'simulator' },
      body,
    }
    expect(await keepArrival(env as never, request, true, 'k1')).toBe(true)
    expect(
      await keepArrival(
        env as never,
        { ...request, headers: { 'x-simulator-secret': 'forged' } },
        false,
        'k2',
      ),
    ).toBe(true)
    const carriers = { find: () => simulator as never, named: () => simulator as never }
    await sweepArrivals(env as never, carriers)
    await sweepArrivals(env as never, carriers)
    expect((await company.thread()).filter(({ kind }) => kind === 'inbound')).toHaveLength(1)
    expect((await env.MEDIA.list({ prefix: 'arrivals/kept' })).objects).toEqual([])
  })

  it('[P1] [fault W5] where neither the object nor R2 takes it the answer is 5xx, so that the carrier repeats', async () => {
    await Company.found('nowhere')
    const broken = {
      ...(raw as object),
      ACCOUNT: {
        idFromName: () => null,
        get: () => ({ arrive: () => Promise.reject(new Error('down')), count: () => undefined }),
      },
      MEDIA: { put: () => Promise.reject(new Error('down')) },
    }
    const answer = await worker.fetch(
      new Request(`${origin}/hooks/simulator/nowhere/inbound`, {
        method: 'POST',
        headers: { 'x-simulator-secret': 'simulator' },
        body: JSON.stringify({ id: 'n1', from: customer, to: ourNumber, text: 'Hello?' }),
      }) as never,
      broken as never,
      createExecutionContext(),
    )
    expect(answer.status).toBe(503)
  })

  it('[fault S3] a nudge delivered twice, to two consumers at once, brings one text', async () => {
    const company = await Company.found('nudged')
    const body = new TextEncoder().encode(
      JSON.stringify({ id: 'q1', from: customer, to: ourNumber, text: 'Twice?' }),
    )
    await keepArrival(
      env as never,
      {
        channel: 'nudged',
        event: 'inbound',
        url: origin,
        method: 'POST',
        headers: { 'x-simulator-secret': 'simulator' },
        body,
      },
      true,
      'q1',
    )
    const message = () =>
      createMessageBatch('arrivals', [
        { id: 'q', timestamp: 0, attempts: 1, body: { key: 'arrivals/nudged/q1' } },
      ])
    await Promise.all([
      worker.queue(message() as never, env as never),
      worker.queue(message() as never, env as never),
    ])
    expect((await company.thread()).filter(({ kind }) => kind === 'inbound')).toHaveLength(1)
  })
})

describe('sockets', () => {
  it('[E12] a replica of another agent is turned away before anything else is read', async () => {
    const company = await Company.found('whose')
    const client = await company.connect(maya, { claimAgent: sam })
    expect((await client.untilClosed()).code).toBe(4403)
    expect(client.heard).toEqual([])
    const foreign = await company.connect(maya, { account: 'elsewhere' })
    expect((await foreign.untilClosed()).code).toBe(4403)
  })

  it.each([
    ['no frame', 'hello?'],
    ['an unknown message', JSON.stringify({ t: 'drop tables' })],
    [
      'an unknown command',
      JSON.stringify({
        t: 'command',
        n: 1,
        id: freshId('x'),
        command: { name: 'Obey' },
        seen: 0,
        synced: true,
        waited: 0,
      }),
    ],
    ['a frame over its limit', JSON.stringify({ t: 'echo', n: 1, pad: 'x'.repeat(257 * 1024) })],
  ])('[E30] %s closes the socket, and nobody else notices', async (_, text) => {
    const company = await Company.found(`malformed-${freshId('m').slice(0, 8)}`)
    const [bad, good] = await Promise.all([company.connect(maya), company.connect(sam)])
    await good.until((c) => c.heard.find(({ t }) => t === 'welcome'))
    bad.say(text)
    expect((await bad.untilClosed()).code).toBe(4400)
    await company.inbound('m1', 'Still here?')
    await good.until((c) => c.frames()[0])
    expect(good.closed).toBeNull()
  })

  it('[E3] a frame that writes to a thread closes the socket with 4409 and changes nothing', async () => {
    const company = await Company.found('writer')
    await company.inbound('m1', 'Mine')
    const before = await company.thread()
    const client = await company.connect(maya)
    client.say({ t: 'update', doc: 'thread:up13125550142:1', update: 'AAA=' })
    expect((await client.untilClosed()).code).toBe(4409)
    expect(await company.thread()).toEqual(before)
  })

  it('[P7] a thread, a conversation and a command of another company are as unknown as ones that never existed', async () => {
    const theirs = await Company.found('theirs')
    await theirs.inbound('m1', 'Secret')
    const [row] = await theirs.conversations()
    const ours = await Company.found('ours')
    const client = await ours.connect(maya)
    client.say({ t: 'pull', thread: 'up13125550142', epoch: 0, clock: 0 })
    client.say({ t: 'pull', thread: 'up19998887777', epoch: 0, clock: 0 })
    const [real, made] = await client.until((c) => {
      const answers = c.heard.filter((m) => m.t === 'thread')
      return answers.length === 2 && answers
    })
    expect({ ...real, thread: '' }).toEqual({ ...made, thread: '' })
    const refusals = []
    for (const conversation of [conversationId.parse(row?.id), conversationId.parse(freshId('c'))])
      refusals.push(
        (await client.ack(client.command({ name: 'SendReply', conversation, text: 'Hi' }))).refusal,
      )
    expect(refusals[0]).toEqual(refusals[1])
    expect(refusals[0]?.code).toBe('unknown')
  })

  it('[fault A2] an upgrade from another origin, or without one, is refused', async () => {
    for (const from of ['https://evil.example', 'null', null]) {
      const headers = new Headers({ upgrade: 'websocket', cookie: `__Host-sid=nobody.${'0'.repeat(64)}` })
      if (from) headers.set('origin', from)
      const answer = await exports.default.fetch(`${origin}/api/socket`, { headers })
      expect([401, 403]).toContain(answer.status)
    }
  })
})

describe('signing in', () => {
  const post = (path: string, headers: Record<string, string>, body: unknown) =>
    exports.default.fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })

  async function person(name: string): Promise<string> {
    await Company.found(name)
    const email = `maya@${name}.test`
    const hash = await env.DOOR.get(env.DOOR.idFromName('any')).hash('correct horse')
    await env.HISTORY.batch([
      env.HISTORY.prepare(`INSERT OR REPLACE INTO people (id, email, password) VALUES (?, ?, ?)`).bind(
        email,
        email,
        hash,
      ),
      env.HISTORY.prepare(
        `INSERT OR REPLACE INTO memberships (person, account, agent) VALUES (?, ?, 'maya')`,
      ).bind(email, name),
    ])
    return email
  }

  it('[F24] [E26] the right password opens a session whose cookie works, and signing out ends it', async () => {
    const email = await person('signing')
    const answer = await post(
      '/api/sign-in',
      { origin },
      { email: ` ${email.toUpperCase()} `, password: 'correct horse' },
    )
    expect(answer.status).toBe(204)
    const header = answer.headers.get('set-cookie') ?? ''
    expect(header).toMatch(
      /^__Host-sid=signing\.[0-9a-f]{64}; Path=\/; Max-Age=\d+; Secure; HttpOnly; SameSite=Lax$/,
    )
    const cookie = header.split(';')[0] ?? ''
    const session = await exports.default.fetch(`${origin}/api/session`, { headers: { cookie } })
    expect(await session.json()).toMatchObject({ account: 'signing', agent: 'maya', role: 'agent' })
    expect((await post('/api/sign-out', { origin, cookie }, {})).status).toBe(204)
    expect((await exports.default.fetch(`${origin}/api/session`, { headers: { cookie } })).status).toBe(401)
  })

  it('[E12] [fault C8] an agent sees own sessions and ends another one: its socket closes, and its browser is told why', async () => {
    const company = await Company.found('sessions')
    const here = await newCookie(accountId.parse('sessions'))
    const there = await newCookie(accountId.parse('sessions'))
    const sams = await newCookie(accountId.parse('sessions'))
    await company.live.openSession(here.hash, maya, 'Firefox')
    await company.live.openSession(there.hash, maya, 'Chrome')
    await company.live.openSession(sams.hash, sam, 'Safari')
    const ask = (cookie: { header: string }, path: string, method = 'GET') =>
      exports.default.fetch(`${origin}${path}`, {
        method,
        headers: { cookie: cookie.header.split(';')[0] ?? '', origin },
      })
    const list = (await (await ask(here, '/api/sessions')).json()) as {
      id: string
      device: string
      current: boolean
    }[]
    expect(list.map(({ device, current }) => [device, current]).sort()).toEqual([
      ['Chrome', false],
      ['Firefox', true],
    ])
    expect(JSON.stringify(list)).not.toContain(there.hash)
    const other = list.find(({ device }) => device === 'Chrome')?.id ?? ''
    const client = await company.connect(maya, { session: there.hash })
    // Nobody else ends it, and nobody ends the one that asks.
    expect((await ask(sams, `/api/sessions/${other}`, 'DELETE')).status).toBe(404)
    const own = list.find(({ current }) => current)?.id ?? ''
    expect((await ask(here, `/api/sessions/${own}`, 'DELETE')).status).toBe(404)
    expect((await ask(here, `/api/sessions/${other}`, 'DELETE')).status).toBe(204)
    await client.until((c) => c.closed)
    expect(client.closed?.code).toBe(4401)
    const told = await ask(there, '/api/session')
    expect([told.status, await told.json()]).toMatchObject([401, { ended: true }])
    expect((await ask(here, '/api/session')).status).toBe(200)
  })

  it('[fault A1] an unknown person, a wrong password and a password of a megabyte get one answer', async () => {
    const email = await person('guessing')
    const answers = await Promise.all([
      post('/api/sign-in', { origin }, { email, password: 'wrong' }),
      post('/api/sign-in', { origin }, { email: 'nobody@guessing.test', password: 'wrong' }),
      post('/api/sign-in', { origin }, { email, password: 'x'.repeat(1_000_000) }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401])
    const texts = await Promise.all(answers.map((answer) => answer.text()))
    expect(new Set(texts).size).toBe(1)
  })

  it('[E26] five failures, then a wait that grows, told in Retry-After; others can sign in', async () => {
    const email = await person('throttled')
    const other = await person('unharmed')
    for (let attempt = 0; attempt < 5; attempt++)
      expect((await post('/api/sign-in', { origin }, { email, password: 'no' })).status).toBe(401)
    const sixth = await post('/api/sign-in', { origin }, { email, password: 'correct horse' })
    expect(sixth.status).toBe(429)
    expect(Number(sixth.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await post('/api/sign-in', { origin }, { email: other, password: 'correct horse' })).status).toBe(
      204,
    )
  })

  it('[E26] waits double from two seconds to five minutes, and an hour later nothing is held against anybody', () => {
    const now = 10_000_000
    const waits = [4, 5, 6, 7, 30].map((count) =>
      waitFor(
        Array.from({ length: count }, () => now),
        5,
        now,
      ),
    )
    expect(waits).toEqual([0, 2000, 4000, 8000, 300_000])
    expect(
      waitFor(
        Array.from({ length: 30 }, () => now),
        5,
        now + 3_600_000,
      ),
    ).toBe(0)
  })

  it.each([
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{}, 403],
    [{ 'sec-fetch-site': 'cross-site', origin }, 403],
    [{ 'sec-fetch-site': 'same-site', origin }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 401],
    [{ origin }, 401],
  ])('[fault A2] an unsafe request with %j is answered with %i', async (headers, status) => {
    const answer = await post('/api/sign-in', headers, { email: 'nobody@nowhere.test', password: 'x' })
    expect(answer.status).toBe(status)
  })

  it('[E26] an IPv6 network is its /64', () => {
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2')
    expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0')
    expect(networkOf('192.0.2.7')).toBe('192.0.2.7')
  })
})

describe('what was kept', () => {
  const carriers = { find: () => simulator as never, named: () => simulator as never }

  /** The Worker with an object that answers as it is told, and a queue that loses everything. */
  const asked = async (channel: string, arrive: () => Promise<void>): Promise<Response> =>
    worker.fetch(
      new Request(`${origin}/hooks/simulator/${channel}/inbound`, {
        method: 'POST',
        headers: { 'x-simulator-secret': 'simulator' },
        body: JSON.stringify({ id: 'once', from: customer, to: ourNumber, text: 'Kept safe?' }),
      }) as never,
      {
        ...(raw as object),
        ACCOUNT: { idFromName: () => null, get: () => ({ arrive, count: () => undefined }) },
        ARRIVALS: { send: () => Promise.reject(new Error('the queue is down')) },
      } as never,
      createExecutionContext(),
    )
  const inbound = async (company: Company) =>
    (await company.thread()).filter(({ kind }) => kind === 'inbound')

  it('[P1] [P2] [fault W6] killed after its 2xx and before anything was done, a text comes in by the sweep, once', async () => {
    const company = await Company.found('killed')
    const answer = await asked('killed', () => Promise.reject(new Error('moving')))
    expect(answer.status).toBe(204)
    await abortAllDurableObjects()
    expect(await inbound(company)).toEqual([])
    await sweepArrivals(env as never, carriers)
    await sweepArrivals(env as never, carriers)
    // The carrier did get its answer, and repeats all the same.
    expect((await company.inbound('once', 'Kept safe?')).ok).toBe(true)
    expect(await inbound(company)).toHaveLength(1)
  })

  it('[P2] [fault W7] an object that is slow is not waited for: the carrier has its 2xx first, and the text comes once', async () => {
    const company = await Company.found('slow')
    let go = () => {}
    const slow = new Promise<void>((resolve) => (go = resolve))
    const done = slow.then(() => company.inbound('once', 'Kept safe?'))
    // This answers while the object has not: it would never come otherwise.
    expect((await asked('slow', () => slow)).status).toBe(204)
    go()
    expect((await done).ok).toBe(true)
    await sweepArrivals(env as never, carriers)
    expect(await inbound(company)).toHaveLength(1)
  })

  it('[E18] [fault S7] what fails five times is set aside with its bytes, is seen by its admins alone, and is brought in by hand, once', async () => {
    const company = await Company.found('stuck')
    await asked('stuck', () => Promise.reject(new Error('down')))
    const broken = {
      ...(raw as object),
      ACCOUNT: { idFromName: () => null, get: () => ({ arrive: () => Promise.reject(new Error('broken')) }) },
    }
    const keys = async (prefix: string) => (await env.MEDIA.list({ prefix })).objects.map(({ key }) => key)
    for (let attempt = 0; attempt < 5; attempt++) {
      expect(await keys('arrivals/stuck/')).toHaveLength(1)
      await sweepArrivals(broken as never, carriers)
    }
    expect(await keys('arrivals/stuck/')).toEqual([])
    expect(await keys('parked/stuck/')).toHaveLength(1)
    expect(await inbound(company)).toEqual([])

    // An admin sees it, tries in vain, sees it still, and brings it in, once, whoever else presses as well.
    const other = await Company.found('stuck-other')
    const ask = async (of: Company, agent: AgentId, body?: object, bindings: object = env) => {
      const cookie = await newCookie(accountId.parse(of.name))
      await of.live.openSession(cookie.hash, agent, 'test')
      const headers = {
        cookie: cookie.header.split(';')[0] ?? '',
        origin,
        'content-type': 'application/json',
      }
      const request = new Request(`${origin}/api/parked${body ? '/retry' : ''}`, {
        headers,
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      })
      return worker.fetch(request as never, bindings as never, createExecutionContext())
    }
    const shown = async (of = company, agent = admin) => (await ask(of, agent)).json<{ id: string }[]>()
    const [arrival] = await shown()
    expect(arrival).toMatchObject({ channel: 'stuck', from: customer, to: ourNumber, text: 'Kept safe?' })
    expect(await shown(other)).toEqual([])
    expect((await ask(company, maya)).status).toBe(403)
    expect((await ask(company, maya, arrival)).status).toBe(403)
    expect((await ask(other, admin, arrival)).status).toBe(404)
    expect((await ask(company, admin, { ...arrival, id: '../stuck/x' })).status).toBe(400)
    const failing = {
      ...(raw as object),
      ACCOUNT: {
        idFromName: (name: string) => env.ACCOUNT.idFromName(name),
        get: (id: never) => {
          const stub = env.ACCOUNT.get(id)
          return {
            session: (hash: string) => stub.session(hash),
            arrive: () => Promise.reject(new Error('broken')),
          }
        },
      },
    }
    expect((await ask(company, admin, arrival, failing)).status).toBe(409)
    expect(await shown()).toEqual([arrival])
    const pressed = await Promise.all([ask(company, admin, arrival), ask(company, admin, arrival)])
    expect(pressed.map(({ status }) => [204, 404].includes(status))).toEqual([true, true])
    expect(await inbound(company)).toHaveLength(1)
    expect(await shown()).toEqual([])
    expect((await ask(company, admin, arrival)).status).toBe(404)
  })
})
