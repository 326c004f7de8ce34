import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { conversationId, entryId } from '#shared/base/ids.ts'
import type { Command } from '#shared/core/command.ts'
import { DevAccount } from '#worker/dev/dev-account.ts'
import { copyStorage, type StorageCopy } from '#worker/dev/storage-copy.ts'
import { storageSql } from '#worker/account/sql.ts'
import { FakeCarrier } from './carrier.ts'
import {
  admin,
  Company,
  customer,
  env,
  eventually,
  freshId,
  goBack,
  maya,
  sam,
  type Client,
} from './company.ts'

const carrier = new FakeCarrier()
beforeEach(() => carrier.install())
afterEach(() => {
  carrier.remove()
  carrier.mood = 'accept'
  DevAccount.historyDown = false
  DevAccount.crash = null
})

const copyOf = (company: Company): Promise<StorageCopy> =>
  runInDurableObject(company.live, (_, state) => copyStorage(storageSql(state.storage)))

/** The carrier takes texts and answers none until it is let go. */
function stopCarrier(): () => void {
  let letGo = () => {}
  const gone = new Promise<void>((resolve) => {
    letGo = resolve
  })
  carrier.onText = () => gone
  return () => {
    carrier.onText = null
    letGo()
  }
}

const epochOf = async (company: Company): Promise<number> =>
  (await company.query<{ value: number }>(`SELECT value FROM meta WHERE key = 'account epoch'`))[0]?.value ??
  1

/** D1 has everything that happened so far. */
const flushed = (company: Company) =>
  eventually(async () => {
    await company.live.shiftClock(61_000)
    const [row] = await company.query<{ value: number }>(`SELECT value FROM meta WHERE key = 'flushed seq'`)
    const [head] = await company.query<{ seq: number }>(`SELECT MAX(seq) AS seq FROM commits`)
    return row?.value === head?.seq
  })

/** The object has noticed, and stands in the epoch after the one it went back to. */
const restored = (company: Company, epoch = 2) =>
  eventually(async () => {
    await runDurableObjectAlarm(company.live).catch(() => undefined)
    return (await epochOf(company)) === epoch
  })

async function open(company: Company): Promise<string> {
  const [row] = await company.conversations()
  return conversationId.parse(row?.id)
}

async function replied(company: Company, client: Client, text: string): Promise<string> {
  const command: Command = {
    name: 'SendReply',
    conversation: conversationId.parse(await open(company)),
    text,
  }
  const id = client.command(command)
  expect((await client.ack(id)).refusal).toBeNull()
  return id
}

const texts = async (company: Company, of = customer) =>
  (await company.thread(of)).flatMap((entry) => ('text' in entry ? [entry.text] : []))

describe('an account whose storage is put back', () => {
  it('[E24] [DC22] what was scheduled is not sent again, and what still waits waits for a person', async () => {
    const company = await Company.found('rescheduled')
    await company.inbound('m1', 'When?')
    const client = await company.connect(maya)
    const conversation = conversationId.parse(await open(company))
    const now = await company.live.shiftClock(0)
    for (const [text, at] of [
      ['Sent in the lost life', now + 10 * 60_000],
      ['Still to come', now + 24 * 3_600_000],
    ] as const)
      await client.ack(client.command({ name: 'ScheduleReply', conversation, text, at }))
    const copy = await copyOf(company)
    await company.live.shiftClock(11 * 60_000)
    await eventually(async () => carrier.timesSent('Sent in the lost life') === 1)
    await flushed(company)

    await goBack(company, copy)
    await restored(company)
    await company.live.shiftClock(48 * 3_600_000)
    const states = (await company.thread()).flatMap((entry) =>
      entry.kind === 'outbound' ? [[entry.text, entry.delivery.state]] : [],
    )
    expect(states).toEqual([
      ['Sent in the lost life', 'sent'],
      ['Still to come', 'held'],
    ])
    expect(await company.query(`SELECT id FROM timers WHERE kind = 'scheduled'`)).toEqual([])
    expect(carrier.timesSent('Sent in the lost life')).toBe(1)
    expect(carrier.timesSent('Still to come')).toBe(0)
  })

  it('[E24] [P1] [P2] [fault D5] an hour: what D1 knows is back, once, in its order, with its state and its number', async () => {
    const company = await Company.found('hour')
    await company.inbound('m1', 'Before')
    const copy = await copyOf(company)
    const client = await company.connect(maya)
    await company.inbound('m2', 'In the lost hour')
    await replied(company, client, 'Answered in it')
    await eventually(async () => carrier.timesSent('Answered in it') === 1)
    await company.inbound('m3', 'And from somebody new', { from: '+13125550199' })
    await flushed(company)
    const [, newest] = (await company.conversations()).toSorted((a, b) => a.no - b.no)

    await goBack(company, copy)
    await restored(company)
    expect(await texts(company)).toEqual(['Before', 'In the lost hour', 'Answered in it'])
    expect(await texts(company, '+13125550199')).toEqual(['And from somebody new'])
    const orders = (await company.thread()).map(({ order }) => order)
    expect(orders).toEqual(orders.toSorted((a, b) => a - b))
    expect(new Set(orders).size).toBe(orders.length)
    const answer = (await company.thread()).find((entry) => entry.kind === 'outbound')
    expect(answer).toMatchObject({ delivery: { state: 'sent' } })
    const rows = await company.conversations()
    expect(rows.find(({ id }) => id === newest?.id)).toMatchObject({ no: newest?.no, status: 'open' })
    expect(rows.find(({ id }) => id !== newest?.id)).toMatchObject({ preview: 'Answered in it' })

    // The carrier repeats a webhook of the lost hour, and writes a new one: the first is known, the second is next.
    await company.inbound('m2', 'In the lost hour')
    await company.inbound('m4', 'After', { from: '+13125550188' })
    expect(await texts(company)).toEqual(['Before', 'In the lost hour', 'Answered in it'])
    const numbers = (await company.conversations()).map(({ no }) => no)
    expect(new Set(numbers).size).toBe(3)
    expect(Math.max(...numbers)).toBe((newest?.no ?? 0) + 1)
    expect(carrier.timesSent('Answered in it')).toBe(1)

    // D1 and the object agree again, under versions of the new epoch.
    await flushed(company)
    const { results } = await env.HISTORY.prepare(
      `SELECT epoch, ord, body FROM entries WHERE account = 'hour'`,
    ).all<{
      epoch: number
      ord: number
      body: string
    }>()
    const entries = [...(await company.thread()), ...(await company.thread('+13125550199'))]
    for (const entry of entries)
      expect(results.map(({ body }) => JSON.parse(body ?? 'null'))).toContainEqual(entry)
  })

  it('[E24] a minute: an end is taken back and the note of it leaves D1, but numbers of devices begin anew', async () => {
    const company = await Company.found('minute')
    await company.inbound('m1', 'Hello')
    const client = await company.connect(maya)
    await replied(company, client, 'Kept')
    await flushed(company)
    const copy = await copyOf(company)
    const end = client.command({
      name: 'EndConversation',
      conversation: conversationId.parse(await open(company)),
    })
    expect((await client.ack(end)).refusal).toBeNull()
    await flushed(company)

    await goBack(company, copy)
    await restored(company)
    expect(await company.conversations()).toMatchObject([{ status: 'open' }])
    expect(await texts(company)).toEqual(['Hello', 'Kept'])
    await flushed(company)
    const gone = await env.HISTORY.prepare(`SELECT body FROM entries WHERE account = 'minute' AND id = ?`)
      .bind(`${end}:0`)
      .first<{ body: string | null }>()
    expect(gone).toEqual({ body: null })

    // The device offers it again, as another client, under the old id: it is done once more.
    const again = await company.connect(maya, { epoch: 1, cursor: { seq: 3, tag: 'lost' } })
    await again.until(() => again.heard.find((message) => message.t === 'welcome'))
    again.command(
      { name: 'EndConversation', conversation: conversationId.parse(await open(company)) },
      { id: end, again: true },
    )
    expect((await again.ack(end)).refusal).toBeNull()
    expect(await company.conversations()).toMatchObject([{ status: 'closed' }])
    expect((await company.thread()).filter(({ id }) => id === `${end}:0`)).toHaveLength(1)
  })

  it('[E24] [P3] the middle of a send: a text that waited then and left meanwhile is never handed over again', async () => {
    const company = await Company.found('send')
    await company.inbound('m1', 'Hello')
    const client = await company.connect(maya)
    // The copy is taken while three texts wait: the first is with the carrier, the others behind it.
    const letGo = stopCarrier()
    const conversation = conversationId.parse(await open(company))
    const ids = ['one', 'two', 'three'].map((text) =>
      client.command({ name: 'SendReply', conversation, text }),
    )
    for (const id of ids) await client.ack(id)
    const copy = await copyOf(company)
    const waiting = await company.query<{ state: string }>(`SELECT state FROM outbox`)
    expect(waiting.map(({ state }) => state).toSorted()).toEqual(['claimed', 'ready', 'ready'])
    letGo()
    await eventually(async () => carrier.timesSent('three') === 1)
    await company.receipt(`s-${ids[1]}:0`, 'delivered')
    await flushed(company)

    await goBack(company, copy)
    await restored(company)
    // The first was with its carrier in the copy: D1 knows what became of it, so that nobody is asked about it.
    expect(await company.query(`SELECT message FROM lookups WHERE due IS NOT NULL`)).toEqual([])
    await company.live.shiftClock(600_000)
    await runDurableObjectAlarm(company.live)
    for (const text of ['one', 'two', 'three']) expect(carrier.timesSent(text)).toBe(1)
    expect(await company.query(`SELECT message FROM outbox`)).toEqual([])
    const states = (await company.thread()).flatMap((entry) =>
      entry.kind === 'outbound' ? [`${entry.text}: ${entry.delivery.state}`] : [],
    )
    expect(states).toEqual(['one: sent', 'two: delivered', 'three: sent'])
  })

  it('[E22] [E24] [P3] what the lost life handed over is not found in the place of a text with the same words', async () => {
    const company = await Company.found('twins')
    await company.inbound('m1', 'Hello')
    const client = await company.connect(maya)
    const settled = async () => (await company.query(`SELECT message FROM outbox`)).length === 0
    // The carrier never got the first one.
    carrier.mood = 'drop'
    await replied(company, client, 'Same words')
    await eventually(settled)
    carrier.mood = 'accept'
    const copy = await copyOf(company)
    await replied(company, client, 'Same words')
    await eventually(async () => carrier.timesSent('Same words') === 1 && (await settled()))
    await flushed(company)
    await goBack(company, copy)
    await restored(company)
    for (let passed = 0; passed < 12; passed++) {
      await company.live.shiftClock(60_000)
      await runDurableObjectAlarm(company.live).catch(() => undefined)
    }
    await eventually(async () => carrier.lists > 0)
    await eventually(
      async () => (await company.query(`SELECT due FROM lookups WHERE due IS NOT NULL`)).length === 0,
    )
    const states = (await company.thread()).flatMap((entry) =>
      entry.kind === 'outbound' ? [entry.delivery.state] : [],
    )
    expect(states).toEqual(['unconfirmed', 'sent'])
  })

  it('[E24] [P3] a text that D1 knows nothing more of is unconfirmed, and a late receipt settles it', async () => {
    const company = await Company.found('unknown')
    await company.inbound('m1', 'Hello')
    await flushed(company)
    const client = await company.connect(maya)
    carrier.mood = 'accept and fall silent'
    const before = await copyOf(company)
    const id = await replied(company, client, 'Did it leave?')
    await flushed(company)
    // D1 last heard of it as accepted, as after a flush in the moment before its claim.
    await env.HISTORY.prepare(
      `UPDATE entries SET body = json_set(body, '$.delivery', json('{"state":"accepted","at":1}')) WHERE id = ?`,
    )
      .bind(`${id}:0`)
      .run()
    await goBack(company, before)
    await restored(company)
    const text = async () => (await company.thread()).find((entry) => entry.kind === 'outbound')
    expect(await text()).toMatchObject({ delivery: { state: 'unconfirmed' } })
    expect(carrier.timesSent('Did it leave?')).toBe(1)
    await company.receipt(`late.${id}:0`, 'delivered')
    expect(await text()).toMatchObject({ delivery: { state: 'delivered' } })
  })

  it("[E22] [E24] [P3] what nobody knew the fate of when it was lost is found in its carrier's list", async () => {
    const company = await Company.found('looked-for')
    await company.inbound('m1', 'Hello')
    const client = await company.connect(maya)
    carrier.mood = 'accept and fall silent'
    const before = await copyOf(company)
    await replied(company, client, 'Is it there?')
    await eventually(async () => (await company.query(`SELECT message FROM lookups`)).length === 1)
    await flushed(company)
    await goBack(company, before)
    await restored(company)
    await eventually(async () => {
      await company.live.shiftClock(60_000)
      await runDurableObjectAlarm(company.live).catch(() => undefined)
      const text = (await company.thread()).find((entry) => entry.kind === 'outbound')
      return text?.kind === 'outbound' && text.delivery.state === 'sent'
    })
    expect(carrier.timesSent('Is it there?')).toBe(1)
  })

  it('[E24] [P4] an opt-out that D1 knows is back, also over a text that comes again', async () => {
    const company = await Company.found('consent')
    await company.inbound('m1', 'Hello')
    await flushed(company)
    const copy = await copyOf(company)
    await company.inbound('m2', 'STOP')
    await flushed(company)
    await goBack(company, copy)
    await restored(company)
    const client = await company.connect(maya, { epoch: 2 })
    const id = client.command({
      name: 'SendReply',
      conversation: conversationId.parse(await open(company)),
      text: 'Are you there?',
    })
    expect((await client.ack(id)).refusal).toMatchObject({ code: 'opted out' })
    expect(carrier.timesSent('Are you there?')).toBe(0)
  })

  it('[E24] [P3] commands that come again: what the object knows is answered from its record, other texts are held', async () => {
    const company = await Company.found('again')
    await company.inbound('m1', 'Hello')
    const first = await company.connect(maya)
    const kept = await replied(company, first, 'In both lives')
    await flushed(company)
    const copy = await copyOf(company)
    const known = await replied(company, first, 'D1 knows it')
    await flushed(company)
    DevAccount.historyDown = true
    const lost = await replied(company, first, 'Nobody knows it')
    await eventually(async () => carrier.timesSent('Nobody knows it') === 1)
    await goBack(company, copy)
    DevAccount.historyDown = false
    await restored(company)

    const again = await company.connect(maya, { epoch: 1, client: freshId('d') })
    const conversation = conversationId.parse(await open(company))
    const say = (id: string, text: string) =>
      again.command({ name: 'SendReply', conversation, text }, { id, again: true, synced: true, waited: 0 })
    say(kept, 'In both lives')
    say(known, 'D1 knows it')
    say(lost, 'Nobody knows it')
    for (const id of [kept, known, lost]) expect((await again.ack(id)).refusal).toBeNull()
    await company.live.shiftClock(600_000)
    const states = (await company.thread()).flatMap((entry) =>
      entry.kind === 'outbound' ? [[entry.text, entry.delivery.state]] : [],
    )
    expect(states).toEqual([
      ['In both lives', 'sent'],
      ['D1 knows it', 'sent'],
      ['Nobody knows it', 'held'],
    ])
    for (const text of ['In both lives', 'D1 knows it', 'Nobody knows it'])
      expect(carrier.timesSent(text)).toBe(1)
  })

  it('[E24] [P3] a receipt that names a text before its device offers it again, or after, settles it', async () => {
    const company = await Company.found('named')
    await company.inbound('m1', 'Hello')
    await flushed(company)
    const copy = await copyOf(company)
    await company.inbound('m2', 'D1 knows that there was more')
    await flushed(company)
    const client = await company.connect(maya)
    DevAccount.historyDown = true
    const ids = [await replied(company, client, 'Left first'), await replied(company, client, 'Left second')]
    await eventually(async () => carrier.timesSent('Left second') === 1)
    await goBack(company, copy)
    DevAccount.historyDown = false
    await restored(company)

    await company.receipt('theirs-1', 'delivered', `${ids[0]}:0`)
    const again = await company.connect(maya, { epoch: 1, client: freshId('d') })
    const conversation = conversationId.parse(await open(company))
    for (const id of ids) {
      again.command({ name: 'SendReply', conversation, text: 'Left' }, { id, again: true })
      expect((await again.ack(id)).refusal).toBeNull()
    }
    await company.receipt('theirs-2', 'delivered', `${ids[1]}:0`)
    const states = (await company.thread()).flatMap((entry) =>
      entry.kind === 'outbound' ? [entry.delivery.state] : [],
    )
    expect(states).toEqual(['delivered', 'delivered'])
    expect(await company.conversations()).toMatchObject([{ trouble: null }])
  })

  it('[E24] a text that was held in the lost life is sent once its author says so', async () => {
    const company = await Company.found('held')
    await company.inbound('m1', 'Hello')
    await flushed(company)
    const copy = await copyOf(company)
    await company.inbound('m2', 'Wait, something else')
    const client = await company.connect(maya)
    const conversation = conversationId.parse(await open(company))
    const late = client.command(
      { name: 'SendReply', conversation, text: 'Late' },
      { seen: 0, synced: false, waited: 60_000 },
    )
    expect((await client.ack(late)).refusal).toBeNull()
    await flushed(company)
    await goBack(company, copy)
    await restored(company)

    const again = await company.connect(maya, { epoch: 2, client: freshId('d') })
    const send = again.command({ name: 'SendHeld', conversation, entry: entryId.parse(`${late}:0`) })
    expect((await again.ack(send)).refusal).toBeNull()
    await eventually(async () => carrier.timesSent('Late') === 1)
  })

  it('[E24] [fault W2] a text that is held again, and left in the lost life, is delivered once its receipt says so', async () => {
    const company = await Company.found('held-left')
    await company.inbound('m1', 'Hello')
    const client = await company.connect(maya)
    const conversation = conversationId.parse(await open(company))
    const late = client.command(
      { name: 'SendReply', conversation, text: 'Left after all' },
      { seen: 0, synced: false, waited: 60_000 },
    )
    expect((await client.ack(late)).refusal).toBeNull()
    await flushed(company)
    const copy = await copyOf(company)
    const entry = entryId.parse(`${late}:0`)
    await client.ack(client.command({ name: 'SendHeld', conversation, entry }))
    await eventually(async () => carrier.timesSent('Left after all') === 1)
    await flushed(company)
    await goBack(company, copy)
    expect((await company.receipt(`s-${entry}`, 'delivered', entry)).ok).toBe(true)
    await restored(company)
    expect((await company.thread()).at(-1)).toMatchObject({
      text: 'Left after all',
      delivery: { state: 'delivered' },
    })
    expect(carrier.timesSent('Left after all')).toBe(1)
  })
})

describe('what waits for the comparison', () => {
  it('[E24] texts of an earlier start wait for D1, and at most 3 s; what this start accepts does not', async () => {
    const company = await Company.found('wait')
    await company.inbound('m1', 'Hello')
    await company.inbound('n1', 'Hello too', { from: '+13125550177' })
    const client = await company.connect(maya)
    await flushed(company)
    const rows = await company.conversations()
    const users = await company.query<{ id: string; user: string }>(
      `SELECT id, json_extract(body, '$.user') AS user FROM rows WHERE tbl = 'conversations'`,
    )
    expect(rows).toHaveLength(2)
    const of = (user: string) => conversationId.parse(users.find((row) => row.user === user)?.id)
    // The carrier wants it a second later, and by then another start has begun.
    carrier.mood = 'busy'
    await client.ack(
      client.command({ name: 'SendReply', conversation: of('up13125550142'), text: 'From before' }),
    )
    await eventually(
      async () => (await company.query(`SELECT message FROM outbox WHERE tries = 1`)).length === 1,
    )
    carrier.mood = 'accept'
    DevAccount.historyDown = true
    await evictDurableObject(company.live).catch(() => undefined)
    const next = await company.connect(maya)
    await company.live.shiftClock(1_500)
    next.command({ name: 'SendReply', conversation: of('up13125550177'), text: 'Of this start' })
    await eventually(async () => carrier.timesSent('Of this start') === 1)
    expect(carrier.timesSent('From before')).toBe(0)
    await company.live.shiftClock(1_500)
    await eventually(async () => carrier.timesSent('From before') === 1)
  })

  it('[E24] an object that went back sends nothing of before for as long as D1 cannot say what it lacks', async () => {
    const company = await Company.found('behind')
    await company.inbound('m1', 'Hello')
    const client = await company.connect(maya)
    const letGo = stopCarrier()
    const conversation = conversationId.parse(await open(company))
    for (const text of ['first', 'second'])
      await client.ack(client.command({ name: 'SendReply', conversation, text }))
    const copy = await copyOf(company)
    letGo()
    await eventually(async () => carrier.timesSent('second') === 1)
    await flushed(company)
    await env.HISTORY.exec(`ALTER TABLE entries RENAME TO entries_away`)
    await goBack(company, copy)
    // It has asked, and knows that it went back; what it lacks it cannot be told.
    await eventually(async () => {
      await company.query(`SELECT key FROM meta`)
      const row = await env.HISTORY.prepare(`SELECT epoch FROM accounts WHERE id = 'behind'`).first<{
        epoch: number
      }>()
      return (row?.epoch ?? 0) > 1
    })
    await company.live.shiftClock(600_000)
    await company.live.shiftClock(600_000)
    expect(await epochOf(company)).toBe(1)
    expect(carrier.timesSent('second')).toBe(1)
    await env.HISTORY.exec(`ALTER TABLE entries_away RENAME TO entries`)
    await eventually(async () => {
      await company.live.shiftClock(61_000)
      return (await epochOf(company)) > 1
    })
    await company.live.shiftClock(60_000)
    expect(carrier.timesSent('second')).toBe(1)
  })

  it('[E24] a cursor that the object should hold and does not waits for D1, and is wiped where D1 is not ahead', async () => {
    const company = await Company.found('doubt')
    await company.inbound('m1', 'Hello')
    await flushed(company)
    DevAccount.historyDown = true
    await evictDurableObject(company.live).catch(() => undefined)
    const client = await company.connect(maya, { epoch: 1, cursor: { seq: 1e6, tag: 'ahead' } })
    expect(await client.untilClosed()).toMatchObject({ code: 4408 })
    expect(client.heard).toEqual([])
    DevAccount.historyDown = false
    const next = await company.connect(sam, { epoch: 1, cursor: { seq: 1e6, tag: 'ahead' } })
    const welcome = await next.until(() => next.heard.find((message) => message.t === 'welcome'))
    // What it did may be lost without a trace: it offers that again.
    expect(welcome).toMatchObject({ answer: 'wipe', epoch: 1, again: true })
    const fresh = await company.connect(admin)
    const first = await fresh.until(() => fresh.heard.find((message) => message.t === 'welcome'))
    expect(first).not.toHaveProperty('again')
  })

  it('[E24] sockets that the object met before it noticed are ended, and begin in the new epoch', async () => {
    const company = await Company.found('met')
    await company.inbound('m1', 'Hello')
    const before = await company.connect(maya)
    await before.until(() => before.heard.find((message) => message.t === 'welcome'))
    await flushed(company)
    const [held] = await company.query<{ seq: number; tag: string }>(
      `SELECT seq, tag FROM commits ORDER BY seq DESC LIMIT 1`,
    )
    const copy = await copyOf(company)
    await company.inbound('m2', 'Lost')
    await flushed(company)
    await goBack(company, copy)
    const client = await company.connect(maya, { epoch: 1, cursor: held })
    expect(await client.untilClosed()).toMatchObject({ code: 4408 })
    const next = await company.connect(maya, { epoch: 1, cursor: held })
    const welcome = await next.until(() => next.heard.find((message) => message.t === 'welcome'))
    expect(welcome).toMatchObject({ answer: 'wipe', epoch: 2 })
  })

  it('[E24] the epoch only grows: two restores to the same moment are two epochs, and D1 holds the highest', async () => {
    const company = await Company.found('twice')
    await company.inbound('m1', 'Hello')
    const copy = await copyOf(company)
    await company.inbound('m2', 'Lost')
    await flushed(company)
    await goBack(company, copy)
    await restored(company, 2)
    await goBack(company, copy)
    await restored(company, 3)
    expect(await texts(company)).toEqual(['Hello', 'Lost'])
    expect(await env.HISTORY.prepare(`SELECT epoch FROM accounts WHERE id = 'twice'`).first()).toEqual({
      epoch: 3,
    })
  })
})
