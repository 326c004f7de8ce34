import { expect, it, vi } from 'vitest'
import { rowsFingerprint, wireVersion } from '#shared/wire/version.ts'
import { allRows } from '#worker/account/rows.ts'
import type { DurableHead } from '#worker/account/durable.ts'
import { makeRandom, seededIds } from '#test/kit/random.ts'
import { account, agents, Company, type Line } from './company.ts'

/** An account that starts again on the storage of an earlier life, while D1 does not say what it has. */

const [maya] = agents
const ids = seededIds(5)

function greet(company: Company, cursor: object): Line {
  if (!maya) throw new Error('There is nobody.')
  const line = company.connect(maya)
  const hello = { t: 'hello', version: wireVersion, fingerprint: rowsFingerprint, account, agent: maya }
  const more = { client: ids.client(), epoch: 1, cursors: { main: cursor } }
  company.account.message(line.socket, JSON.stringify({ ...hello, ...more }))
  company.settle()
  return line
}

/** Somebody presses SEND in the first conversation, or schedules it. */
function reply(company: Company, line: Line, text: string, at?: number): void {
  const [row] = allRows(company.sql, 'conversations')
  const name = at === undefined ? 'SendReply' : 'ScheduleReply'
  const command = { name, conversation: row?.id, text, at }
  const more = { version: wireVersion, seen: 99, synced: true, waited: 0 }
  company.account.message(
    line.socket,
    JSON.stringify({ t: 'command', n: 1, id: ids.command(), command, ...more }),
  )
  company.settle()
}

/** A life that is told nothing by D1, on the storage of another, and the word that D1 says at last. */
function startWithoutD1(before: Company): { company: Company; answer(): void } {
  let isThere = false
  const head = () =>
    isThere ? Promise.resolve(null) : Promise.reject<DurableHead | null>(new Error('D1 is away.'))
  const company = new Company(makeRandom(2), { disk: before.disk, start: 'start-2', head })
  company.now = before.now
  return {
    company,
    answer: () => {
      isThere = true
    },
  }
}

/** A life that accepted a text and ended before it left. */
function leaveText(): Company {
  const company = new Company(makeRandom(1), { paused: true })
  reply(company, greet(company, { seq: 0, tag: '' }), 'From before')
  expect(company.sql.all(`SELECT body FROM outbox`)).toEqual([{ body: 'From before' }])
  return company
}

for (const [who, cursor, waits] of [
  ['nobody', null, false],
  ['a device that stands where it has not been', { seq: 1_000, tag: 'ahead' }, true],
] as const)
  it(`[E24] [P3] with D1 away and ${who} at hand, a text of an earlier life ${waits ? 'waits for D1 as long as it takes' : 'leaves after 3 s'}`, async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    const before = leaveText()
    let answer: (head: DurableHead | null) => void = () => undefined
    const head = () => new Promise<DurableHead | null>((resolve) => (answer = resolve))
    const company = new Company(makeRandom(2), { disk: before.disk, start: 'start-2', head })
    company.now = before.now
    const line = cursor && greet(company, cursor)
    for (let second = 0; second < 5; second++) await company.pass(1_000)
    expect(line?.closed ?? 4408).toBe(4408)
    expect(company.sent).toEqual(waits ? [] : ['From before'])
    // D1 has nothing that this life lacks: the device was wrong, and the text leaves.
    answer(null)
    for (let second = 0; second < 5; second++) await company.pass(1_000)
    expect(company.sent).toEqual(['From before'])
    company.close()
    vi.restoreAllMocks()
  })

it('[E24] [P4] a text that is pressed while a device stands where this life has not been waits for D1 as well', async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  let answer: (head: DurableHead | null) => void = () => undefined
  const head = () => new Promise<DurableHead | null>((resolve) => (answer = resolve))
  const first = new Company(makeRandom(1), { paused: true })
  const company = new Company(makeRandom(2), { disk: first.disk, start: 'start-2', head })
  // Who was not there when the account went back stands where it is, and notices nothing.
  const behind = greet(company, { seq: 0, tag: '' })
  greet(company, { seq: 1_000, tag: 'ahead' })
  reply(company, behind, 'They may have opted out')
  for (let second = 0; second < 20; second++) await company.pass(1_000)
  expect(company.sql.all(`SELECT state FROM outbox`)).toEqual([{ state: 'ready' }])
  expect(company.sent).toEqual([])
  answer(null)
  for (let second = 0; second < 5; second++) await company.pass(1_000)
  expect(company.sent).toEqual(['They may have opted out'])
  company.close()
  vi.restoreAllMocks()
})

it('[E24] [P3] a text of the first moment waits for D1, and at most a second', async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  const head = () => new Promise<DurableHead | null>(() => undefined)
  const first = new Company(makeRandom(1), { paused: true })
  const company = new Company(makeRandom(2), { disk: first.disk, start: 'start-2', head })
  const start = company.now
  reply(company, greet(company, { seq: 0, tag: '' }), 'At once')
  while (company.now < start + 900) await company.pass(100)
  expect(company.sent).toEqual([])
  while (company.now < start + 1_200) await company.pass(100)
  expect(company.sent).toEqual(['At once'])
  company.close()
  vi.restoreAllMocks()
})

it('[E24] [DC22] [P5] with D1 away a scheduled text of an earlier life waits for it, up to 15 minutes after its time', async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  for (const answered of [true, false]) {
    const before = new Company(makeRandom(1))
    const due = before.now + 60_000
    reply(before, greet(before, { seq: 0, tag: '' }), 'At its time', due)
    const { company, answer } = startWithoutD1(before)
    while (company.now < due + 14 * 60_000) await company.pass(10_000)
    expect(company.sent).toEqual([])
    if (answered) answer()
    else while (company.now < due + 15 * 60_000) await company.pass(10_000)
    for (let second = 0; second < 12; second++) await company.pass(1_000)
    expect(company.sent).toEqual(['At its time'])
    company.close()
  }
  vi.restoreAllMocks()
})

it('[E24] [P4] a life that was told that it was put back waits for D1, and so does the one after it', async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  const before = leaveText()
  const told = startWithoutD1(before)
  told.company.account.suspect()
  const { company, answer } = startWithoutD1(told.company)
  for (let second = 0; second < 20; second++) await company.pass(1_000)
  expect(company.sent).toEqual([])
  answer()
  for (let second = 0; second < 12; second++) await company.pass(1_000)
  expect(company.sent).toEqual(['From before'])
  // It is settled with that: the next start is as any other.
  const { company: last } = startWithoutD1(company)
  reply(last, greet(last, { seq: 0, tag: '' }), 'As ever')
  for (let second = 0; second < 5; second++) await last.pass(1_000)
  expect(last.sent).toEqual(['As ever'])
  last.close()
  vi.restoreAllMocks()
})

it('[E24] [P3] [P4] no consumer is given a text of a broadcast before D1 has spoken', async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  const { company, answer } = startWithoutD1(new Company(makeRandom(1), { paused: true }))
  for (let second = 0; second < 20; second++) await company.pass(1_000)
  expect(company.account.claimBulk()).toMatchObject({ kind: 'wait' })
  answer()
  for (let second = 0; second < 12; second++) await company.pass(1_000)
  // The first who asks has what is kept in R2 brought in.
  company.account.claimBulk()
  await company.pass(1_000)
  expect(company.account.claimBulk()).toEqual({ kind: 'nothing' })
  company.close()
  vi.restoreAllMocks()
})
