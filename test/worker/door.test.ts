import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { conversationId } from '#shared/base/ids.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DevAccount } from '#worker/dev/dev-account.ts'
import { FakeCarrier } from './carrier.ts'
import { Company, eventually, freshId, maya, ourNumber, sam, admin } from './company.ts'

const carrier = new FakeCarrier()
beforeEach(() => {
  carrier.mood = 'accept'
  carrier.sent.length = 0
  carrier.onText = null
  carrier.install()
})
afterEach(() => {
  carrier.remove()
  DevAccount.crash = null
})

/** A company with one conversation that waits for an answer. */
async function waiting(name: string) {
  const company = await Company.found(name)
  await company.inbound('first', 'Hello?')
  const [row] = await company.conversations()
  return { company, conversation: conversationId.parse(row?.id) }
}

it('[P2] [F8] [fault W1] the same webhook 20 times at once makes one text, one conversation, one assignment', async () => {
  const company = await Company.found('twenty')
  const answers = await Promise.all(Array.from({ length: 20 }, () => company.inbound('m1', 'Hello?')))
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 204))
  const thread = await company.thread()
  expect(thread.filter(({ kind }) => kind === 'inbound')).toHaveLength(1)
  expect(thread.filter(({ kind }) => kind === 'system')).toHaveLength(1)
  expect(await company.conversations()).toMatchObject([{ no: 1001, agent: 'maya', status: 'open' }])
})

it('[E4] a text in reaches every agent in one frame with its row and its thread bytes under one seq', async () => {
  const company = await Company.found('frames')
  const [first, second] = await Promise.all([company.connect(maya), company.connect(sam)])
  await Promise.all([
    first.until((c) => c.heard.find(({ t }) => t === 'welcome')),
    second.until((c) => c.heard.find(({ t }) => t === 'welcome')),
  ])
  await company.inbound('m1', 'Hello?')
  for (const client of [first, second]) {
    const frame = await client.until((c) => c.frames()[0])
    const part = frame.parts.find(({ audience }) => audience === 'account')
    expect(new Set(part?.rows.map(({ seq }) => seq))).toEqual(new Set([frame.to.seq]))
    expect(part?.rows.map(({ table }) => table).sort()).toEqual(['conversations', 'mobileUsers', 'threads'])
    expect(part?.threads).toMatchObject([{ thread: 'up13125550142', epoch: 1, from: 0 }])
  }
})

it('[E7] a read mark goes to its agent alone, a text to an unknown number to who may see it', async () => {
  const { company, conversation } = await waiting('audiences')
  const [own, other, chief] = await Promise.all([
    company.connect(maya),
    company.connect(sam),
    company.connect(admin),
  ])
  await Promise.all(
    [own, other, chief].map((client) => client.until((c) => c.heard.find(({ t }) => t === 'welcome'))),
  )
  await own.ack(own.command({ name: 'MarkRead', conversation, order: 2 }))
  await company.inbound('lost', 'Wrong number', { to: '+13095559999' })
  await chief.until((c) =>
    c.frames().some(({ parts }) => parts.some(({ rows }) => rows.some(({ table }) => table === 'strays'))),
  )
  await company.inbound('last', 'Anyone?')
  await other.until((c) =>
    c
      .frames()
      .some(({ parts }) => parts.some(({ rows }) => rows.some(({ table }) => table === 'conversations'))),
  )
  const tablesOf = (client: typeof own) =>
    new Set(
      client.frames().flatMap(({ parts }) => parts.flatMap(({ rows }) => rows.map(({ table }) => table))),
    )
  expect(tablesOf(own)).toContain('readMarks')
  expect(tablesOf(other)).not.toContain('readMarks')
  expect(tablesOf(other)).not.toContain('strays')
  expect(tablesOf(chief)).not.toContain('readMarks')
})

it('[E11] a command is taken once, whatever number its repetition carries', async () => {
  const { company, conversation } = await waiting('numbers')
  const client = await company.connect(maya)
  const id = client.command({ name: 'SendReply', conversation, text: 'Once.' })
  const first = await client.ack(id)
  client.say({
    t: 'command',
    n: 1,
    id,
    command: { name: 'SendReply', conversation, text: 'Once.' },
    seen: 9,
    synced: true,
    waited: 0,
  })
  await client.until(
    (c) =>
      c
        .frames()
        .flatMap(({ acks }) => acks)
        .filter((ack) => ack.id === id).length === 2,
  )
  expect(client.frames().flatMap(({ acks }) => acks)).toEqual([first, first])
  client.say({
    t: 'command',
    n: 5,
    id: freshId('x'),
    command: { name: 'SendReply', conversation, text: 'Gap.' },
    seen: 9,
    synced: true,
    waited: 0,
  })
  expect(await client.until((c) => c.heard.find(({ t }) => t === 'gap'))).toEqual({ t: 'gap', last: 1 })
  client.say({
    t: 'command',
    n: 1,
    id: freshId('x'),
    command: { name: 'SendReply', conversation, text: 'Fork.' },
    seen: 9,
    synced: true,
    waited: 0,
  })
  await client.until((c) => c.heard.find(({ t }) => t === 'fork'))
  await eventually(async () => carrier.sent.length > 0)
  expect(carrier.sent.map(({ text }) => text)).toEqual(['Once.'])
})

it('[E11] a refused command consumes its number, and its repetition gets the same refusal', async () => {
  const { company } = await waiting('refused')
  const client = await company.connect(maya)
  const command = { name: 'AddNote', conversation: conversationId.parse(freshId('c')), text: 'Lost' } as const
  const id = client.command(command)
  expect((await client.ack(id)).refusal?.code).toBe('unknown')
  client.n = 0
  client.command(command, { id })
  await client.until((c) => c.frames().flatMap(({ acks }) => acks).length === 2)
  client.n = 1
  expect((await client.ack(client.command(command))).refusal?.code).toBe('unknown')
})

it('[P3] [E22] [fault S1] a text whose answer is lost is unconfirmed, is never sent again, and its receipt settles it', async () => {
  const { company, conversation } = await waiting('silent')
  const client = await company.connect(maya)
  carrier.mood = 'accept and fall silent'
  const id = client.command({ name: 'SendReply', conversation, text: 'Are you there?' })
  await client.ack(id)
  const stateIs = (state: string) =>
    eventually(async () =>
      (await company.thread()).some((entry) => entry.kind === 'outbound' && entry.delivery.state === state),
    )
  await stateIs('unconfirmed')
  await company.live.shiftClock(10 * 60 * 1000)
  expect(carrier.timesSent('Are you there?')).toBe(1)
  const answer = await runInDurableObject(company.live, (object: DevAccount) =>
    object.arrive('silent' as never, {
      kind: 'receipt',
      carrierId: 'late',
      message: `${id}:0` as never,
      receipt: { state: 'delivered' },
    }),
  )
  expect(answer).toBe('taken')
  await stateIs('delivered')
  expect(carrier.timesSent('Are you there?')).toBe(1)
})

it('[F299] [E22] two silences open the breaker: texts wait as accepted, and leave once when the carrier is back', async () => {
  const { company, conversation } = await waiting('breaker')
  const client = await company.connect(maya)
  carrier.mood = 'drop'
  for (const text of ['one', 'two', 'three', 'four'])
    await client.ack(client.command({ name: 'SendReply', conversation, text }))
  const states = async () =>
    (await company.thread()).flatMap((entry) => (entry.kind === 'outbound' ? [entry.delivery.state] : []))
  await eventually(async () => (await states()).filter((state) => state === 'unconfirmed').length === 2)
  expect(await states()).toEqual(['unconfirmed', 'unconfirmed', 'accepted', 'accepted'])
  const channel = (await company.query<{ body: string }>(`SELECT body FROM rows WHERE tbl = 'channels'`))[0]
  expect(JSON.parse(channel?.body ?? '{}')).toMatchObject({ reachable: false })
  await company.live.shiftClock(6_000)
  await eventually(async () => carrier.probes > 0)
  expect(carrier.sent).toEqual([])
  carrier.mood = 'accept'
  await company.live.shiftClock(6_000)
  await eventually(async () => (await states()).filter((state) => state === 'sent').length === 2)
  expect(carrier.sent.map(({ text }) => text)).toEqual(['three', 'four'])
})

it('[F298] what the carrier refuses with its own error has failed, and the next text leaves', async () => {
  const { company, conversation } = await waiting('refusing')
  const client = await company.connect(maya)
  carrier.mood = 'refuse'
  await client.ack(client.command({ name: 'SendReply', conversation, text: 'no' }))
  await eventually(async () => (await company.conversations())[0]?.trouble === 'failed')
  carrier.mood = 'accept'
  await client.ack(client.command({ name: 'SendReply', conversation, text: 'yes' }))
  await eventually(async () => carrier.timesSent('yes') === 1)
})

it('[fault S4] a busy carrier is asked again later, and the order of a conversation is kept', async () => {
  const { company, conversation } = await waiting('busy')
  const client = await company.connect(maya)
  carrier.mood = 'busy'
  await client.ack(client.command({ name: 'SendReply', conversation, text: 'one' }))
  await client.ack(client.command({ name: 'SendReply', conversation, text: 'two' }))
  carrier.mood = 'accept'
  await eventually(async () => {
    await company.live.shiftClock(2_000)
    return carrier.sent.length === 2
  })
  expect(carrier.sent.map(({ text }) => text)).toEqual(['one', 'two'])
})

it('[P4] [F289] [DC25] after STOP exactly what was claimed before it left, the rest says opted out', async () => {
  const { company, conversation } = await waiting('stopping')
  const client = await company.connect(maya)
  // The first text is at the carrier when STOP arrives.
  carrier.onText = async () => {
    carrier.onText = null
    await company.inbound('stop', 'Stop')
  }
  for (const text of ['first', 'second', 'third']) client.command({ name: 'SendReply', conversation, text })
  await eventually(async () => {
    const states = (await company.thread()).flatMap((entry) =>
      entry.kind === 'outbound' ? [entry.delivery] : [],
    )
    return states.length === 3 && states.every(({ state }) => state !== 'accepted')
  })
  expect(carrier.sent.map(({ text }) => text)).toEqual(['first'])
  const refused = (await company.thread())
    .flatMap((entry) => (entry.kind === 'outbound' ? [entry.delivery] : []))
    .slice(1)
  expect(refused).toMatchObject([
    { state: 'refused', code: 'opted out', text: expect.stringContaining('STOP') },
    { state: 'refused', code: 'opted out' },
  ])
  const late = await client.ack(client.command({ name: 'SendReply', conversation, text: 'fourth' }))
  expect(late.refusal?.code).toBe('opted out')
})

it('[DC25] STOP on one number takes "held" off the conversation with that person on another', async () => {
  const { company, conversation } = await waiting('stopped-elsewhere')
  const second = '+13095550101'
  const [number] = await company.query<{ body: string }>(`SELECT body FROM rows WHERE tbl = 'numbers'`)
  const row = { ...JSON.parse(number?.body ?? '{}'), id: 'n13095550101', address: second }
  await company.stub.found(company.name, [{ table: 'numbers', row }], [])
  const client = await company.connect(maya)
  const late = { synced: false, seen: 0 }
  await client.ack(client.command({ name: 'SendReply', conversation, text: 'Too late' }, late))
  const trouble = async () =>
    (await company.conversations()).filter(({ id }) => id === conversation).map((found) => found.trouble)
  expect(await trouble()).toEqual(['held'])
  await company.inbound('stop', 'STOP', { to: second })
  expect(await company.conversations()).toHaveLength(2)
  expect(await trouble()).toEqual([null])
})

it('[fault W2] receipts in any order, repeated, and before the carrier has answered, end in the highest state', async () => {
  const { company, conversation } = await waiting('receipts')
  const client = await company.connect(maya)
  // The carrier's receipts come while its answer is still on the way, so the id is not known yet.
  carrier.onText = async () => {
    const ref = carrier.sent.at(-1)?.ref
    for (const state of ['delivered', 'sent', 'delivered'])
      expect((await company.receipt(`s-${ref}`, state)).ok).toBe(true)
  }
  await client.ack(client.command({ name: 'SendReply', conversation, text: 'Hi' }))
  await eventually(async () =>
    (await company.thread()).some(
      (entry) => entry.kind === 'outbound' && entry.delivery.state === 'delivered',
    ),
  )
  expect(await company.query(`SELECT carrier_id FROM parked_receipts`)).toEqual([])
})

it('[P7] [fault W3] a receipt of another channel for a text of this company changes nothing', async () => {
  const { company, conversation } = await waiting('receipt-a')
  const other = await Company.found('receipt-b')
  const client = await company.connect(maya)
  await client.ack(client.command({ name: 'SendReply', conversation, text: 'Hi' }))
  await eventually(async () => carrier.sent.length === 1)
  const before = await company.thread()
  expect((await other.receipt(`s-${carrier.sent[0]?.ref}`, 'failed')).ok).toBe(true)
  expect(await company.thread()).toEqual(before)
  expect(await other.thread()).toEqual([])
})

it('[E18] [fault D3] a commit that throws leaves nothing, tells nobody, and the next one works', async () => {
  const company = await Company.found('throwing')
  const client = await company.connect(maya)
  await client.until((c) => c.heard.find(({ t }) => t === 'welcome'))
  let thrown = 0
  DevAccount.crash = (point) => {
    if (point !== 'after-outbox' || thrown > 0) return
    thrown++
    throw new Error('The disk is full.')
  }
  await expect(
    runInDurableObject(company.live, (object: DevAccount) =>
      object.arrive('throwing' as never, {
        kind: 'inbound',
        carrierId: 'm1',
        from: '+13125550142',
        to: ourNumber,
        text: 'Hi',
        media: [],
      }),
    ),
  ).rejects.toThrow('The disk is full.')
  expect(await company.thread()).toEqual([])
  expect(client.frames()).toEqual([])
  expect((await company.inbound('m1', 'Hi')).ok).toBe(true)
  expect((await client.until((c) => c.frames()[0])).from).toBe(
    client.heard.find((m) => m.t === 'welcome')?.head.seq,
  )
  expect((await company.thread()).filter(({ kind }) => kind === 'inbound')).toHaveLength(1)
})

it('[E20] a socket that never echoes is told to pull, and catches up by cursor', async () => {
  const company = await Company.found('behind')
  const client = await company.connect(maya)
  const welcome = await client.until((c) => c.heard.find((m) => m.t === 'welcome'))
  for (let index = 0; index < 70; index++) await company.inbound(`m${index}`, `text ${index}`)
  await client.until((c) => c.heard.find(({ t }) => t === 'behind'))
  const before = client.frames().length
  client.say({ t: 'catch up', cursor: welcome.head })
  const head = (await company.query<{ seq: number }>(`SELECT MAX(seq) AS seq FROM commits`))[0]?.seq
  await client.until((c) =>
    c
      .frames()
      .slice(before)
      .some(({ to }) => to.seq === head),
  )
})

it('[E24] a cursor with a tag of another life is answered with a wipe, one of this life with the delta', async () => {
  const { company } = await waiting('tags')
  const head = (
    await company.query<{ seq: number; tag: string }>(
      `SELECT seq, tag FROM commits ORDER BY seq DESC LIMIT 1`,
    )
  )[0]
  if (!head) throw new Error('no commit')
  const same = await company.connect(maya, { cursor: head })
  expect((await same.until((c) => c.heard.find((m) => m.t === 'welcome'))).answer).toBe('delta')
  const other = await company.connect(maya, { cursor: { seq: head.seq, tag: 'another' } })
  expect((await other.until((c) => c.heard.find((m) => m.t === 'welcome'))).answer).toBe('wipe')
})

it('[E27] a read mark is kept only while its conversation is open', async () => {
  const { company, conversation } = await waiting('marks')
  const client = await company.connect(maya)
  await client.ack(client.command({ name: 'MarkRead', conversation, order: 2 }))
  const marks = () => company.query<{ body: string | null }>(`SELECT body FROM rows WHERE tbl = 'readMarks'`)
  expect((await marks())[0]?.body).toContain('"order":2')
  await client.ack(client.command({ name: 'EndConversation', conversation }))
  expect(await marks()).toEqual([{ body: null }])
})

it('[E25] presence is the union of an agent’s sockets; a bye leaves at once, a socket that just ends lingers', async () => {
  const company = await Company.found('presence')
  const watcher = await company.connect(sam)
  const [one, two] = await Promise.all([company.connect(maya), company.connect(maya)])
  const report = { t: 'presence', messageCenter: true, idle: false, viewing: null, writing: null }
  one.say(report)
  two.say({ ...report, idle: true })
  const here = (client: typeof watcher) =>
    client.heard.findLast((m) => m.t === 'presence')?.agents.find(({ id }) => id === maya)
  await watcher.until((c) => here(c)?.messageCenter && here(c))
  expect(here(watcher)).toMatchObject({ messageCenter: true, idle: false })
  // Nobody is told again what they know already: a device that connects hears it alone.
  const told = () => watcher.heard.filter(({ t }) => t === 'presence').length
  const before = told()
  const late = await company.connect(sam)
  await late.until((c) => here(c))
  expect(told()).toBe(before)
  one.socket.close()
  await watcher.until((c) => here(c)?.idle)
  expect(here(watcher)?.messageCenter).toBe(true)
  two.say({ t: 'bye' })
  await eventually(async () => {
    watcher.say({ t: 'presence', messageCenter: true, idle: false, viewing: null, writing: null })
    await new Promise((resolve) => setTimeout(resolve, 50))
    return here(watcher)?.idle === true
  })
  // The one that just ended is still counted; nothing but time takes it away.
  expect(here(watcher)).toMatchObject({ messageCenter: true, idle: true })
})

const report = { t: 'presence', messageCenter: true, idle: false, viewing: null, writing: null }

/** Whom the last presence frame that this device heard shows as online. */
async function shown(client: Awaited<ReturnType<Company['connect']>>, who: string[]): Promise<void> {
  await client.until((c) => {
    const last = c.heard.findLast((message) => message.t === 'presence')
    const online = last?.agents.flatMap(({ id, messageCenter }) => (messageCenter ? [`${id}`] : []))
    return JSON.stringify(online) === JSON.stringify(who)
  })
}

it('[E25] for a minute after a start those who were online before it still count, until they are heard of', async () => {
  const company = await Company.found('grace')
  const [one, other] = await Promise.all([company.connect(maya), company.connect(sam)])
  one.say(report)
  other.say(report)
  await shown(one, ['maya', 'sam'])
  await eventually(async () => (await company.query(`SELECT agent FROM seen WHERE online = 1`)).length === 2)
  await evictDurableObject(company.live, { webSockets: 'close' })
  const back = await company.connect(sam)
  back.say(report)
  await shown(back, ['maya', 'sam'])
  // Sam was heard of, so that his leaving is at once again; Maya was not.
  const chief = await company.connect(admin)
  back.say({ t: 'bye' })
  await shown(chief, ['maya'])
  await company.live.shiftClock(61_000)
  await shown(chief, [])
  await eventually(async () => {
    const rows = await company.query<{ online: number }>(`SELECT online FROM seen`)
    return rows.length === 2 && rows.every(({ online }) => online === 0)
  })
})

it('[E25] who is online is a row, written on a change and at most once a minute', async () => {
  const company = await Company.found('seen')
  const row = async () =>
    (await company.query<{ online: number; seen_at: number }>(`SELECT online, seen_at FROM seen`))[0]
  const client = await company.connect(maya)
  const watcher = await company.connect(sam)
  client.say(report)
  await shown(watcher, ['maya'])
  const first = await eventually(row)
  expect(first.online).toBe(1)
  for (const messageCenter of [false, true, false]) {
    client.say({ ...report, messageCenter })
    await shown(watcher, messageCenter ? ['maya'] : [])
  }
  expect(await row()).toEqual(first)
  await company.live.shiftClock(61_000)
  const second = await eventually(async () => {
    const now = await row()
    return now?.online === 0 && now
  })
  expect(second.seen_at).toBeGreaterThanOrEqual(first.seen_at + 60_000)
})
