import { seal } from '#worker/carriers/credentials.ts'
import type { ChannelConfig } from '#worker/carriers/carrier.ts'
import type { Carriers } from '#worker/carriers/outside.ts'
import { simulator } from '#worker/carriers/simulator.ts'
import { twilio } from '#worker/carriers/twilio.ts'
import { sign, type Fields } from '#worker/carriers/twilio-signature.ts'
import type { Env } from '#worker/env.ts'
import { makeApp } from '#worker/app.ts'
import { makeRandom, type Random } from '#test/kit/random.ts'
import { account, channel, Company, customers, twilioChannel } from './company.ts'
import { mutateBytes, mutateJson, mutateText } from './mutate.ts'
import type { Lane, Report } from './watch.ts'

const origin = 'https://parley.test'
const key = btoa('0123456789abcdef0123456789abcdef')
const configs: Record<string, ChannelConfig> = {
  [channel]: { carrier: 'simulator', secret: 'simulator', api: 'https://carrier.test' },
  [twilioChannel]: {
    carrier: 'twilio',
    accountSid: 'AC0',
    authToken: 'token',
    publicAddress: origin,
    api: 'https://twilio.test',
  },
}
const carriers: Carriers = {
  find: (config) => (config.carrier === 'twilio' ? twilio : simulator),
  named: (name) => (name === 'twilio' ? twilio : name === 'simulator' ? simulator : null),
}
const lifetime = 1000

/**
 * Webhook bodies, addresses and signatures through the Worker's own routes. A request is taken only where its
 * signature fits what was mutated; what is not taken leaves nothing but a counter; nothing is a fault of ours.
 */
export const webhooksLane: Lane = {
  name: 'webhooks',
  inputs: 14_000,
  expected: [
    'simulator 204',
    'simulator 400',
    'simulator 401',
    'twilio 200',
    'twilio 400',
    'twilio 401',
    '404',
  ],
  async play(seed, count, report) {
    const random = makeRandom(seed)
    const sealed = await Promise.all(
      Object.entries(configs).map(async ([id, config]) => [id, await seal(config, key)] as const),
    )
    for (let played = 0; played < count; played += lifetime) {
      const life = new Life(random, report, new Map(sealed))
      for (let input = 0; input < Math.min(lifetime, count - played); input++) await life.post()
      life.end()
    }
  },
}

interface Post {
  path: string
  headers: Record<string, string>
  body: Uint8Array<ArrayBuffer>
  /** Whether the carrier's signature is right for exactly this. */
  genuine: boolean
}

class Life {
  readonly #random: Random
  readonly #report: Report
  readonly #company: Company
  readonly #env: Env
  readonly #app = makeApp(carriers, () => Promise.resolve(true))
  #kept = 0
  #count = 0

  constructor(random: Random, report: Report, sealed: ReadonlyMap<string, string>) {
    this.#random = random
    this.#report = report
    this.#company = new Company(random)
    const { account: object } = this.#company
    const stub = {
      arrive: async (...args: Parameters<typeof object.arrive>) => object.arrive(...structuredClone(args)),
      count: async (what: string) => object.count(what),
    }
    const first = async (id: string) => {
      const credentials = sealed.get(id)
      return credentials ? { id, account, credentials } : null
    }
    this.#env = {
      CHANNEL_KEY: key,
      ACCOUNT: { idFromName: () => account, get: () => stub },
      HISTORY: { prepare: () => ({ bind: (id: string) => ({ first: () => first(id) }) }) },
      MEDIA: { put: async () => void this.#kept++ },
      ARRIVALS: { send: async () => undefined },
    } as unknown as Env
  }

  async post(): Promise<void> {
    if (this.#count++ % 100 === 0) await this.#company.pass(2000)
    const { path, headers, body, genuine } = await this.#make()
    const text = `${path} ${JSON.stringify(headers)} ${new TextDecoder().decode(body)}`
    await this.#report.input(text, () => this.#ask(path, headers, body, genuine))
  }

  end(): void {
    this.#company.close()
  }

  async #ask(
    path: string,
    headers: Record<string, string>,
    body: Uint8Array<ArrayBuffer>,
    genuine: boolean,
  ): Promise<string> {
    const before = { head: this.#company.head(), writes: this.#company.writes(), kept: this.#kept }
    const waiting: Promise<unknown>[] = []
    const context = { waitUntil: (promise: Promise<unknown>) => void waiting.push(promise) }
    const request = new Request(origin + path, { method: 'POST', headers, body })
    const answer = await this.#app.fetch(request, this.#env, context as unknown as ExecutionContext)
    await Promise.all(waiting)
    const { status } = answer
    if (this.#kept !== before.kept) throw new Error('the account could not take it')
    if (![200, 204, 400, 401, 404, 413].includes(status)) throw new Error(`answered ${status}`)
    if (status < 300 && !genuine) throw new Error('took what the carrier did not sign')
    if (status >= 300 && this.#company.head() !== before.head)
      throw new Error(`answered ${status} and committed`)
    // A counter is one row.
    if (status >= 300 && this.#company.writes() - before.writes > 1) throw new Error('refused and wrote')
    return [404, 413].includes(status) ? String(status) : `${path.split('/')[2]} ${status}`
  }

  #make(): Promise<Post> {
    return this.#random.next() < 0.55 ? this.#twilio() : this.#simulated()
  }

  /** Paths of channels that are not there, and with what a path must not hold. */
  #path(carrier: string, id: string): string {
    const event = this.#random.pick(['inbound', 'inbound', 'status'])
    const way = this.#random.int(25)
    if (way === 0) return `/hooks/${carrier}/nobody/${event}`
    if (way === 1)
      return `/hooks/${carrier}/${encodeURIComponent(mutateText(id, this.#random).slice(0, 300).toWellFormed())}/${event}`
    const query =
      way < 6
        ? `?message=${this.#random.pick(['e', `e${'a'.repeat(26)}`, '%00', '%ff%fe', "'&message="])}`
        : ''
    return `/hooks/${carrier}/${id}/${event}${query}`
  }

  async #simulated(): Promise<Post> {
    const { next, pick, int } = this.#random
    const path = this.#path('simulator', channel)
    const message = path.includes('/status')
      ? {
          id: `SM${int(50)}`,
          state: pick(['sent', 'delivered', 'undelivered', 'failed', 'read', '']),
          error: { code: '30003', text: 'Unreachable' },
        }
      : {
          id: `m${int(300)}`,
          from: pick([...customers, 'INFO', '72345', '+999', 'x']),
          to: pick(['+13095550100', '+13095550999', '']),
          text: pick(['Hello', 'STOP', 'START', 'HELP', 'Ünïcode 👍']),
          media: [{ url: 'https://carrier.test/1.jpg', contentType: 'image/jpeg' }],
        }
    const json = JSON.stringify(next() < 0.5 ? mutateJson(message, this.#random) : message)
    const bytes = new TextEncoder().encode(next() < 0.3 ? mutateText(json, this.#random) : json)
    const body = next() < 0.2 ? mutateBytes(bytes, this.#random) : new Uint8Array(bytes)
    const secret = next() < 0.85 ? 'simulator' : pick(['', 'simulato', 'Simulator', 'simulator ', 'ÿ'])
    const headers = { 'content-type': 'application/json', 'x-simulator-secret': secret }
    // A header's value is trimmed by whoever reads it.
    return { path, headers, body, genuine: secret.trim() === 'simulator' }
  }

  async #twilio(): Promise<Post> {
    const { next, pick, int } = this.#random
    const path = this.#path('twilio', twilioChannel)
    const fields: [string, string][] = [
      ['MessageSid', `SM${int(300)}`],
      ['From', pick([...customers, 'INFO', '72345', 'whatsapp:+13125550142'])],
      ['To', pick(['+13095550100', '+13095550999'])],
      ['Body', pick(['Hello', 'STOP', 'START', 'HELP', 'Ünïcode 👍'])],
      ['NumMedia', pick(['0', '1', '11', '-1', '1e9', 'NaN', '99999999999'])],
      ['MediaUrl0', pick(['https://api.twilio.com/x', 'http://169.254.169.254/', 'javascript:1', '//x', ''])],
      ['MessageStatus', pick(['sent', 'delivered', 'failed', 'undelivered', 'queued', 'READ', 'new'])],
      ['ErrorCode', pick(['', '30003', '__proto__', 'constructor', 'x'.repeat(5000)])],
    ]
    const changed = fields.flatMap(([name, value]): [string, string][] => {
      const way = int(20)
      if (way === 0) return []
      if (way === 1) return [[name, mutateText(value, this.#random)]]
      if (way === 2) return [[mutateText(name, this.#random), value]]
      if (way === 3)
        return [
          [name, value],
          [name, value],
          [name, mutateText(value, this.#random)],
        ]
      return [[name, value]]
    })
    const bytes = new TextEncoder().encode(new URLSearchParams(changed.map(wellFormed)).toString())
    // What the carrier signs is what it sends, however odd; what happens on the way is not signed.
    const odd = next() < 0.25 ? mutateBytes(bytes, this.#random) : new Uint8Array(bytes)
    const signed = await sign(origin + path, fieldsOf(odd), 'token')
    const body = next() < 0.15 ? mutateBytes(odd, this.#random) : odd
    const signature = next() < 0.1 ? mutateText(signed, this.#random) : signed
    const printable = signature.replace(/[^\x21-\x7e]/g, '')
    const type =
      next() < 0.9 ? 'application/x-www-form-urlencoded' : pick(['application/json', 'text/plain', ''])
    const same = JSON.stringify(distinct(fieldsOf(body))) === JSON.stringify(distinct(fieldsOf(odd)))
    return {
      path,
      headers: { 'content-type': type, 'x-twilio-signature': printable },
      body,
      genuine: same && printable === signed,
    }
  }
}

function wellFormed([name, value]: [string, string]): [string, string] {
  return [name.toWellFormed(), value.toWellFormed()]
}

function fieldsOf(body: Uint8Array): Fields {
  return [...new URLSearchParams(new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(body))]
}

/** What a signature covers: names and values, sorted, each once; the borders between them are not signed. */
function distinct(fields: Fields): string {
  return [...new Map(fields.map((field) => [field.join('\u0000'), field])).values()]
    .toSorted(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map((field) => field.join(''))
    .join('')
}
