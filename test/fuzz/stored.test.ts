import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { day } from '#shared/base/time.ts'
import { mobileUserOf, parseAddress } from '#shared/base/phone.ts'
import { down } from '#shared/wire/down.ts'
import { rowsFingerprint, wireVersion } from '#shared/wire/version.ts'
import { DamagedThread } from '#worker/account/documents.ts'
import { makeRandom } from '#test/kit/random.ts'
import { account, agents, channel, Company, customers, type Line } from './company.ts'

let company: Company
beforeEach(() => {
  company = new Company(makeRandom(1))
})
afterEach(() => {
  vi.restoreAllMocks()
  company.close()
})

const [first = '', second = ''] = customers
const userOf = (address: string) => mobileUserOf(parseAddress(address) ?? { kind: 'phone', text: address })

function inbound(carrierId: string, from: string, text: string): void {
  company.account.arrive(channel, {
    kind: 'inbound',
    carrierId,
    from,
    to: '+13095550100',
    text,
    media: [],
  })
}

function greeted(): Line {
  const [agent] = agents
  if (!agent) throw new Error('There is nobody.')
  const line = company.connect(agent)
  const hello = { t: 'hello', version: wireVersion, fingerprint: rowsFingerprint(), account, agent }
  say(line, { ...hello, client: `d${'a'.repeat(26)}`, epoch: 1, cursors: {} })
  return line
}

function say(line: Line, message: object): void {
  line.told.length = 0
  company.account.message(line.socket, JSON.stringify(message))
  company.settle()
}

/** The thread states that a line was told. */
const states = (line: Line) =>
  line.told.map((text) => down.parse(JSON.parse(text))).filter((message) => message.t === 'thread')

it('[P1] [P8] [fault Y4] a thread that was damaged in storage is found out when it is read: nobody gets it, no text is acknowledged into it, all else goes on', () => {
  vi.spyOn(console, 'error').mockReturnValue()
  const line = greeted()
  const damaged = userOf(first)
  company.sql.run(`UPDATE updates SET bytes = zeroblob(length(bytes)) WHERE thread = ?`, damaged)
  // Another life of the object reads what is stored.
  company.account.door.drop()
  say(line, { t: 'pull', thread: damaged, epoch: 0, clock: 0 })
  expect(states(line)).toEqual([])
  expect(line.closed).toBeNull()
  expect(company.sql.all(`SELECT name, value FROM counters`)).toEqual([{ name: 'thread: damaged', value: 1 }])
  const head = company.head()
  // The webhook keeps the raw request in R2 then: it is not lost, and not answered as if it stood in the thread.
  expect(() => inbound('d1', first, 'Into the damage')).toThrow(DamagedThread)
  expect(company.head()).toBe(head)
  inbound('d2', second, 'As ever')
  say(line, { t: 'pull', thread: userOf(second), epoch: 0, clock: 0 })
  expect(states(line)).toMatchObject([{ thread: userOf(second), epoch: 1 }])
  expect(company.account.door.documents.read(userOf(second)).entries.at(-1)).toMatchObject({
    text: 'As ever',
  })
})

it('[E1] [E2] [fault Y5] a person who writes for a year costs no more storage and no longer document than one of a month', async () => {
  const sizes: { stored: number; entries: number }[] = []
  for (let month = 0; month < 12; month++) {
    for (let text = 0; text < 150; text++) {
      inbound(`${month}-${text}`, first, `Month ${month}, text ${text}: is it still there?`)
      company.now += day / 5
      if (text % 50 === 0) await company.pass(60_000)
    }
    for (let minute = 0; minute < 5; minute++) await company.pass(60_000)
    const bytes = company.sql.one<{ sum: number }>(
      `SELECT (SELECT COALESCE(SUM(length(bytes)), 0) FROM updates) + (SELECT COALESCE(SUM(length(bytes)), 0) FROM snapshots) AS sum`,
    )
    const { entries } = company.account.door.documents.read(userOf(first))
    sizes.push({ stored: bytes?.sum ?? 0, entries: entries.length })
    // Orders go on over every epoch: nothing is ever counted twice.
    expect(entries.at(-1)).toMatchObject({ text: `Month ${month}, text 149: is it still there?` })
  }
  const [, , , spring] = sizes
  const last = sizes.at(-1)
  if (!spring || !last) throw new Error('No months.')
  expect(Math.max(...sizes.map(({ entries }) => entries))).toBeLessThan(1000)
  expect(last.stored).toBeLessThan(2 * spring.stored)
  company.account.door.drop()
  expect(company.account.door.documents.read(userOf(first)).entries).toHaveLength(last.entries)
})
