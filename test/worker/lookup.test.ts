import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { conversationId, type ConversationId } from '#shared/base/ids.ts'
import { minute } from '#shared/base/time.ts'
import { Connections } from '#worker/account/connections.ts'
import { lookupPoints } from '#worker/account/crash-points.ts'
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

/** A company whose carrier took texts and said nothing. */
async function silence(name: string, texts = ['Ready at four.']) {
  const company = await Company.found(name)
  await company.inbound('first', 'Is it ready?')
  const [row] = await company.conversations()
  const conversation = conversationId.parse(row?.id)
  const client = await company.connect(maya)
  for (const text of texts) await goesSilent(company, client, conversation, text)
  return { company, client, conversation }
}

/** One silence alone does not open the breaker, so each is followed by a text that is answered. */
async function goesSilent(company: Company, client: Client, conversation: ConversationId, text: string) {
  for (const [words, mood] of [
    [text, 'accept and fall silent'],
    [`After: ${text}`, 'accept'],
  ] as const) {
    carrier.mood = mood
    await client.ack(client.command({ name: 'SendReply', conversation, text: words }))
    await eventually(async () => (await company.query(`SELECT message FROM outbox`)).length === 0)
  }
}

async function states(company: Company): Promise<string[]> {
  return (await company.thread()).flatMap((entry) =>
    entry.kind === 'outbound' && !entry.text.startsWith('After:') ? [entry.delivery.state] : [],
  )
}

/** Lets time pass in the object, a minute at a time, and the alarm do what is due. */
async function pass(company: Company, minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes; passed++) {
    await company.live.shiftClock(minute).catch(() => undefined)
    await runDurableObjectAlarm(company.live).catch(() => undefined)
  }
}

const open = (company: Company) =>
  company.query<{ due: number | null; tries: number }>(`SELECT due, tries FROM lookups`)
const leftTo = async (company: Company) =>
  (await company.query<{ what: string }>(`SELECT what FROM audit WHERE what LIKE 'left to%'`)).map(
    ({ what }) => what,
  )

it('[E22] [P3] after ten minutes without a word the list is asked: found there the text is sent, and never sent again', async () => {
  const { company } = await silence('listed')
  await pass(company, 9)
  expect(carrier.lists).toBe(0)
  expect(await states(company)).toEqual(['unconfirmed'])
  await pass(company, 2)
  await eventually(async () => (await states(company))[0] === 'sent')
  expect(carrier.lists).toBe(1)
  expect(carrier.timesSent('Ready at four.')).toBe(1)
  expect(await open(company)).toEqual([])
  // The carrier's id is known from now on, so its receipts find the text without ours in their address.
  const ref = carrier.sent[0]?.ref ?? ''
  await company.receipt(`s-${ref}`, 'delivered')
  expect(await states(company)).toEqual(['delivered'])
})

it('[E22] a receipt that parked under the id that the list names is applied with it', async () => {
  const { company } = await silence('parked')
  await company.receipt('unheard', 'delivered')
  carrier.listing = ([text]) => (text ? [{ ...text, id: 'unheard' }] : [])
  await pass(company, 11)
  await eventually(async () => (await states(company))[0] === 'delivered')
})

it('[E22] [P3] a text that the list does not hold stays unconfirmed for a person, is asked for once and not sent again', async () => {
  const { company } = await silence('missing')
  carrier.listing = () => []
  await pass(company, 11)
  await eventually(async () => (await leftTo(company)).length === 1)
  await pass(company, 30)
  expect(carrier.lists).toBe(1)
  expect(await states(company)).toEqual(['unconfirmed'])
  expect(await leftTo(company)).toEqual(['left to a person: the carrier does not list it'])
  expect(carrier.timesSent('Ready at four.')).toBe(1)
  // A receipt settles it at any time.
  const ref = carrier.sent[0]?.ref ?? ''
  await company.receipt(`s-${ref}`, 'delivered', ref)
  expect(await states(company)).toEqual(['delivered'])
  expect(await open(company)).toEqual([])
})

it('[E22] [P3] two unconfirmed texts of the same words are never both taken for the one in the list', async () => {
  const { company } = await silence('twins', ['Yes', 'Yes'])
  carrier.listing = (handed) => handed.filter(({ text }) => text === 'Yes').slice(0, 1)
  await pass(company, 12)
  await eventually(async () => (await leftTo(company)).length === 2)
  expect(await states(company)).toEqual(['unconfirmed', 'unconfirmed'])
  expect(new Set(await leftTo(company))).toEqual(
    new Set(['left to a person: the carrier lists what may be other texts']),
  )
})

it('[E22] a receipt before the ten minutes are over leaves nothing to ask for', async () => {
  const { company } = await silence('faster')
  const ref = carrier.sent[0]?.ref ?? ''
  await company.receipt(`s-${ref}`, 'delivered', ref)
  expect(await states(company)).toEqual(['delivered'])
  expect(await open(company)).toEqual([])
  await pass(company, 12)
  expect(carrier.lists).toBe(0)
})

/** Presses Check on the first text that nobody knows the fate of. */
async function check({ company, client, conversation }: Awaited<ReturnType<typeof silence>>) {
  const text = (await company.thread()).find(
    (entry) => entry.kind === 'outbound' && entry.delivery.state === 'unconfirmed',
  )
  if (!text) throw new Error('Every text is settled.')
  return client.ack(client.command({ name: 'AskCarrier', conversation, entry: text.id }))
}

it('[E22] [P3] Check asks at once: found there the text is sent, and never sent again', async () => {
  const silent = await silence('checked')
  expect(await check(silent)).toMatchObject({ refusal: null })
  await pass(silent.company, 1)
  await eventually(async () => (await states(silent.company))[0] === 'sent')
  await pass(silent.company, 12)
  expect(carrier.lists).toBe(1)
  expect(carrier.timesSent('Ready at four.')).toBe(1)
})

it('[E22] a list that lagged behind a Check is asked again at its time, and after that by the next Check', async () => {
  const silent = await silence('lagging')
  const { company } = silent
  carrier.listing = () => []
  await check(silent)
  await pass(company, 8)
  expect(carrier.lists).toBe(1)
  await pass(company, 4)
  await eventually(async () => carrier.lists === 2)
  await pass(company, 30)
  expect(carrier.lists).toBe(2)
  expect(await states(company)).toEqual(['unconfirmed'])
  carrier.listing = (handed) => handed
  await check(silent)
  await pass(company, 1)
  await eventually(async () => (await states(company))[0] === 'sent')
  expect(carrier.timesSent('Ready at four.')).toBe(1)
  // It is settled, and nobody has to be asked.
  expect(await open(company)).toEqual([])
})

it('[E22] a carrier that does not answer is asked ever more slowly, five times, and then a person', async () => {
  const { company } = await silence('deaf')
  carrier.listing = 'down'
  const asked: number[] = []
  for (let passed = 1; passed <= 45; passed++) {
    await pass(company, 1)
    await eventually(async () => (await open(company)).every(({ due }) => due === null || due > 0))
    asked.push(carrier.lists)
  }
  await eventually(async () => (await leftTo(company)).length === 1)
  expect(carrier.lists).toBe(5)
  expect(await leftTo(company)).toEqual(['left to a person: the carrier does not answer'])
  expect(asked[8]).toBe(0)
  // Doubling from a minute on, the fourth repetition comes no earlier than a quarter of an hour after the first.
  expect(asked.indexOf(5) - asked.indexOf(1)).toBeGreaterThanOrEqual(15)
  expect(carrier.timesSent('Ready at four.')).toBe(1)
})

it('[E22] while the breaker of a channel is open its list is not asked for', async () => {
  const { company } = await silence('broken')
  await company.write(
    `INSERT OR REPLACE INTO breakers (channel, silent, open, probe_at) VALUES ('broken', 2, 1, ${Date.now() + 86_400_000})`,
  )
  await pass(company, 12)
  expect(carrier.lists).toBe(0)
  await company.write(`UPDATE breakers SET open = 0`)
  await pass(company, 1)
  await eventually(async () => (await states(company))[0] === 'sent')
})

describe.each(['abort', 'evict'] as const)('%s', (how) => {
  it.each(lookupPoints)(
    '[E22] [P3] [P8] an object that ends at %s asks again and sends nothing again',
    async (point) => {
      const { company } = await silence(`end-${how}-${point}`)
      let struck = 0
      DevAccount.crash = (reached, account) => {
        if (reached !== point || struck > 0) return
        struck++
        if (how === 'abort') account.die(`crash at ${point}`)
      }
      for (let minutes = 0; minutes < 14; minutes++) {
        await pass(company, 1)
        if (how === 'evict' && struck === 1) await evictDurableObject(company.live).catch(() => undefined)
      }
      expect(struck).toBe(1)
      await eventually(async () => (await states(company).catch(() => []))[0] === 'sent')
      expect(carrier.timesSent('Ready at four.')).toBe(1)
      expect(await open(company)).toEqual([])
    },
  )
})

describe('the six connections of an object', () => {
  it('[E21] are three for texts, one for history and two for the rest, each given back once', () => {
    const connections = new Connections()
    const taken = (['chat', 'history', 'rest'] as const).map((share) => {
      const all = Array.from({ length: 9 }, () => connections.take(share)).filter(
        (release) => release !== null,
      )
      return all
    })
    expect(taken.map(({ length }) => length)).toEqual([3, 1, 2])
    const [first] = taken[0] ?? []
    first?.()
    first?.()
    expect(connections.free('chat')).toBe(1)
    expect(connections.free('rest')).toBe(0)
  })

  it('[E21] a carrier that keeps everybody waiting is called for three texts at once and no more', async () => {
    const company = await Company.found('three-at-once')
    const client = await company.connect(maya)
    let [waiting, most, free] = [0, 0, false]
    carrier.onText = async () => {
      most = Math.max(most, ++waiting)
      // In the object's own time: a promise of the test's cannot be awaited there.
      while (!free) await new Promise((resolve) => setTimeout(resolve, 1))
      waiting--
    }
    for (let index = 0; index < 5; index++)
      await company.inbound(`m${index}`, 'Hi', { from: `+1312555010${index}` })
    for (const { id } of await company.conversations())
      client.command({ name: 'SendReply', conversation: conversationId.parse(id), text: 'Hello' })
    await eventually(async () => carrier.sent.length === 3)
    await runDurableObjectAlarm(company.live)
    expect(carrier.sent).toHaveLength(3)
    free = true
    await eventually(async () => carrier.sent.length === 5 && waiting === 0)
    expect(most).toBe(3)
  })
})
