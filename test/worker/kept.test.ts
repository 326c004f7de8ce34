import { createExecutionContext, env as raw, evictDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { conversationId } from '#shared/base/ids.ts'
import worker from '#worker/dev.ts'
import { DevAccount } from '#worker/dev/dev-account.ts'
import { keepArrival } from '#worker/queues/arrivals.ts'
import { FakeCarrier } from './carrier.ts'
import {
  Company,
  customer,
  env,
  eventually,
  freshId,
  maya,
  origin,
  ourNumber,
  type Client,
} from './company.ts'

const carrier = new FakeCarrier()
beforeEach(() => carrier.install())
afterEach(() => {
  carrier.remove()
  DevAccount.keepDown = false
})

/** The Worker keeps a customer's text, as it does where the object cannot be reached. */
async function keep(company: Company, text: string): Promise<void> {
  const id = freshId('k')
  const body = new TextEncoder().encode(JSON.stringify({ id, from: customer, to: ourNumber, text }))
  const headers = { 'x-simulator-secret': 'simulator' }
  const request = { channel: company.name, event: 'inbound', url: origin, method: 'POST', headers, body }
  expect(await keepArrival(env as never, request, true, id)).toBe(true)
}

/** Presses SEND; answers why it was refused, if it was. */
async function reply(company: Company, client: Client, text: string): Promise<string | null> {
  const [row] = await company.conversations()
  const id = client.command({ name: 'SendReply', conversation: conversationId.parse(row?.id), text })
  return (await client.ack(id)).refusal?.code ?? null
}

const inbound = async (company: Company) =>
  (await company.thread()).flatMap((entry) => (entry.kind === 'inbound' ? [entry.text] : []))
const stateOf = async (company: Company, text: string) =>
  (await company.thread()).flatMap((entry) =>
    entry.kind === 'outbound' && entry.text === text ? [entry.delivery.state] : [],
  )

it('[P4] [E23] a STOP that was kept while the object was away comes in before its first text leaves', async () => {
  const company = await Company.found('kept-stop')
  await company.inbound('a', 'Hello?')
  await evictDurableObject(company.live)
  await keep(company, 'STOP')
  await reply(company, await company.connect(maya), 'Good news!')
  await eventually(async () => (await stateOf(company, 'Good news!'))[0] !== 'accepted')
  expect(await inbound(company)).toEqual(['Hello?', 'STOP'])
  expect(carrier.timesSent('Good news!')).toBe(0)
  expect((await env.MEDIA.list({ prefix: 'arrivals/kept-stop/' })).objects).toEqual([])
})

it('[P4] [E23] a STOP that is kept while the object lives holds its texts from before the 2xx on', async () => {
  const company = await Company.found('kept-alive')
  await company.inbound('a', 'Hello?')
  const client = await company.connect(maya)
  await reply(company, client, 'Good morning!')
  await eventually(async () => carrier.timesSent('Good morning!') === 1)
  const answer = await worker.fetch(
    new Request(`${origin}/hooks/simulator/kept-alive/inbound`, {
      method: 'POST',
      headers: { 'x-simulator-secret': 'simulator' },
      body: JSON.stringify({ id: 'stop', from: customer, to: ourNumber, text: 'STOP' }),
    }) as never,
    {
      ...(raw as object),
      ACCOUNT: {
        idFromName: () => null,
        get: () => ({ arrive: () => Promise.reject(new Error('slow')), kept: () => company.live.kept() }),
      },
      ARRIVALS: { send: () => Promise.reject(new Error('the queue is down')) },
    } as never,
    createExecutionContext(),
  )
  expect(answer.status).toBe(204)
  const refusal = await reply(company, client, 'Good news!')
  await eventually(
    async () => refusal === 'opted out' || (await stateOf(company, 'Good news!'))[0] !== 'accepted',
  )
  expect(await inbound(company)).toEqual(['Hello?', 'STOP'])
  expect(carrier.timesSent('Good news!')).toBe(0)
})

it('[P8] [E23] where R2 does not say what is kept, texts wait five seconds for it and leave then', async () => {
  const company = await Company.found('kept-away')
  await company.inbound('a', 'Hello?')
  await evictDurableObject(company.live)
  DevAccount.keepDown = true
  await reply(company, await company.connect(maya), 'Good news!')
  await company.live.shiftClock(4000)
  expect(await stateOf(company, 'Good news!')).toEqual(['accepted'])
  expect(carrier.timesSent('Good news!')).toBe(0)
  await company.live.shiftClock(1500)
  await eventually(async () => carrier.timesSent('Good news!') === 1)
})
