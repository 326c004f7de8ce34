import { exports } from 'cloudflare:workers'
import { channelId } from '#shared/base/ids.ts'
import { beforeEach, expect, it } from 'vitest'
import { seal } from '#worker/carriers/credentials.ts'
import { sign, type Fields } from '#worker/carriers/twilio-signature.ts'
import { Company, customer, env, origin } from './company.ts'

const number = '+13095550102'
const token = '12345'
let company: Company
let channel: string
let counter = 0

beforeEach(async () => {
  const name = `tw-${++counter}`
  channel = `${name}-ch`
  company = await Company.found(name, [
    {
      table: 'channels',
      row: { id: channelId.parse(channel), carrier: 'twilio', reachable: true, since: 0 },
    },
    {
      table: 'numbers',
      row: {
        id: 'n13095550102' as never,
        address: number,
        name: 'Online',
        channel: channelId.parse(channel),
        active: true,
        agent: null,
        group: null,
        longMessages: null,
        confirmation: 'carrier',
        help: null,
      },
    },
  ])
  const config = {
    carrier: 'twilio' as const,
    accountSid: `AC${'0'.repeat(32)}`,
    authToken: token,
    publicAddress: origin,
    api: `${origin}/simulator/twilio`,
  }
  await env.HISTORY.prepare(
    `INSERT INTO channels (id, account, carrier, credentials) VALUES (?, ?, 'twilio', ?)`,
  )
    .bind(channel, name, await seal(config, env.CHANNEL_KEY))
    .run()
})

const inbound = (id: string): Fields => [
  ['MessageSid', id],
  ['AccountSid', `AC${'0'.repeat(32)}`],
  ['From', customer],
  ['To', number],
  ['Body', 'Hello & welcome'],
  ['NumMedia', '0'],
]

async function post(event: string, fields: Fields, signature?: string): Promise<Response> {
  const address = `${origin}/hooks/twilio/${channel}/${event}`
  return exports.default.fetch(address, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': signature ?? (await sign(address, fields, token)),
    },
    body: new URLSearchParams(fields.map(([name, value]) => [name, value])).toString(),
  })
}

it('[P2] [fault W1] a signed Twilio text comes in once, however often the very same request is replayed', async () => {
  const fields = inbound(`SM${'a'.repeat(32)}`)
  const answers = await Promise.all([
    post('inbound', fields),
    post('inbound', fields),
    post('inbound', fields),
  ])
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  expect((await company.thread()).filter(({ kind }) => kind === 'inbound')).toMatchObject([
    { text: 'Hello & welcome' },
  ])
})

it('[fault W4] a forged, truncated or missing Twilio signature is 401 and stores nothing', async () => {
  const fields = inbound(`SM${'b'.repeat(32)}`)
  const right = await sign(`${origin}/hooks/twilio/${channel}/inbound`, fields, token)
  const forged = await sign(`${origin}/hooks/twilio/${channel}/inbound`, fields, 'another token')
  for (const signature of [forged, right.slice(0, -2), right.toLowerCase(), '', 'not base64 at all'])
    expect((await post('inbound', fields, signature)).status).toBe(401)
  const changed: Fields = fields.map(([name, value]) => [name, name === 'Body' ? 'Hello & goodbye' : value])
  expect((await post('inbound', changed, right)).status).toBe(401)
  expect(await company.conversations()).toEqual([])
})

it('[fault W4] repeated and unknown parameters are covered by the signature and do no harm', async () => {
  const fields: Fields = [
    ...inbound(`SM${'c'.repeat(32)}`),
    ['FutureParameter', 'x'],
    ['FutureParameter', 'y'],
  ]
  expect((await post('inbound', fields)).status).toBe(200)
  expect((await company.thread()).filter(({ kind }) => kind === 'inbound')).toHaveLength(1)
})

it('[fault W2] a receipt for a text nobody knows is acknowledged and parked', async () => {
  const fields: Fields = [
    ['MessageSid', `SM${'d'.repeat(32)}`],
    ['MessageStatus', 'delivered'],
  ]
  expect((await post('status', fields)).ok).toBe(true)
  expect(await company.query(`SELECT carrier_id, state FROM parked_receipts`)).toEqual([
    { carrier_id: `SM${'d'.repeat(32)}`, state: 'delivered' },
  ])
})
