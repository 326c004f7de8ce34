import { evictDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { conversationId } from '#shared/base/ids.ts'
import { minute } from '#shared/base/time.ts'
import { conversation as conversationRow } from '#shared/rows/conversation.ts'
import { settings as settingsRow } from '#shared/rows/settings.ts'
import { DevAccount } from '#worker/dev/dev-account.ts'
import { FakeCarrier } from './carrier.ts'
import { Company, eventually, maya, sam } from './company.ts'

const carrier = new FakeCarrier()
beforeEach(() => carrier.install())
afterEach(() => {
  carrier.remove()
  DevAccount.crash = null
})

/** A company in which somebody has just written. */
async function asked(name: string) {
  const company = await Company.found(name)
  await company.inbound('in-1', 'Hello?')
  const [row] = await company.conversations()
  return { company, conversation: conversationId.parse(row?.id) }
}

const timers = (company: Company) =>
  company.query<{ id: string; due: number; kind: string }>(`SELECT id, due, kind FROM timers ORDER BY due`)

async function unanswered(company: Company) {
  const [row] = await company.query<{ body: string }>(`SELECT body FROM rows WHERE tbl = 'conversations'`)
  return conversationRow.parse(JSON.parse(row?.body ?? '')).unanswered
}

/** Rows that a device was told of, in order. */
const told = (client: Awaited<ReturnType<Company['connect']>>) =>
  client
    .frames()
    .flatMap(({ parts }) => parts.flatMap(({ rows }) => rows))
    .flatMap(({ table, row }) => (table === 'conversations' ? [conversationRow.parse(row)] : []))

it('[F85] [DC16] a text that nobody answers turns Waiting by the alarm, on every screen and without a touch', async () => {
  const { company } = await asked('turns')
  const [first, second] = await Promise.all([company.connect(maya), company.connect(sam)])
  await company.live.shiftClock(14 * minute)
  expect(await unanswered(company)).toMatchObject({ waiting: false })
  await company.live.shiftClock(minute)
  expect(await unanswered(company)).toMatchObject({ waiting: true })
  for (const client of [first, second])
    await client.until(() => told(client).find((row) => row.unanswered?.waiting))
  expect(await timers(company)).toEqual([])
})

it('[F88] an answer and an end take the timer with them', async () => {
  const { company, conversation } = await asked('answered')
  const client = await company.connect(maya)
  expect(await timers(company)).toHaveLength(1)
  await client.ack(client.command({ name: 'SendReply', conversation, text: 'Hi' }))
  expect(await timers(company)).toEqual([])
  await company.inbound('in-2', 'And another thing')
  expect(await timers(company)).toHaveLength(1)
  await client.ack(client.command({ name: 'EndConversation', conversation }))
  expect(await timers(company)).toEqual([])
  await company.live.shiftClock(60 * minute)
  expect(await unanswered(company)).toBeNull()
})

it('[E21] [P8] it turns once: whether the alarm repeats, the object is evicted or dies at any step of it', async () => {
  const { company } = await asked('once')
  await evictDurableObject(company.stub)
  const struck: string[] = []
  for (const point of ['alarm-set', 'after-dedupe', 'before-publish'] as const) {
    DevAccount.crash = (at, account) => {
      if (at !== point || struck.includes(point)) return
      struck.push(point)
      account.die(point)
    }
    await company.live.shiftClock(15 * minute).catch(() => undefined)
  }
  DevAccount.crash = null
  expect(struck).toEqual(['alarm-set', 'after-dedupe', 'before-publish'])
  await eventually(async () => {
    await company.live.shiftClock(minute)
    return (await unanswered(company))?.waiting
  })
  const seqs = () => company.query<{ seq: number }>(`SELECT seq FROM rows WHERE tbl = 'conversations'`)
  const turned = await seqs()
  await company.live.shiftClock(0)
  await company.live.shiftClock(60 * minute)
  expect(await seqs()).toEqual(turned)
})

it('[DC16] [E21] one timer that cannot be served holds up none of the others', async () => {
  const { company } = await asked('damaged')
  await company.write(`INSERT INTO timers (id, due, kind, ref) VALUES ('a', 0, 'waiting', 'not an id')`)
  await company.live.shiftClock(15 * minute)
  expect(await unanswered(company)).toMatchObject({ waiting: true })
  const [left] = await timers(company)
  expect(left?.due).toBeGreaterThan(Date.now() + 15 * minute)
})

it('[DC28] a changed waiting time holds for what waits already', async () => {
  const { company } = await asked('changed')
  const [row] = await company.query<{ body: string }>(`SELECT body FROM rows WHERE tbl = 'settings'`)
  const settings = settingsRow.parse(JSON.parse(row?.body ?? ''))
  await company.live.found('changed', [{ table: 'settings', row: { ...settings, waitingMinutes: 2 } }], [])
  await company.live.shiftClock(2 * minute)
  expect(await unanswered(company)).toMatchObject({ waiting: true })
})
