import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { agentId, mobileUserId, type AgentId } from '#shared/base/ids.ts'
import { clocksOf, editDraft, openDraft } from '#shared/docs/draft.ts'
import type { RowPut } from '#shared/rows/tables.ts'
import { closeCodes, down, type Down } from '#shared/wire/down.ts'
import { limits } from '#shared/wire/limits.ts'
import { rowsFingerprint, wireVersion } from '#shared/wire/version.ts'
import { allRows } from '#worker/account/rows.ts'
import { Drafts } from '#worker/account/drafts.ts'
import { makeRandom, seededIds } from '#test/kit/random.ts'
import { account, agents, channel, Company, customers, type Line } from './company.ts'

/** The limits of one account [E30, E20, E19], each driven over its number in a time that stands still. */

let company: Company
let ids: ReturnType<typeof seededIds>
beforeEach(() => {
  company = new Company(makeRandom(1))
  ids = seededIds(3)
})
afterEach(() => {
  vi.restoreAllMocks()
  company.close()
})

const [maya = agentId.parse('maya'), sam = agentId.parse('sam')] = agents
const arrival = (carrierId: string, text = 'Hello?') => ({
  kind: 'inbound' as const,
  carrierId,
  from: customers[0] ?? '',
  to: '+13095550100',
  text,
  media: [],
})

function say(line: Line, message: object): void {
  company.account.message(line.socket, JSON.stringify(message))
  company.settle()
}

function greeted(agent = maya): Line {
  const line = company.connect(agent)
  const hello = { t: 'hello', version: wireVersion, fingerprint: rowsFingerprint, account, agent }
  say(line, { ...hello, client: ids.client(), epoch: 1, cursors: {} })
  line.told.length = 0
  return line
}

const heard = (line: Line): Down[] => line.told.map((text) => down.parse(JSON.parse(text)))
const count = (line: Line, kind: Down['t']) => heard(line).filter(({ t }) => t === kind).length

function inbound(carrierId: string, text?: string): void {
  company.account.arrive(channel, arrival(carrierId, text))
  company.settle()
}

it('[E30] an account takes a thousand arrivals at once and 200 a second, and says "later" to more', () => {
  const takes = (most: number) => {
    for (let taken = 0; taken < most; taken++)
      if (company.account.receive(channel, arrival(`a${taken}`)) === 'later') return taken
    return most
  }
  expect(takes(2_000)).toBe(1_000)
  const texts = company.head()
  expect(takes(1)).toBe(0)
  expect(company.head()).toBe(texts)
  company.now += 1_000
  expect(takes(2_000)).toBe(200)
  // An hour of quiet saves up no more than one burst.
  company.now += 3_600_000
  expect(takes(2_000)).toBe(1_000)
})

describe('sockets', () => {
  it('[E30] an agent has twenty at most, a colleague still gets in, and one that ends makes room', () => {
    const lines = Array.from({ length: 20 }, () => company.connect(maya))
    expect(lines.every(({ closed }) => closed === null)).toBe(true)
    expect(company.connect(maya).closed).toBe(closeCodes.tooMany)
    expect(greeted(sam).closed).toBeNull()
    company.hangUp(lines[0] as Line)
    expect(company.connect(maya).closed).toBeNull()
    expect(company.connect(maya).closed).toBe(closeCodes.tooMany)
  })

  it('[E30] an account has a thousand at most, whoever they belong to', () => {
    const crowd = Array.from({ length: 51 }, (_, index) => agentId.parse(`crowd-${index}`))
    company.account.door.install(
      crowd.map((id): RowPut => ({
        table: 'agents',
        row: { id, name: id, email: '', role: 'agent', groups: [], active: true },
      })),
    )
    const lines = crowd
      .slice(0, 50)
      .flatMap((agent) => Array.from({ length: 20 }, () => company.connect(agent)))
    expect(lines.filter(({ closed }) => closed === null)).toHaveLength(1_000)
    expect(company.connect(crowd[50] as typeof maya).closed).toBe(closeCodes.tooMany)
    company.hangUp(lines[0] as Line)
    expect(company.connect(crowd[50] as typeof maya).closed).toBeNull()
  })

  it('[E30] a socket says a hundred frames at once and thirty a second, and is told how long to wait', () => {
    const line = greeted()
    // The hello was one of them.
    for (let frame = 0; frame < 99; frame++) say(line, { t: 'echo', n: 0 })
    expect(count(line, 'slow')).toBe(0)
    say(line, { t: 'echo', n: 0 })
    expect(heard(line)).toEqual([{ t: 'slow', ms: 34 }])
    company.now += 1_000
    for (let frame = 0; frame < 31; frame++) say(line, { t: 'echo', n: 0 })
    expect(count(line, 'slow')).toBe(2)
    expect([line.closed, greeted(sam).closed]).toEqual([null, null])
  })

  it('[E30] [P5] a command over the rate is not looked at, uses no number, and is taken when it comes again', () => {
    const line = greeted()
    const [row] = allRows(company.sql, 'conversations')
    const command = { name: 'MarkRead', conversation: row?.id, order: 1 }
    const press = (n: number, id = ids.command()) => {
      const more = { version: wireVersion, seen: 1, synced: true, waited: 0 }
      say(line, { t: 'command', n, id, command, ...more })
      return id
    }
    const last = () => company.sql.one<{ last: number }>(`SELECT last FROM clients`)?.last
    // Thirty a second is as many frames as it may say: of those, a burst of 200 and twenty a second are taken.
    let n = 0
    let id = ids.command()
    while (count(line, 'slow') === 0 && n < 1_000) {
      company.now += 1_000 / 30
      id = press(++n)
    }
    // 200 + 20 t = 30 t after twenty seconds.
    expect(n).toBeGreaterThan(590)
    expect(n).toBeLessThanOrEqual(601)
    expect(last()).toBe(n - 1)
    company.now += 50
    press(n, id)
    expect(last()).toBe(n)
  })
})

describe('a socket that does not echo', () => {
  it('[E20] [E30] is told to pull once it is 64 frames behind, gets nothing more, and is closed after half a minute', () => {
    const [slow, quick] = [greeted(), greeted(sam)]
    for (let text = 1; text <= 70; text++) {
      inbound(`b${text}`)
      const told = heard(quick).at(-1)
      if (told?.t === 'frame') say(quick, { t: 'echo', n: told.n })
      company.now += 100
    }
    expect([count(slow, 'frame'), count(slow, 'behind')]).toEqual([64, 1])
    expect([count(quick, 'frame'), count(quick, 'behind')]).toEqual([70, 0])
    company.now += 30_000
    inbound('b-last')
    expect([slow.closed, quick.closed]).toEqual([closeCodes.tooSlow, null])
  })

  it('[E20] [E30] is told to pull once it is a megabyte behind, however few frames that are', () => {
    const line = greeted()
    let sent = 0
    while (count(line, 'behind') === 0 && sent < 40) inbound(`c${++sent}`, 'x'.repeat(99_000))
    const bytes = line.told.reduce((sum, text) => sum + text.length, 0)
    expect([count(line, 'behind'), sent < 20]).toEqual([1, true])
    expect(bytes).toBeGreaterThan(1024 * 1024)
    expect(bytes).toBeLessThan(1024 * 1024 + 300_000)
  })
})

describe('big changes', () => {
  const people = (many: number): RowPut[] =>
    Array.from({ length: many }, (_, index) => ({
      table: 'mobileUsers',
      row: {
        id: mobileUserId.parse(`up1312556${1000 + index}`),
        address: `+1312556${1000 + index}`,
        firstName: '',
        lastName: '',
        companyName: '',
        optedOut: null,
      },
    }))

  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => agentId.parse(`reader-${index}`))
  const agentRow = (id: AgentId): RowPut => ({
    table: 'agents',
    row: { id, name: id, email: '', role: 'agent', groups: [], active: true },
  })
  /** Presses something and answers every answer that came on this line since it began. */
  const press = (line: Line, n: number, command: object) => {
    line.told.length = 0
    say(line, { t: 'catch up', cursor: company.account.door.memory.head })
    const more = { version: wireVersion, seen: 1, synced: true, waited: 0 }
    say(line, { t: 'command', n, id: ids.command(), command, ...more })
    return heard(line).flatMap((message) => (message.t === 'frame' ? message.acks : []))
  }

  it('[E19] a commit writes at most 500 rows: what sets an account up takes several, and devices see each', () => {
    const line = greeted()
    const before = company.head()
    company.account.door.install(people(1_200))
    company.settle()
    expect(company.head() - before).toBe(3)
    const sizes = company.sql.all<{ size: number }>(
      `SELECT COUNT(*) AS size FROM rows WHERE seq > ? GROUP BY seq ORDER BY seq`,
      before,
    )
    expect(sizes.map(({ size }) => size)).toEqual([500, 500, 200])
    expect(count(line, 'changed')).toBe(1)
  })

  it('[E19] [P5] a command that would write more is refused in sight, changes nothing, and is not in the way of the next', () => {
    const line = greeted()
    inbound('read by many')
    const [row] = allRows(company.sql, 'conversations')
    if (!row) throw new Error('Nobody wrote.')
    // No command of today writes 500 rows, so the limit is set where one that names a colleague is over it.
    vi.spyOn(limits as { rowsPerCommit: number }, 'rowsPerCommit', 'get').mockReturnValue(1)
    const { seq } = company.account.door.memory.head
    const [refused] = press(line, 1, { name: 'AddNote', conversation: row.id, text: '@Sam, see this' })
    expect(refused?.refusal).toEqual({
      code: 'too big',
      text: 'Not done: this would change too much at once.',
    })
    expect(company.head()).toBe(seq)
    expect(allRows(company.sql, 'mentions')).toEqual([])
    expect(press(line, 2, { name: 'SetFollowUp', conversation: row.id, on: true }).at(-1)).toMatchObject({
      n: 2,
      refusal: null,
    })
  })

  it('[E19] [E27] a conversation that everybody has read ends; its read marks go with it and in the commits that follow', () => {
    const line = greeted()
    inbound('read by many')
    const [row] = allRows(company.sql, 'conversations')
    if (!row) throw new Error('Nobody wrote.')
    const readers = many(1_200)
    company.account.door.install([
      ...readers.map(agentRow),
      ...readers.map((agent): RowPut => ({
        table: 'readMarks',
        row: { id: `${agent}:${row.id}`, agent, conversation: row.id, order: 1 },
      })),
    ])
    company.settle()
    const before = company.head()
    expect(press(line, 1, { name: 'EndConversation', conversation: row.id }).at(-1)?.refusal).toBe(null)
    expect(allRows(company.sql, 'conversations')[0]?.status).toBe('closed')
    while (company.account.door.timers.nextDue(0) === 0) company.account.goOn()
    expect(allRows(company.sql, 'readMarks')).toEqual([])
    const sizes = company.sql.all<{ size: number }>(
      `SELECT COUNT(*) AS size FROM rows WHERE seq > ? GROUP BY seq`,
      before,
    )
    expect(Math.max(...sizes.map(({ size }) => size))).toBeLessThanOrEqual(limits.rowsPerCommit)
    expect(sizes.length).toBeGreaterThan(2)
  })

  it('[E19] [E4] many small commits of one window go in frames of 200 rows, and nobody pulls', () => {
    const line = greeted()
    const before = company.head()
    for (const put of people(450)) company.account.door.install([put])
    company.settle()
    const frames = heard(line).flatMap((message) => (message.t === 'frame' ? [message] : []))
    expect(count(line, 'changed')).toBe(0)
    expect(frames.map(({ parts }) => parts.flatMap(({ rows }) => rows).length)).toEqual([200, 200, 50])
    expect(frames.map(({ from, to }) => [from - before, to.seq - before])).toEqual([
      [0, 200],
      [200, 400],
      [400, 450],
    ])
  })

  it('[E19] 200 rows of a table go in a frame; of more the socket is only told, and pulls them in frames of 200', () => {
    const line = greeted()
    company.account.door.install(people(200))
    company.settle()
    expect([count(line, 'frame'), count(line, 'changed')]).toEqual([1, 0])
    const [frame] = heard(line)
    const cursor = frame?.t === 'frame' ? frame.to : null
    line.told.length = 0
    company.account.door.install(people(450))
    company.settle()
    expect(heard(line)).toEqual([{ t: 'changed', table: 'mobileUsers', seq: company.head() }])
    // Whatever comes then is part of what is pulled.
    inbound('during')
    expect(count(line, 'frame')).toBe(0)
    line.told.length = 0
    say(line, { t: 'catch up', cursor })
    const rows = heard(line).map((message) =>
      message.t === 'frame' ? message.parts.reduce((sum, part) => sum + part.rows.length, 0) : -1,
    )
    expect(Math.max(...rows)).toBeLessThanOrEqual(200)
    expect(rows.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(450)
    const last = heard(line).at(-1)
    expect(last?.t === 'frame' && last.to.seq).toBe(company.head())
  })
})

it('[E30] sixty-four Yjs clients write one draft, the next one is refused, and those who were there go on', () => {
  const drafts = new Drafts(company.sql, () => company.now)
  const [row] = allRows(company.sql, 'conversations')
  if (!row) throw new Error('Nobody wrote.')
  const box = { conversation: row.id, kind: 'reply' as const }
  const write = (client: number, at: number) => {
    const own = openDraft([])
    if (at > 0) editDraft(own, client, { at: 0, remove: 0, insert: 'x'.repeat(at) })
    return drafts.receive(box, 0, editDraft(own, client, { at, remove: 0, insert: 'a' }), maya)
  }
  for (let client = 1; client <= limits.draftWriters; client++) expect(write(client, 0).kind).toBe('kept')
  expect(write(999, 0)).toMatchObject({ kind: 'refused', fault: 'too many' })
  const { update, clocks } = drafts.state(box, { epoch: 0, clocks: {} })
  expect(Object.keys(clocks)).toHaveLength(64)
  expect(clocksOf(openDraft([update]))).toEqual(clocks)
  const known = openDraft([update])
  const more = editDraft(known, 64, { at: 0, remove: 0, insert: 'b' })
  expect(drafts.receive(box, 0, more, maya).kind).toBe('kept')
})
