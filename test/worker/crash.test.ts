import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test'
import { conversationId } from '#shared/base/ids.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { crashPoints, type CrashPoint } from '#worker/account/crash-points.ts'
import { DevAccount } from '#worker/dev/dev-account.ts'
import { FakeCarrier } from './carrier.ts'
import { Company, eventually, freshId, maya } from './company.ts'

const carrier = new FakeCarrier()
beforeEach(() => carrier.install())
afterEach(() => {
  carrier.remove()
  DevAccount.crash = null
})

const reachedPoints = new Set<string>()

/** Arms one crash: at the `nth` time that `point` is reached. */
function arm(point: CrashPoint, how: 'abort' | 'evict', nth: number): { struck: () => boolean } {
  let struck = false
  let times = 0
  DevAccount.crash = (reached, account) => {
    if (struck || reached !== point || ++times < nth) return
    struck = true
    reachedPoints.add(`${how} ${point}`)
    if (how === 'abort') account.die(`crash at ${point}`)
  }
  return { struck: () => struck }
}

/** The whole job: a text in, an answer out, with everybody who repeats what they got no answer to. */
async function conversation(company: Company, how: 'abort' | 'evict', struck: () => boolean): Promise<void> {
  let evicted = false
  const settle = async () => {
    if (how !== 'evict' || evicted || !struck()) return
    evicted = true
    await evictDurableObject(company.live).catch(() => undefined)
  }
  // The carrier repeats its webhook until it is answered with 2xx.
  await eventually(async () => (await company.inbound('in-1', 'Is it still there?').catch(() => null))?.ok)
  await settle()
  const { id } = await eventually(async () => (await company.conversations().catch(() => []))[0])
  // The agent's device repeats its command, under the same id and number, on each new connection.
  const client = freshId('d')
  const command = freshId('x')
  const answered = await eventually(async () => {
    try {
      const device = await company.connect(maya, { client })
      device.command(
        { name: 'SendReply', conversation: conversationId.parse(id), text: 'Yes, it is.' },
        { id: command },
      )
      return await Promise.race([
        device.ack(command),
        new Promise<null>((resolve) => setTimeout(() => resolve(null), 300)),
      ])
    } catch {
      return null
    }
  }, 20)
  expect(answered.refusal).toBeNull()
  await settle()
  // Time passes: the alarm goes on with what a crash left behind.
  await eventually(async () => {
    await runDurableObjectAlarm(company.live).catch(() => undefined)
    await settle()
    const text = (await company.thread().catch(() => [])).find((entry) => entry.kind === 'outbound')
    return text?.kind === 'outbound' && ['sent', 'unconfirmed'].includes(text.delivery.state)
  }, 300)
}

// A text in, a reply, a claim and a carrier's answer each pass the points within a commit: die in each of them.
describe.each([
  ['abort', 1],
  ['abort', 2],
  ['abort', 3],
  ['abort', 4],
  ['evict', 1],
  ['evict', 3],
] as const)('%s, time %i', (how, nth) => {
  it.each(crashPoints)(
    '[P1] [P3] [P8] [fault S2] an object that dies at %s loses nothing and sends nothing twice',
    async (point) => {
      const company = await Company.found(`crash-${how}-${nth}-${point}`)
      const { struck } = arm(point, how, nth)
      carrier.sent.length = 0
      await conversation(company, how, struck)
      if (nth === 1) expect(struck(), `${point} was never reached`).toBe(true)

      // The carrier repeats its webhook once more, after the answer got lost on its way.
      expect((await company.inbound('in-1', 'Is it still there?')).ok).toBe(true)
      const thread = await company.thread()
      expect(thread.filter((entry) => entry.kind === 'inbound').map(({ text }) => text)).toEqual([
        'Is it still there?',
      ])
      expect(await company.conversations()).toHaveLength(1)
      expect(thread.filter((entry) => entry.kind === 'system')).toHaveLength(1)
      expect(carrier.timesSent('Yes, it is.')).toBeLessThanOrEqual(1)
      const text = thread.find((entry) => entry.kind === 'outbound')
      if (text?.kind === 'outbound' && text.delivery.state === 'sent')
        expect(carrier.timesSent('Yes, it is.')).toBe(1)
      // What was called and never answered is unconfirmed, and only that.
      if (carrier.timesSent('Yes, it is.') === 1 && how === 'abort' && nth === 1 && point === 'after-post')
        expect(text).toMatchObject({ delivery: { state: 'unconfirmed' } })
      expect(await company.query(`SELECT message FROM outbox`)).toEqual([])
    },
  )
})

it('[P8] every crash point was reached, by abort and by eviction', () => {
  for (const how of ['abort', 'evict'])
    for (const point of crashPoints) expect(reachedPoints).toContain(`${how} ${point}`)
})
