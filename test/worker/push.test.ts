import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isPushService } from '#worker/push/post.ts'
import { Company, env, eventually, maya, sam } from './company.ts'
import { Browser } from './push-browser.ts'

const service = 'https://fcm.googleapis.com/fcm/send'

interface Arrived {
  endpoint: string
  headers: Headers
  body: Uint8Array<ArrayBuffer>
}

let arrived: Arrived[]
let status: number
let real: typeof fetch

beforeEach(() => {
  arrived = []
  status = 201
  real = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const request = new Request(input as RequestInfo, init)
    arrived.push({
      endpoint: request.url,
      headers: request.headers,
      body: new Uint8Array(await request.arrayBuffer()),
    })
    return new Response(null, { status })
  }
})
afterEach(() => {
  globalThis.fetch = real
})

describe('web push', () => {
  it('tells the owner who looks at no screen, without a word of the text, and nobody else', async () => {
    const company = await Company.found('push-owner')
    const [mine, theirs] = [await Browser.open(), await Browser.open()]
    await subscribe(company, maya, mine, 'maya')
    await subscribe(company, sam, theirs, 'sam')
    await company.inbound('p1', 'the secret word')
    const push = await eventually(async () => arrived[0])
    expect(push.endpoint).toBe(`${service}/maya`)
    expect(push.headers.get('topic')).toMatch(/^[\w-]{1,32}$/u)
    expect(Number(push.headers.get('ttl'))).toBeGreaterThan(0)
    expect(push.headers.get('authorization')).toMatch(/^vapid t=[\w-]+\.[\w-]+\.[\w-]+, k=[\w-]{87}$/u)
    const told = await mine.read(push.body)
    expect(told).toMatchObject({ title: 'push-owner', body: 'A customer texted.' })
    expect(JSON.stringify(told)).not.toContain('secret')
    await expect(theirs.read(push.body)).rejects.toThrow()
    await company.inbound('p1', 'the secret word')
    await company.inbound('p2', 'another')
    await eventually(async () => arrived.length === 2)
    expect(await company.query(`SELECT * FROM pushes WHERE due < 9e15`)).toEqual([])
  })

  it('says name and words only where that was asked for', async () => {
    const company = await Company.found('push-words')
    const browser = await Browser.open()
    await subscribe(company, maya, browser, 'maya', { words: true })
    await company.inbound('p1', 'are you open on Sunday?')
    const push = await eventually(async () => arrived[0])
    expect(await browser.read(push.body)).toMatchObject({
      title: '+13125550142',
      body: 'are you open on Sunday?',
    })
  })

  it('[E25] waits for who has the screen open, and tells them nothing once their device has it', async () => {
    const company = await Company.found('push-present')
    await subscribe(company, maya, await Browser.open(), 'maya')
    const client = await company.connect(maya)
    await client.until(() => client.heard.find(({ t }) => t === 'welcome'))
    client.say({ t: 'presence', messageCenter: true, idle: false, viewing: null, writing: null })
    await client.until(() => client.heard.find(({ t }) => t === 'presence'))
    await company.inbound('p1', 'seen')
    const { n } = await client.until(() => client.frames().find(({ parts }) => parts.length > 0))
    const waits = await company.query<{ at: number; due: number }>(`SELECT at, due FROM pushes`)
    expect(waits).toHaveLength(1)
    client.say({ t: 'echo', n })
    await company.inbound('p2', 'not stored')
    await eventually(
      async () => (await company.query<{ due: number }>(`SELECT due FROM pushes`)).length === 2,
    )
    await company.live.shiftClock(50_000)
    await eventually(async () => (await company.query(`SELECT entry FROM pushes`)).length === 0)
    expect(arrived).toHaveLength(1)
  })

  it('a subscription that its service does not know is forgotten, one that answers 503 is asked again', async () => {
    const company = await Company.found('push-gone')
    await subscribe(company, maya, await Browser.open(), 'maya')
    status = 503
    await company.inbound('p1', 'later')
    await eventually(async () => arrived.length === 1)
    await eventually(
      async () => (await company.query(`SELECT entry FROM pushes WHERE tries = 1`)).length === 1,
    )
    status = 410
    await company.live.shiftClock(61_000)
    await eventually(async () => arrived.length === 2)
    await eventually(async () => (await company.query(`SELECT session FROM push_subscriptions`)).length === 0)
    expect(await company.query(`SELECT entry FROM pushes`)).toEqual([])
  })

  it('[E26] ends with its session, and with a text that was read elsewhere', async () => {
    const company = await Company.found('push-ends')
    const session = await subscribe(company, maya, await Browser.open(), 'maya')
    await company.live.closeSession(session)
    await company.inbound('p1', 'nobody')
    expect(await company.query(`SELECT session FROM push_subscriptions`)).toEqual([])
    expect(arrived).toEqual([])
  })

  it('calls no address that is not a push service', () => {
    const hosts = env.PUSH_SERVICES
    for (const good of [
      `${service}/x`,
      'https://updates.push.services.mozilla.com/wpush/v2/x',
      'https://web.push.apple.com/x',
      'https://wns2-by3p.notify.windows.com/w/?token=x',
    ])
      expect(isPushService(good, hosts), good).toBe(true)
    for (const bad of [
      'http://fcm.googleapis.com/x',
      'https://fcm.googleapis.com.evil.test/x',
      'https://evil.test/fcm.googleapis.com',
      'https://user@fcm.googleapis.com/x',
      'https://169.254.169.254/latest',
      'https://push.apple.com.evil.test/',
      'file:///etc/passwd',
      'nonsense',
    ])
      expect(isPushService(bad, hosts), bad).toBe(false)
  })
})

/** Subscribes a browser as the route does, and answers the session it belongs to. */
async function subscribe(
  company: Company,
  agent: typeof maya,
  browser: Browser,
  path: string,
  more: { words?: boolean } = {},
): Promise<string> {
  const session = await company.signIn(agent)
  const { p256dh, auth } = browser
  const request = {
    endpoint: `${service}/${path}`,
    p256dh,
    auth,
    reach: 'mine',
    words: false,
    ...more,
  } as const
  expect(await company.live.subscribe(session, request)).toBe(true)
  return session
}
