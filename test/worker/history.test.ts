import { conversationId } from '#shared/base/ids.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { flushHistory, historyPage } from '#worker/history/store.ts'
import { FakeCarrier } from './carrier.ts'
import { Company, env, eventually, maya } from './company.ts'

const carrier = new FakeCarrier()
beforeEach(() => carrier.install())
afterEach(() => carrier.remove())

interface Stored {
  id: string
  body: string
  epoch: number
  seq: number
}

const inD1 = async (table: string, account: string): Promise<Stored[]> =>
  (
    await env.HISTORY.prepare(`SELECT id, body, epoch, seq FROM ${table} WHERE account = ? ORDER BY id`)
      .bind(account)
      .all<Stored>()
  ).results

/** Whether D1 holds exactly what the object holds, row by row. */
async function expectEqual(company: Company): Promise<void> {
  const rows = await company.query<{ tbl: string; id: string; seq: number; body: string }>(
    `SELECT tbl, id, seq, body FROM rows WHERE tbl IN ('conversations', 'mobileUsers') ORDER BY id`,
  )
  for (const [table, name] of [
    ['conversations', 'conversations'],
    ['mobile_users', 'mobileUsers'],
  ] as const) {
    const stored = await inD1(table, company.name)
    expect(stored.map(({ id, seq, body }) => ({ id, seq, body: JSON.parse(body) }))).toEqual(
      rows
        .filter(({ tbl }) => tbl === name)
        .map(({ id, seq, body }) => ({ id, seq, body: JSON.parse(body) })),
    )
  }
  const entries = (await company.thread()).toSorted((left, right) => (left.id < right.id ? -1 : 1))
  expect((await inD1('entries', company.name)).map(({ body }) => JSON.parse(body))).toEqual(entries)
}

const caughtUp = (company: Company) =>
  eventually(async () => {
    await company.live.shiftClock(61_000)
    return (await company.query(`SELECT id FROM unflushed`)).length === 0
  })

it('[E21] [E28] [fault D1] D1 down for ten minutes: the inbox works, the lag is told, then D1 equals the object row by row', async () => {
  const company = await Company.found('lagging')
  const client = await company.connect(maya)
  await company.inbound('m1', 'Before')
  await caughtUp(company)
  await expectEqual(company)

  await env.HISTORY.exec(`ALTER TABLE entries RENAME TO entries_away`)
  for (let minute = 0; minute < 10; minute++) {
    await company.inbound(`down-${minute}`, `minute ${minute}`)
    await company.live.shiftClock(60_000)
  }
  const [row] = await company.conversations()
  const reply = client.command({
    name: 'SendReply',
    conversation: conversationId.parse(row?.id),
    text: 'Still here.',
  })
  expect((await client.ack(reply)).refusal).toBeNull()
  await eventually(async () => carrier.timesSent('Still here.') === 1)
  const health = await eventually(async () => {
    await company.live.shiftClock(60_000)
    return (await company.query<{ body: string }>(`SELECT body FROM rows WHERE tbl = 'health'`))[0]
  })
  expect(JSON.parse(health.body).behindSince).toBeGreaterThan(0)

  await env.HISTORY.exec(`ALTER TABLE entries_away RENAME TO entries`)
  await caughtUp(company)
  await expectEqual(company)
  const told = (await company.query<{ body: string }>(`SELECT body FROM rows WHERE tbl = 'health'`))[0]
  expect(JSON.parse(told?.body ?? '{}').behindSince).toBeNull()
})

it('[E28] an older version never overwrites a newer one, in whatever order batches come', async () => {
  const company = await Company.found('versions')
  await company.inbound('m1', 'Hello')
  const [entry] = (await company.thread()).filter(({ kind }) => kind === 'inbound')
  if (entry?.kind !== 'inbound') throw new Error('no entry')
  const batch = (epoch: number, seq: number, text: string) => ({
    epoch,
    conversations: [],
    mobileUsers: [],
    removed: [],
    at: 0,
    audit: [],
    gone: [],
    head: null,
    entries: [
      {
        seq,
        user: 'up13125550142' as never,
        entry: { ...entry, id: 'eaaaaaaaaaaaaaaaaaaaaaaaaaa' as never, text },
      },
    ],
  })
  for (const [epoch, seq, text] of [
    [1, 5, 'five'],
    [1, 4, 'four'],
    [2, 1, 'next epoch'],
    [1, 9, 'old epoch'],
  ] as const)
    await flushHistory(env.HISTORY, 'other', batch(epoch, seq, text))
  expect((await inD1('entries', 'other')).map(({ body }) => JSON.parse(body).text)).toEqual(['next epoch'])
})

it('[E1] [E2] a thread that grew too long goes on in a new epoch, and history has what it left behind', async () => {
  const company = await Company.found('long')
  for (let index = 0; index < 365; index++) await company.inbound(`m${index}`, `text ${index}`)
  await caughtUp(company)
  await eventually(async () => (await company.thread()).length === 300)
  const heads = await company.query<{ body: string }>(`SELECT body FROM rows WHERE tbl = 'threads'`)
  expect(JSON.parse(heads[0]?.body ?? '{}')).toMatchObject({ epoch: 2 })
  const thread = await company.thread()
  expect(thread.at(-1)).toMatchObject({ kind: 'inbound', text: 'text 364' })
  const page = await historyPage(env.HISTORY, 'long', 'up13125550142', thread[0]?.order ?? 0, 200)
  // With the assignment's note there were 366 entries.
  expect(page).toHaveLength(66)
  expect(page.at(-1)?.order).toBe(1)
  // The counter goes on where it was, so nothing is ever sorted wrongly [E5].
  await company.inbound('after', 'after')
  expect((await company.thread()).at(-1)?.order).toBe(367)
  const client = await company.connect(maya)
  client.say({ t: 'pull', thread: 'up13125550142', epoch: 1, clock: 5 })
  expect(await client.until((c) => c.heard.find((m) => m.t === 'thread'))).toMatchObject({ epoch: 2 })
})
