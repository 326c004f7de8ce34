import { createExecutionContext, env as raw, runDurableObjectAlarm } from 'cloudflare:test'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { accountId, conversationId } from '#shared/base/ids.ts'
import worker from '#worker/dev.ts'
import { DevAccount } from '#worker/dev/dev-account.ts'
import { newCookie } from '#worker/http/cookie.ts'
import { FakeCarrier } from './carrier.ts'
import { Company, env, eventually, maya, origin } from './company.ts'

const carrier = new FakeCarrier()
beforeEach(() => carrier.install())
afterEach(() => {
  carrier.remove()
  DevAccount.historyDown = false
  vi.restoreAllMocks()
})

const secret = 'an operator of this deployment, and nobody else'

function ask(
  body: unknown,
  headers: Record<string, string> = { authorization: `Bearer ${secret}` },
  more = {},
) {
  return worker.fetch(
    new Request(`${origin}/operator/restore`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    }) as never,
    { ...(raw as object), OPERATOR_SECRET: secret, ...more } as never,
    createExecutionContext(),
  )
}

const epochInD1 = async (account: string) =>
  (
    await env.HISTORY.prepare(`SELECT epoch FROM accounts WHERE id = ?`)
      .bind(account)
      .first<{ epoch: number }>()
  )?.epoch

it('[E24] nobody goes back in time without the secret of the deployment, also not by a session', async () => {
  const company = await Company.found('operator-shut')
  await company.live.keepCopy()
  const cookie = await newCookie(accountId.parse('operator-shut'))
  await company.live.openSession(cookie.hash, maya, 'test')
  const body = { account: 'operator-shut', time: Date.now() - 1000 }
  const before = await epochInD1('operator-shut')
  const session = { cookie: cookie.header.split(';')[0] ?? '', origin }
  for (const headers of [
    {},
    session,
    { authorization: 'Bearer guess' },
    { authorization: `Basic ${secret}` },
  ])
    expect((await ask(body, headers as Record<string, string>)).status).toBe(404)
  expect((await ask(body, { authorization: 'Bearer ' }, { OPERATOR_SECRET: '' })).status).toBe(404)
  expect((await ask(body, { authorization: 'Bearer short' }, { OPERATOR_SECRET: 'short' })).status).toBe(404)
  expect(await epochInD1('operator-shut')).toBe(before)
})

it('[E24] what cannot be done is refused before the epoch is raised: no such account, no such time, no history here', async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  await Company.found('operator-no')
  const before = await epochInD1('operator-no')
  const now = Date.now()
  expect((await ask({ account: 'operator-no' })).status).toBe(400)
  expect((await ask({ account: 'operator-no', time: now + 60_000 })).status).toBe(400)
  expect((await ask({ account: 'operator-no', time: now - 31 * 86_400_000 })).status).toBe(400)
  expect((await ask({ account: 'operator-none', time: now - 1000 })).status).toBe(404)
  const here = await ask({ account: 'operator-no', time: now - 1000 })
  expect([here.status, await here.json()]).toMatchObject([
    501,
    { text: expect.stringContaining('Cloudflare') },
  ])
  expect(await epochInD1('operator-no')).toBe(before)
})

it('[E24] [fault D5] an account goes back, D1 has the new epoch first, and what D1 knows comes back; once more is another epoch', async () => {
  const company = await Company.found('operator-back')
  await company.inbound('a', 'Before')
  await company.live.keepCopy()
  await company.inbound('b', 'After')
  await eventually(async () => {
    await company.live.shiftClock(61_000)
    return (await company.live.unflushed()) === 0
  })
  const before = (await epochInD1('operator-back')) ?? 0
  // The object does not go back where D1 does not take the epoch.
  const down = new Proxy(env.HISTORY, {
    get: (db, name) =>
      name === 'prepare'
        ? (sql: string) => {
            if (sql.includes('RETURNING epoch')) throw new Error('D1 is away.')
            return db.prepare(sql)
          }
        : Reflect.get(db, name),
  })
  vi.spyOn(console, 'error').mockReturnValue()
  const body = { account: 'operator-back', time: Date.now() - 1000 }
  expect((await ask(body, undefined, { HISTORY: down })).status).toBe(500)
  expect(await epochInD1('operator-back')).toBe(before)
  for (const time of [1, 2]) {
    const answer = await ask(body)
    expect(answer.status).toBe(200)
    const { epoch } = (await answer.json()) as { epoch: number }
    expect(epoch).toBeGreaterThan(before)
    await eventually(async () => {
      await runDurableObjectAlarm(company.live).catch(() => undefined)
      const [row] = await company
        .query<{ value: number }>(`SELECT value FROM meta WHERE key = 'account epoch'`)
        .catch(() => [])
      return (row?.value ?? 1) > epoch
    })
    const texts = (await company.thread()).flatMap((entry) => (entry.kind === 'inbound' ? [entry.text] : []))
    expect(texts, `time ${time}`).toEqual(['Before', 'After'])
  }
})

it('[E24] [P4] where D1 falls away in that moment nothing leaves before it is back: they may have opted out', async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  vi.spyOn(console, 'warn').mockReturnValue()
  const company = await Company.found('operator-away')
  await company.inbound('a', 'Before')
  await company.live.keepCopy()
  await company.inbound('b', 'STOP')
  await eventually(async () => {
    await company.live.shiftClock(61_000)
    return (await company.live.unflushed()) === 0
  })
  DevAccount.historyDown = true
  expect((await ask({ account: 'operator-away', time: Date.now() - 1000 })).status).toBe(200)
  const client = await company.connect(maya)
  const conversation = conversationId.parse((await company.conversations())[0]?.id)
  const id = client.command({ name: 'SendReply', conversation, text: 'Are you there?' })
  expect((await client.ack(id)).refusal).toBeNull()
  for (let passed = 0; passed < 5; passed++) await company.live.shiftClock(2_000)
  expect(carrier.timesSent('Are you there?')).toBe(0)
  DevAccount.historyDown = false
  await eventually(async () => {
    await company.live.shiftClock(61_000).catch(() => undefined)
    const [row] = await company
      .query<{ body: string }>(`SELECT body FROM rows WHERE tbl = 'mobileUsers'`)
      .catch(() => [])
    return row !== undefined && JSON.parse(row.body).optedOut !== null
  })
  expect(carrier.timesSent('Are you there?')).toBe(0)
})
