import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { day } from '#shared/base/time.ts'
import { mobileUserOf, parseAddress } from '#shared/base/phone.ts'
import { down } from '#shared/wire/down.ts'
import { rowsFingerprint, wireVersion } from '#shared/wire/version.ts'
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
  const hello = { t: 'hello', version: wireVersion, fingerprint: rowsFingerprint, account, agent }
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

it('[E1] [P1] [P8] [fault Y4] a thread that was damaged in storage begins anew with what can be read, and takes new texts at once', () => {
  vi.spyOn(console, 'error').mockReturnValue()
  const line = greeted()
  const damaged = userOf(first)
  for (const [index, text] of ['One', 'Two', 'Three'].entries()) inbound(`t${index}`, first, text)
  const before = company.account.door.documents.read(damaged)
  const orders = before.entries.map(({ order }) => order)
  // The last but one of its updates: what stands before it can be read, what comes after it cannot be without it.
  company.sql.run(
    `UPDATE updates SET bytes = zeroblob(length(bytes)) WHERE thread = ?1 AND clock =
       (SELECT clock FROM updates WHERE thread = ?1 ORDER BY clock DESC LIMIT 1 OFFSET 1)`,
    damaged,
  )
  // Another life of the object reads what is stored.
  company.account.door.drop()
  say(line, { t: 'pull', thread: damaged, epoch: 1, clock: 0 })
  expect(states(line)).toMatchObject([{ thread: damaged, epoch: 2 }])
  inbound('d1', first, 'After the damage')
  const { entries } = company.account.door.documents.read(damaged)
  const texts = entries.flatMap((entry) => (entry.kind === 'inbound' ? [entry.text] : []))
  expect(texts).toContain('One')
  expect(texts).not.toContain('Three')
  expect(texts.at(-1)).toBe('After the damage')
  // No order is used twice, so that devices and D1 put old and new in the same row.
  expect(entries.at(-1)?.order).toBeGreaterThan(Math.max(...orders))
  // D1 is not told that what cannot be read was deleted.
  const waiting = company.sql.all<{ id: string }>(`SELECT id FROM unflushed WHERE user = ?`, damaged)
  const held = new Set<string>(entries.map(({ id }) => id))
  expect(waiting.filter(({ id }) => !held.has(id))).toEqual([])
  expect(company.sql.all(`SELECT name, value FROM counters`)).toEqual([{ name: 'thread: damaged', value: 1 }])
  expect(company.sql.all(`SELECT about FROM audit WHERE what = 'thread damaged'`)).toEqual([
    { about: damaged },
  ])
  // And it is what the next life finds.
  company.account.door.drop()
  expect(company.account.door.documents.read(damaged).entries).toEqual(entries)
})

it('[E1] [P1] [fault Y4] of a thread with a damaged beginning nothing can be read, and the next text opens its next epoch', () => {
  vi.spyOn(console, 'error').mockReturnValue()
  const damaged = userOf(first)
  const [newest = 0] = company.account.door.documents
    .read(damaged)
    .entries.map(({ order }) => order)
    .toReversed()
  company.sql.run(`UPDATE updates SET bytes = zeroblob(length(bytes)) WHERE thread = ?`, damaged)
  company.account.door.drop()
  inbound('d1', first, 'Into the damage')
  inbound('d2', second, 'As ever')
  const { entries } = company.account.door.documents.read(damaged)
  expect(entries).toMatchObject([{ text: 'Into the damage' }])
  expect(entries[0]?.order).toBeGreaterThan(newest)
  expect(company.account.door.documents.read(userOf(second)).entries.at(-1)).toMatchObject({
    text: 'As ever',
  })
  company.account.door.drop()
  expect(company.account.door.documents.read(damaged).entries).toEqual(entries)
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
