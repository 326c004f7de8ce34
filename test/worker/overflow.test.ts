import { createExecutionContext, env as raw, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ChannelId } from '#shared/base/ids.ts'
import worker from '#worker/dev.ts'
import type { DevAccount } from '#worker/dev/dev-account.ts'
import type { CarrierEvent } from '#worker/carriers/carrier.ts'
import { simulator } from '#worker/carriers/simulator.ts'
import { sweepArrivals } from '#worker/queues/arrivals.ts'
import { FakeCarrier } from './carrier.ts'
import { Company, customer, env, eventually, origin, ourNumber } from './company.ts'

const carrier = new FakeCarrier()
beforeEach(() => carrier.install())
afterEach(() => carrier.remove())

/** The carrier's webhook at a Worker with other bindings. */
const post = async (channel: string, text: string, bindings: object): Promise<Response> =>
  worker.fetch(
    new Request(`${origin}/hooks/simulator/${channel}/inbound`, {
      method: 'POST',
      headers: { 'x-simulator-secret': 'simulator' },
      body: JSON.stringify({ id: 'once', from: customer, to: ourNumber, text }),
    }) as never,
    bindings as never,
    createExecutionContext(),
  )
const texts = async (company: Company) =>
  (await company.thread()).flatMap((entry) => (entry.kind === 'inbound' ? [entry.text] : []))
const keys = async (prefix: string) => (await env.MEDIA.list({ prefix })).objects.map(({ key }) => key)

it('[E30] [P1] [P2] what there is no room for is kept, has its 2xx, and comes in once, however often it is too early', async () => {
  const company = await Company.found('overflow')
  let told = 0
  const busy = {
    ...(raw as object),
    ACCOUNT: {
      idFromName: () => null,
      get: () => ({
        arrive: () => Promise.resolve('later'),
        kept: () => Promise.resolve(void told++),
        count: () => undefined,
      }),
    },
    ARRIVALS: { send: () => Promise.reject(new Error('the queue is down')) },
  }
  const answer = await post('overflow', 'Too many of us?', busy)
  // The object hears of it before the carrier does: no text leaves meanwhile, for this could be a STOP [P4].
  expect([answer.status, told]).toEqual([204, 1])
  const carriers = { find: () => simulator as never, named: () => simulator as never }
  for (let sweep = 0; sweep < 7; sweep++) await sweepArrivals(busy as never, carriers)
  expect([(await keys('arrivals/overflow/')).length, await keys('parked/overflow/')]).toEqual([1, []])
  expect(await texts(company)).toEqual([])
  await sweepArrivals(env as never, carriers)
  await sweepArrivals(env as never, carriers)
  expect(await texts(company)).toEqual(['Too many of us?'])
  expect(await keys('arrivals/overflow/')).toEqual([])
})

it('[E30] [P1] [P4] an account that has no room now brings in by itself what was kept meanwhile', async () => {
  const company = await Company.found('flooded')
  const kept: string[] = []
  const busy = {
    ...(raw as object),
    ACCOUNT: {
      idFromName: () => null,
      get: () => ({
        // Behind more than there is room for, at once. A repeated arrival costs nothing else.
        arrive: (channel: ChannelId, event: CarrierEvent) =>
          runInDurableObject(company.live, async (object: DevAccount) => {
            const again = { ...event, carrierId: 'a' } as CarrierEvent
            const before = Array.from({ length: 1500 }, () => object.arrive(channel, again))
            const answer = object.arrive(channel, event)
            expect(await Promise.all(before)).toContain('later')
            return answer
          }),
        kept: async () => {
          kept.push(...(await keys('arrivals/flooded/')))
          await company.live.kept()
        },
        count: () => undefined,
      }),
    },
    ARRIVALS: { send: () => Promise.reject(new Error('the queue is down')) },
  }
  expect((await post('flooded', 'STOP', busy)).status).toBe(204)
  expect(kept).toHaveLength(1)
  await eventually(async () => (await texts(company)).length === 2)
  await eventually(async () => (await keys('arrivals/flooded/')).length === 0)
})
