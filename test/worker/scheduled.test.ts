import { evictDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { conversationId, type ConversationId } from '#shared/base/ids.ts'
import { hour, minute } from '#shared/base/time.ts'
import { DevAccount } from '#worker/dev/dev-account.ts'
import { FakeCarrier } from './carrier.ts'
import { Company, eventually, maya, type Client } from './company.ts'

let carrier: FakeCarrier
beforeEach(() => {
  carrier = new FakeCarrier()
  carrier.install()
})
afterEach(() => {
  carrier.remove()
  DevAccount.crash = null
})

const text = 'See you at nine'

/** A company in which Maya has scheduled a reply for in an hour. */
async function scheduled(
  name: string,
): Promise<{ company: Company; conversation: ConversationId; client: Client }> {
  const company = await Company.found(name)
  await company.inbound('in-1', 'When can I come?')
  const [row] = await company.conversations()
  const conversation = conversationId.parse(row?.id)
  const client = await company.connect(maya)
  const at = (await company.live.shiftClock(0)) + hour
  const ack = await client.ack(client.command({ name: 'ScheduleReply', conversation, text, at }))
  expect(ack.refusal).toBeNull()
  return { company, conversation, client }
}

const timers = (company: Company) =>
  company.query<{ id: string }>(`SELECT id FROM timers WHERE kind = 'scheduled'`)

async function state(company: Company): Promise<string | undefined> {
  const entry = (await company.thread()).find((entry) => entry.kind === 'outbound')
  return entry?.kind === 'outbound' ? entry.delivery.state : undefined
}

it('[DC22] [E21] a scheduled reply leaves at its time, by the alarm, and once however often it comes', async () => {
  const { company } = await scheduled('sched-leaves')
  await company.live.shiftClock(59 * minute)
  expect(await state(company)).toBe('scheduled')
  expect(carrier.sent).toEqual([])
  await company.live.shiftClock(2 * minute)
  await eventually(async () => (await state(company)) === 'sent')
  for (let times = 0; times < 3; times++) await company.live.shiftClock(hour)
  expect(carrier.timesSent(text)).toBe(1)
  expect(await timers(company)).toEqual([])
  expect(await company.conversations()).toMatchObject([{ preview: text }])
})

it('[P3] [P8] it leaves once, whether the object is evicted or dies at any step around its time', async () => {
  const { company } = await scheduled('sched-once')
  await evictDurableObject(company.stub)
  const struck: string[] = []
  const points = ['alarm-set', 'after-dedupe', 'after-outbox', 'before-publish'] as const
  for (const point of points) {
    DevAccount.crash = (at, account) => {
      if (at !== point || struck.includes(point)) return
      struck.push(point)
      account.die(point)
    }
    await company.live.shiftClock(61 * minute).catch(() => undefined)
  }
  DevAccount.crash = null
  expect(struck).toEqual([...points])
  await eventually(async () => {
    await company.live.shiftClock(minute)
    return ['sent', 'delivered'].includes((await state(company)) ?? '')
  })
  expect(carrier.timesSent(text)).toBe(1)
})

it('[P4] [DC25] nothing scheduled leaves for who opted out, wherever the STOP comes', async () => {
  const { company } = await scheduled('sched-stop')
  await company.inbound('stop', 'STOP')
  expect(await state(company)).toBe('refused')
  expect(await timers(company)).toEqual([])
  await company.live.shiftClock(2 * hour)
  expect(carrier.sent).toEqual([])
})

it('[DC22] whoever writes first finds it cancelled, and its author sends it or lets it be', async () => {
  const { company, conversation, client } = await scheduled('sched-first')
  await company.inbound('in-2', 'Can we say ten?')
  expect(await state(company)).toBe('held')
  await company.live.shiftClock(2 * hour)
  expect(carrier.sent).toEqual([])
  const entry = (await company.thread()).find((entry) => entry.kind === 'outbound')
  if (!entry) throw new Error('no text')
  await client.ack(client.command({ name: 'SendHeld', conversation, entry: entry.id }))
  await eventually(async () => carrier.timesSent(text) === 1)
})

it('[DC22] one that is sent now or cancelled is not sent again at its time', async () => {
  for (const name of ['SendHeld', 'DiscardHeld'] as const) {
    const { company, conversation, client } = await scheduled(`sched-${name.toLowerCase()}`)
    const before = carrier.timesSent(text)
    const entry = (await company.thread()).find((entry) => entry.kind === 'outbound')
    if (!entry) throw new Error('no text')
    await client.ack(client.command({ name, conversation, entry: entry.id }))
    await company.live.shiftClock(2 * hour)
    await eventually(async () => carrier.timesSent(text) === before + (name === 'SendHeld' ? 1 : 0))
    expect(await timers(company)).toEqual([])
  }
})
