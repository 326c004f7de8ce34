import {
  createMessageBatch,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listId, type ListId, type NumberId } from '#shared/base/ids.ts'
import { minute } from '#shared/base/time.ts'
import type { Broadcast } from '#shared/rows/broadcast.ts'
import type { CrashPoint } from '#worker/account/crash-points.ts'
import { simulator } from '#worker/carriers/simulator.ts'
import { storageSql } from '#worker/account/sql.ts'
import { DevAccount } from '#worker/dev/dev-account.ts'
import { copyStorage } from '#worker/dev/storage-copy.ts'
import { consume } from '#worker/queues/consume.ts'
import { FakeCarrier } from './carrier.ts'
import { Company, env, eventually, freshId, goBack, maya, type Client } from './company.ts'

let carrier: FakeCarrier
beforeEach(() => {
  carrier = new FakeCarrier()
  carrier.install()
})
afterEach(() => {
  carrier.remove()
  DevAccount.crash = null
})

const number = 'n13095550100' as NumberId
const handset = (index: number) => `+1312555${1000 + index}`
const user = (index: number) => `up1312555${1000 + index}`

interface Sending {
  company: Company
  client: Client
  list: ListId
  people: number
}

/** A company that may send to lists, with one list of so many people. */
async function withList(
  name: string,
  people: number,
  options: { addToInbox?: boolean; limit?: number } = {},
) {
  const { addToInbox = false, limit = 1000 } = options
  const company = await Company.found(name)
  const [settings] = await company.query<{ body: string }>(`SELECT body FROM rows WHERE tbl = 'settings'`)
  await company.live.found(
    name,
    [{ table: 'settings', row: { ...JSON.parse(settings?.body ?? ''), listLimit: limit } }],
    [],
  )
  const client = await company.connect(maya)
  const list = listId.parse(freshId('l'))
  client.command({ name: 'SaveList', list, expect: null, to: { name: 'Spring check', addToInbox } })
  let last = ''
  for (let from = 0; from < people; from += 200) {
    const addresses = Array.from({ length: Math.min(200, people - from) }, (_, index) =>
      handset(from + index),
    )
    last = client.command({ name: 'AddToList', list, addresses })
  }
  expect((await client.ack(last)).refusal).toBeNull()
  return { company, client, list, people }
}

async function submit({ client, list, people }: Sending, text = 'Your car is due.', id = freshId('x')) {
  return client.ack(client.command({ name: 'SendBroadcast', list, number, text, expect: people }, { id }))
}

/** One consumer, and as many nudges as it is handed at once. */
function consumer(company: Company, nudges = 1): Promise<void> {
  const messages = Array.from({ length: nudges }, () => ({
    id: freshId('q'),
    timestamp: new Date(),
    attempts: 1,
    body: { account: company.name },
  }))
  const carriers = { find: () => simulator as never, named: () => simulator as never }
  return consume(createMessageBatch('bulk', messages) as never, env as never, carriers)
}

async function broadcasts(company: Company): Promise<Broadcast[]> {
  const rows = await company.query<{ body: string }>(`SELECT body FROM rows WHERE tbl = 'broadcasts'`)
  return rows.map(({ body }) => JSON.parse(body))
}

/** Lets consumers, alarms and time do their work until the broadcast is through. */
async function through(company: Company): Promise<Broadcast> {
  return eventually(async () => {
    await consumer(company).catch(() => undefined)
    await company.live.shiftClock(minute).catch(() => undefined)
    await runDurableObjectAlarm(company.live).catch(() => undefined)
    return (await broadcasts(company).catch(() => [])).find(({ state }) => state === 'done')
  })
}

function timesSentTo(index: number): number {
  return carrier.sent.filter(({ to }) => to === handset(index)).length
}

it('[F12] [F282] [DC13] one message reaches everybody on the list once, and who opted out is skipped and counted', async () => {
  const sending = await withList('bulk-plain', 3)
  const { company } = sending
  await company.inbound('stop', 'STOP', { from: handset(1) })
  expect((await submit(sending)).refusal).toBeNull()
  const done = await through(company)
  expect(done).toMatchObject({ listName: 'Spring check', by: maya, state: 'done' })
  expect(done.counts).toMatchObject({ waiting: 0, skipped: 1, failed: 0, unconfirmed: 0, sent: 2 })
  expect([0, 1, 2].map(timesSentTo)).toEqual([1, 0, 1])
  // Nothing of it stands in the inbox: only the one who wrote STOP is there.
  expect(await company.conversations()).toHaveLength(1)
})

it('[F233] [F234] [F236] each text is filled in from its recipient and stays in brackets in the record', async () => {
  const sending = await withList('bulk-inserts', 2)
  const { company, client } = sending
  const blank = { firstName: '', lastName: '', companyName: '' }
  const to = { firstName: 'Dana', lastName: 'Cruz', companyName: 'Cruz Logistics' }
  await client.ack(client.command({ name: 'SaveMobileUser', user: user(0) as never, expect: blank, to }))
  await submit(sending, 'Hi {{First Name}} {{Last Name}} of {{Company Name}} !')
  const done = await through(company)
  expect(done.text).toContain('{{Company Name}}')
  expect(carrier.sent.find(({ to }) => to === handset(0))?.text).toBe('Hi Dana Cruz of Cruz Logistics!')
})

it('[F263] [F264] an account without a limit may define lists and send to none', async () => {
  const sending = await withList('bulk-limit', 2, { limit: 0 })
  expect((await submit(sending)).refusal).toMatchObject({ code: 'list limit' })
  await consumer(sending.company)
  expect(carrier.sent).toEqual([])
  expect(await broadcasts(sending.company)).toEqual([])
})

it('[P3] the same press again, and a press that comes late or from a lost life, begin no second broadcast', async () => {
  const sending = await withList('bulk-again', 2)
  const { company, client, list } = sending
  const id = freshId('x')
  await submit(sending, 'Once.', id)
  const again = await company.connect(maya, { client: client.client })
  again.n = client.n - 1
  again.command({ name: 'SendBroadcast', list, number, text: 'Once.', expect: 2 }, { id })
  expect((await again.ack(id)).refusal).toBeNull()
  again.n = client.n
  for (const more of [{ synced: false, waited: 60_000 }, { again: true }]) {
    const late = again.command({ name: 'SendBroadcast', list, number, text: 'Once.', expect: 2 }, more)
    expect((await again.ack(late)).refusal).toMatchObject({ code: 'late' })
  }
  await through(company)
  expect([0, 1].map(timesSentTo)).toEqual([1, 1])
  expect(await broadcasts(company)).toHaveLength(1)
})

it('[P4] [DC25] who opts out between SUBMIT and the claim gets nothing, also after opting in again', async () => {
  const sending = await withList('bulk-between', 4)
  const { company } = sending
  // The second text is on its way when the third and the fourth person say STOP; the fourth takes it back.
  carrier.onText = async () => {
    if (carrier.sent.length !== 2) return
    await company.inbound('s2', 'STOP', { from: handset(2) })
    await company.inbound('s3', 'STOP', { from: handset(3) })
    await company.inbound('u3', 'UNSTOP', { from: handset(3) })
  }
  await submit(sending)
  await eventually(async () => (await broadcasts(company))[0]?.state === 'sending')
  // In the order of their numbers, so that it is certain who comes last.
  await company.write(`UPDATE ledger SET due = substr(user, 3)`)
  const done = await through(company)
  expect([0, 1, 2, 3].map(timesSentTo)).toEqual([1, 1, 0, 0])
  expect(done.counts).toMatchObject({ skipped: 2, sent: 2 })
})

it('[fault S6] a nudge that comes twice, and two consumers at once, hand over each text once', async () => {
  const sending = await withList('bulk-twice', 40)
  await submit(sending)
  await Promise.all([consumer(sending.company, 2), consumer(sending.company), consumer(sending.company)])
  const done = await through(sending.company)
  expect(done.counts).toMatchObject({ sent: 40, waiting: 0 })
  expect(carrier.sent).toHaveLength(40)
  expect(new Set(carrier.sent.map(({ to }) => to)).size).toBe(40)
})

// With an inbox texts stand in threads as well, and of 90 recipients the first commit enters 80.
const deaths: [CrashPoint, nth: number, people: number, addToInbox: boolean][] = [
  ['after-entering', 1, 90, true],
  ['after-bulk-claim', 1, 6, false],
  ['after-bulk-claim', 4, 6, true],
  ['after-bulk-handed', 1, 6, true],
  ['after-bulk-handed', 4, 6, false],
]

describe.each(['abort', 'evict'] as const)('%s', (how) => {
  // Eviction comes between two commits, whatever the point: there the number of people tells nothing.
  it.each(how === 'abort' ? deaths : deaths.slice(1))(
    '[P3] [P8] [fault S6] an object that dies at %s, time %i, goes on with the broadcast and sends nothing twice',
    async (point, nth, people, addToInbox) => {
      const sending = await withList(`bulk-${how}-${point}-${nth}`, people, { addToInbox })
      const { company } = sending
      let times = 0
      let struck = false
      DevAccount.crash = (reached, account) => {
        if (struck || reached !== point || ++times < nth) return
        struck = true
        if (how === 'abort') account.die(`crash at ${point}`)
      }
      const id = freshId('x')
      const { n } = sending.client
      const answered = submit(sending, 'Due.', id).catch(() => null)
      await eventually(async () => {
        await consumer(company).catch(() => undefined)
        return struck
      })
      if (how === 'evict') await evictDurableObject(company.live).catch(() => undefined)
      await answered
      // The agent's device repeats what it got no answer to, under the same id and number.
      const again = await eventually(() =>
        company.connect(maya, { client: sending.client.client }).catch(() => null),
      )
      again.n = n
      expect((await submit({ ...sending, client: again }, 'Due.', id)).refusal).toBeNull()
      const done = await through(company)
      const { waiting, sent, unconfirmed, skipped, failed } = done.counts
      const all = sent + unconfirmed
      expect({ waiting, skipped, failed, all }).toEqual({ waiting: 0, skipped: 0, failed: 0, all: people })
      // Only what was claimed when it died may be unknown, and what was handed over was handed over once.
      expect(unconfirmed).toBeLessThanOrEqual(1)
      expect(new Set(carrier.sent.map(({ to }) => to)).size).toBe(carrier.sent.length)
      expect(carrier.sent.length).toBeGreaterThanOrEqual(sent)
    },
  )
})

it('[F285] while a text of a conversation waits to leave, no text of a broadcast is claimed', async () => {
  const sending = await withList('bulk-behind', 2)
  const { company, client } = sending
  for (const index of [0, 1, 2, 3])
    await company.inbound(`m${index}`, 'Hello?', { from: `+1217555100${index}` })
  let go = () => {}
  const gate = new Promise<void>((resolve) => (go = resolve))
  carrier.onText = () => gate
  // The carrier keeps three conversations' texts waiting, so that the fourth has to wait for its turn.
  for (const { id } of await company.conversations())
    await client.ack(client.command({ name: 'SendReply', conversation: id as never, text: 'One moment.' }))
  await submit(sending)
  await eventually(async () => (await broadcasts(company))[0]?.state === 'sending')
  await eventually(async () => carrier.sent.length === 3)
  expect(await company.live.claimBulk()).toMatchObject({ kind: 'wait' })
  carrier.onText = null
  go()
  await through(company)
  expect(carrier.sent.map(({ text }) => text)).toEqual([
    ...Array.from({ length: 4 }, () => 'One moment.'),
    ...Array.from({ length: 2 }, () => 'Your car is due.'),
  ])
})

it('[F148] [E19] an answer brings the memo with it, once; receipts before it change the ledger and no thread', async () => {
  const sending = await withList('bulk-answer', 2)
  const { company } = sending
  await submit(sending)
  await through(company)
  const seqs = () => company.query<{ seq: number }>(`SELECT MAX(seq) AS seq FROM commits`)
  const before = await seqs()
  for (const { ref } of carrier.sent)
    expect((await company.receipt(`s-${ref}`, 'delivered', ref)).ok).toBe(true)
  expect(await company.query(`SELECT DISTINCT state FROM ledger`)).toEqual([{ state: 'delivered' }])
  expect(await company.conversations()).toEqual([])
  expect((await seqs())[0]?.seq).toBeLessThanOrEqual((before[0]?.seq ?? 0) + 1)
  await company.inbound('a1', 'Tuesday at nine?', { from: handset(0) })
  await company.inbound('a2', 'Or ten.', { from: handset(0) })
  const thread = await company.thread(handset(0))
  const memos = thread.filter((entry) => entry.kind === 'system' && entry.note.what === 'broadcast')
  expect(memos).toMatchObject([{ note: { list: 'Spring check', by: maya, text: 'Your car is due.' } }])
  expect(thread.indexOf(memos[0] as never)).toBeLessThan(thread.findIndex(({ kind }) => kind === 'inbound'))
  // D1 has the ledger in its last version.
  await eventually(async () => {
    await company.live.shiftClock(minute)
    const { results } = await env.HISTORY.prepare(
      `SELECT state, COUNT(*) AS count FROM broadcast_ledger WHERE account = 'bulk-answer' GROUP BY state`,
    ).all()
    return JSON.stringify(results) === JSON.stringify([{ state: 'delivered', count: 2 }])
  })
})

it('[F272] [F273] with Add to Inbox each number gets one conversation, in commits of at most 500 rows', async () => {
  const sending = await withList('bulk-inbox', 90, { addToInbox: true })
  const { company } = sending
  await company.inbound('m1', 'Are you open?', { from: handset(7) })
  await submit(sending)
  await through(company)
  const rows = await company.conversations()
  expect(rows).toHaveLength(90)
  expect(new Set(rows.map(({ no }) => no)).size).toBe(90)
  const thread = await company.thread(handset(7))
  expect(thread.map(({ kind }) => kind)).toEqual(['system', 'inbound', 'outbound'])
  expect(thread.at(-1)).toMatchObject({ by: maya, text: 'Your car is due.', delivery: { state: 'sent' } })
  const [most] = await company.query<{ most: number }>(
    `SELECT MAX(count) AS most FROM (SELECT COUNT(*) AS count FROM rows GROUP BY seq)`,
  )
  expect(most?.most).toBeLessThanOrEqual(500)
  const { ref } = carrier.sent.find(({ to }) => to === handset(7)) ?? { ref: '' }
  await company.receipt(`s-${ref}`, 'delivered', ref)
  expect((await company.thread(handset(7))).at(-1)).toMatchObject({ delivery: { state: 'delivered' } })
})

it('[P3] [E19] a broadcast goes to who was on the list when it was pressed, whoever leaves or joins while they are entered', async () => {
  const sending = await withList('bulk-leaves', 82, { addToInbox: true })
  const { company, client, list } = sending
  const pressed = submit(sending)
  client.command({ name: 'RemoveFromList', list, users: [user(80), user(81)] as never })
  client.command({ name: 'AddToList', list, addresses: [handset(90)] })
  expect((await pressed).refusal).toBeNull()
  const done = await through(company)
  expect(done.counts).toMatchObject({ waiting: 0, sent: 82 })
  expect([0, 80, 81, 90].map(timesSentTo)).toEqual([1, 1, 1, 0])
})

it('[E24] [P3] an account whose storage goes back in the middle of a broadcast stops it: nothing is sent again', async () => {
  const sending = await withList('bulk-back', 6)
  const { company } = sending
  // The copy is of the middle: the runtime's own queue would be through before it is taken.
  let letGo = () => {}
  const gone = new Promise<void>((resolve) => {
    letGo = resolve
  })
  carrier.onText = () => gone
  await submit(sending)
  await eventually(async () => (await broadcasts(company))[0]?.state === 'sending')
  const copy = await runInDurableObject(company.live, (_, state) => copyStorage(storageSql(state.storage)))
  carrier.onText = null
  letGo()
  await through(company)
  await eventually(async () => {
    await company.live.shiftClock(minute)
    const [row] = await company.query<{ value: number }>(`SELECT value FROM meta WHERE key = 'flushed seq'`)
    const [head] = await company.query<{ seq: number }>(`SELECT MAX(seq) AS seq FROM commits`)
    return row?.value === head?.seq
  })
  const handed = carrier.sent.length
  await goBack(company, copy)
  const stopped = await eventually(async () => {
    await consumer(company).catch(() => undefined)
    await runDurableObjectAlarm(company.live).catch(() => undefined)
    return (await broadcasts(company)).find(
      ({ state, counts }) => state === 'stopped' && counts.waiting === 0,
    )
  })
  await consumer(company)
  expect(stopped.counts.unconfirmed).toBe(6 - stopped.counts.sent)
  expect(carrier.sent).toHaveLength(handed)
})

it('[E22] silence is unconfirmed and opens the breaker; a refusal is counted as failed; neither is sent again', async () => {
  const sending = await withList('bulk-silent', 5)
  const { company } = sending
  carrier.mood = 'accept and fall silent'
  await submit(sending)
  await eventually(async () => (await broadcasts(company))[0]?.state === 'sending')
  await consumer(company)
  expect(carrier.sent).toHaveLength(2)
  carrier.mood = 'accept'
  const done = await through(company)
  expect(done.counts).toMatchObject({ unconfirmed: 2, sent: 3 })
  expect(carrier.sent).toHaveLength(5)
  const [silent] = carrier.sent
  await company.receipt(`s-${silent?.ref}`, 'delivered', silent?.ref)
  carrier.mood = 'refuse'
  await submit(sending, 'Again.')
  await eventually(async () => {
    await through(company)
    return (await broadcasts(company)).find(({ text, state }) => text === 'Again.' && state === 'done')
  })
  const counts = (await broadcasts(company)).map(({ text, counts }) => ({ text, ...counts }))
  expect(counts).toContainEqual(expect.objectContaining({ text: 'Again.', failed: 5, sent: 0 }))
  expect(counts).toContainEqual(expect.objectContaining({ unconfirmed: 1, delivered: 1, sent: 3 }))
})
