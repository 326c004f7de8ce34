import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { day } from '#shared/base/time.ts'
import { down, type Down } from '#shared/wire/down.ts'
import { rowsFingerprint, wireVersion } from '#shared/wire/version.ts'
import { makeRandom } from '#test/kit/random.ts'
import { account, agents, channel, Company, customers, type Line } from './company.ts'

/** Cases that have broken other sync engines and that no other test of ours plays. */

let company: Company
beforeEach(() => {
  company = new Company(makeRandom(1))
})
afterEach(() => company.close())

const client = `d${'a'.repeat(26)}`

function greeted(cursors: object = {}): Line {
  const [agent] = agents
  if (!agent) throw new Error('There is nobody.')
  const line = company.connect(agent)
  const hello = { t: 'hello', version: wireVersion, fingerprint: rowsFingerprint, account, agent }
  company.account.message(line.socket, JSON.stringify({ ...hello, client, epoch: 1, cursors }))
  company.settle()
  return line
}

const heard = (line: Line): Down[] => line.told.map((text) => down.parse(JSON.parse(text)))

function inbound(carrierId: string, text: string): void {
  const [from = ''] = customers
  company.account.arrive(channel, { kind: 'inbound', carrierId, from, to: '+13095550100', text, media: [] })
  company.settle()
}

it('[E25] the late end of a socket that died leaves the one alone on which its client came back', async () => {
  const dead = greeted()
  const present = greeted()
  present.told.length = 0
  company.hangUp(dead)
  await company.pass(60_000)
  inbound('late', 'Still there?')
  expect(present.closed).toBeNull()
  expect(heard(present).filter(({ t }) => t === 'frame')).not.toEqual([])
})

it('[E8] [E27] a cursor from before the horizon of tombstones is wiped, one from behind it gets what was deleted', async () => {
  const head = () => company.account.door.memory.head
  const before = head()
  company.now += 29 * day
  inbound('gone', 'A text')
  const kept = head()
  company.now += 2 * day
  await company.pass(0)
  const answers = [before, kept].map((cursor) => {
    const [welcome] = heard(greeted({ main: cursor }))
    return welcome?.t === 'welcome' ? welcome.answer : welcome?.t
  })
  expect(answers).toEqual(['wipe', 'delta'])
})

it('no reason for closing a socket is longer than the 123 bytes that a close frame holds (RFC 6455, 5.5)', () => {
  const folder = resolve(import.meta.dirname, '../../worker/account')
  const reasons = readdirSync(folder).flatMap((file) =>
    [
      ...readFileSync(join(folder, file), 'utf8').matchAll(
        /(?:hangUp|\bclose|\bend)\(\s*[^;]*?closeCodes\.\w+,\s*(['"`])(.*?)\1/gs,
      ),
    ].map(([, , reason]) => reason ?? ''),
  )
  expect(reasons.length).toBeGreaterThan(8)
  for (const reason of reasons) expect(new TextEncoder().encode(reason).length).toBeLessThanOrEqual(123)
})
