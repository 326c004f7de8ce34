import { evictDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { AutoReplyId } from '#shared/base/ids.ts'
import type { AutoReplySaid } from '#shared/rows/auto-reply.ts'
import { FakeCarrier } from './carrier.ts'
import { admin, Company, customer, eventually, freshId, sam } from './company.ts'

const carrier = new FakeCarrier()
beforeEach(() => {
  carrier.mood = 'accept'
  carrier.sent.length = 0
  carrier.onText = null
  carrier.install()
})
afterEach(() => carrier.remove())

const everyDay = [0, 1, 2, 3, 4, 5, 6]
const closed: AutoReplySaid = {
  number: null,
  trigger: { kind: 'time', days: everyDay, from: 0, to: 0, timeZone: 'America/Chicago' },
  text: 'We are closed.',
  most: null,
  disabled: false,
}
const hours: AutoReplySaid = {
  ...closed,
  trigger: { kind: 'text', patterns: ['hours'], anywhere: true },
  text: 'We open at 8.',
}

/** A company that answers like this, as its admin set it up. */
async function answering(name: string, ...rules: AutoReplySaid[]) {
  const company = await Company.found(name)
  const client = await company.connect(admin)
  for (const to of rules) {
    const autoReply = freshId('r') as AutoReplyId
    expect(
      (await client.ack(client.command({ name: 'SaveAutoReply', autoReply, expect: null, to }))).refusal,
    ).toBe(null)
  }
  return company
}

it('[P2] [F83] [fault W1] the same webhook 20 times at once is answered once', async () => {
  const company = await answering('auto-once', closed)
  await Promise.all(Array.from({ length: 20 }, () => company.inbound('m1', 'Is it ready?')))
  await eventually(async () => (await company.query(`SELECT message FROM outbox`)).length === 0)
  expect(carrier.sent).toMatchObject([{ to: customer, text: 'We are closed.' }])
  const thread = await company.thread()
  expect(thread.filter(({ kind }) => kind === 'outbound')).toMatchObject([
    { by: null, text: 'We are closed.', delivery: { state: 'sent' } },
  ])
  // It stays answered when the carrier says it once more, much later.
  expect((await company.inbound('m1', 'Is it ready?')).status).toBe(204)
  expect(carrier.sent).toHaveLength(1)
})

it('[F215] an answer to words leaves behind conversation, which has a connection free for it', async () => {
  const company = await answering('auto-behind', hours)
  const client = await company.connect(sam)
  const talks: { from: string; text: string }[] = [
    ...[0, 1].map((index) => ({ from: `+1217555200${index}`, text: 'Hello?' })),
    ...[0, 1, 2].map((index) => ({ from: `+1217555300${index}`, text: 'What are your hours?' })),
  ]
  let go = () => {}
  const gate = new Promise<void>((resolve) => (go = resolve))
  carrier.onText = () => gate
  for (const [index, { from, text }] of talks.entries()) await company.inbound(`m${index}`, text, { from })
  await eventually(async () => carrier.sent.length === 2)
  // The object has three connections for texts: two automatic answers hold theirs, the last one is kept.
  const spoken = (await company.conversations()).filter(({ preview }) => preview === 'Hello?')
  const [first, second] = spoken
  await client.ack(
    client.command({ name: 'SendReply', conversation: first?.id as never, text: 'One moment.' }),
  )
  await eventually(async () => carrier.sent.length === 3)
  await client.ack(client.command({ name: 'SendReply', conversation: second?.id as never, text: 'You too.' }))
  carrier.onText = null
  go()
  await eventually(async () => (await company.query(`SELECT message FROM outbox`)).length === 0)
  expect(carrier.sent.map(({ text }) => text)).toEqual([
    'We open at 8.',
    'We open at 8.',
    'One moment.',
    'You too.',
    'We open at 8.',
  ])
})

it('[F207] how often one went to somebody outlives the object, and ends with the conversation', async () => {
  const company = await answering('auto-limit', { ...closed, most: 1 })
  await company.inbound('m1', 'One')
  await eventually(async () => carrier.sent.length === 1)
  await evictDurableObject(company.live, { webSockets: 'close' })
  await company.inbound('m2', 'Two')
  await eventually(async () => (await company.query(`SELECT message FROM outbox`)).length === 0)
  expect(carrier.sent).toHaveLength(1)
  const client = await company.connect(sam)
  const [row] = await company.conversations()
  await client.ack(client.command({ name: 'EndConversation', conversation: row?.id as never }))
  await company.inbound('m3', 'Three')
  await eventually(async () => carrier.sent.length === 2)
})
