import 'fake-indexeddb/auto'
import { afterEach, describe, expect, it } from 'vitest'
import type { ViewId } from '#shared/base/ids.ts'
import { everything, type Criteria } from '#shared/rules/criteria.ts'
import { builtIn, compareRows, isIn, type View } from '#shared/rules/views.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import { MemoryStore } from '#client/db/memory-store.ts'
import { openReplica } from '#client/db/open.ts'
import { prepare } from '#client/db/meta.ts'
import { applyRows } from '#client/db/rows.ts'
import type { Store } from '#client/db/store.ts'
import { type Counted, lookAhead, readView, readViews } from '#client/db/views.ts'
import { askSaidBefore } from '#client/state/said-before.ts'
import type { EngineParts } from '#client/sync/engine.ts'
import { makeRandom, seededIds } from '#test/kit/random.ts'
import {
  customer,
  maya,
  number,
  sales,
  salesNumber,
  sam,
  service,
  serviceNumber,
  settings,
} from '#test/kit/worlds.ts'
import { maya as identity } from './kit/page.ts'

let store: Store | null = null
afterEach(() => store?.destroy())

const viewer = { id: maya, groups: [sales] }
const me = {
  id: maya,
  name: 'Maya',
  email: 'maya@demo.test',
  role: 'agent' as const,
  groups: [sales],
  active: true,
}
const saved = (id: string, wanted: Partial<Criteria>): View => ({
  ...builtIn.open,
  id: id as ViewId,
  name: id,
  builtIn: null,
  criteria: { ...everything, ...wanted },
})

/** Conversations of every kind, by chance. */
function crowd(count: number, seed: number): Conversation[] {
  const random = makeRandom(seed)
  const ids = seededIds(seed)
  const chance = (share: number) => random.int(1000) < share * 1000
  // No two moments are the same, so that an index and the predicate agree on the order.
  const times = random.shuffle(Array.from({ length: count }, (_, index) => index))
  return times.map((time, index) => {
    const closed = chance(0.3)
    const pick = <Choice>(choices: Choice[]) => random.pick(choices)
    return {
      id: ids.conversation(),
      no: 1001 + index,
      user: customer().id,
      number: pick([salesNumber, serviceNumber]),
      status: closed ? ('closed' as const) : ('open' as const),
      agent: pick([null, maya, sam]),
      group: pick([null, sales, service]),
      startedAt: 0,
      closedAt: closed ? 20_000 + time : null,
      closedBy: closed ? maya : null,
      lastAt: 10_000 + time,
      lastBy: pick(['customer' as const, 'agent' as const]),
      preview: pick(['Where is my car?', 'Thank you']),
      inboundOrder: 3,
      followUp: !closed && chance(0.1),
      trouble: null,
      unanswered: !closed && chance(0.2) ? { since: 500 + time, waiting: chance(0.6) } : null,
    }
  })
}

async function filled(kind: 'memory' | 'dexie', rows: readonly Conversation[]): Promise<Store> {
  const ids = seededIds(5)
  const made = kind === 'memory' ? new MemoryStore() : (await openReplica(identity, ids)).store
  if (kind === 'memory') await prepare(made, identity, ids)
  store = made
  await made.write((tx) =>
    applyRows(
      tx,
      maya,
      [
        { table: 'settings', id: 'account', seq: 1, row: settings },
        { table: 'agents', id: maya, seq: 1, row: me },
        { table: 'numbers', id: salesNumber, seq: 1, row: number(salesNumber, { name: 'Sales' }) },
        { table: 'mobileUsers', id: customer().id, seq: 1, row: customer() },
        ...rows.map((row, index) => ({ table: 'conversations' as const, id: row.id, seq: index + 2, row })),
      ],
      false,
    ),
  )
  return made
}

const views: View[] = [
  ...Object.values(builtIn),
  saved('any', { status: 'any' }),
  saved('oldest', { sort: 'oldest' }),
  saved('waiting-first', { sort: 'waiting' }),
  saved('sams', { agents: [sam], sort: 'oldest' }),
  saved('two', { agents: ['@me', sam], status: 'open' }),
  saved('lone-or-sam', { agents: ['@nobody', sam] }),
  saved('service', { groups: [service], lastRepliedBy: 'customer' }),
  saved('number', { numbers: [serviceNumber] }),
  saved('number-any', { numbers: [serviceNumber], status: 'any' }),
  saved('id', { ids: '1003 1050', status: 'any' }),
  saved('words', { text: 'CAR?', status: 'any' }),
  saved('jo', { users: 'jo', agents: ['@me'] }),
  saved('stranger', { users: 'nobody' }),
  { ...builtIn.waiting, edited: true, criteria: { ...everything, agents: ['@me'], sort: 'newest' } },
  {
    ...builtIn['follow-up'],
    edited: true,
    criteria: { ...everything, numbers: [salesNumber], sort: 'oldest' },
  },
]

describe.each(['memory', 'dexie'] as const)('views on a device with %s', (kind) => {
  it('[F13] [F70] [F71] [F73] each lists exactly what its predicate takes, in its order, in windows', async () => {
    const rows = crowd(400, 77)
    const held = await filled(kind, rows)
    for (const view of views) {
      const expected = rows
        .filter((row) => isIn(view, row, { viewer, user: customer(), said: () => [] }))
        .sort((left, right) => compareRows(view, left, right))
        .map(({ no }) => no)
      for (const limit of [5, 60, 1000]) {
        const list = await held.read((tx) => readView(tx, maya, view, limit, 0))
        const most = view.builtIn === 'closed' ? Math.min(limit, 150) : limit
        expect(
          list.rows.map(({ conversation }) => conversation.no),
          `${view.id} ${limit}`,
        ).toEqual(expected.slice(0, most))
        if (list.complete && view.builtIn !== 'closed') expect(expected.length).toBe(list.rows.length)
      }
    }
  })

  it('[F66] [DC15] each counts what is unread in it, whether an index holds it or it is looked at', async () => {
    const rows = crowd(120, 78)
    const held = await filled(kind, rows)
    await held.write((tx) =>
      applyRows(
        tx,
        maya,
        [
          ...views.flatMap(({ id, name, criteria, builtIn: which }) =>
            which === null || which === 'waiting'
              ? [{ table: 'views' as const, id, seq: 900, row: { id, name, owner: null, criteria } }]
              : [],
          ),
          ...rows.slice(0, 40).map(({ id }) => ({
            table: 'readMarks' as const,
            id: `${maya}:${id}`,
            seq: 901,
            row: { id: `${maya}:${id}`, agent: maya, conversation: id, order: 3 },
          })),
        ],
        false,
      ),
    )
    const { views: listed, unread } = await held.read((tx) => readViews(tx, maya, 0))
    expect(listed.length).toBeGreaterThan(15)
    for (const view of listed) {
      const expected = rows
        .slice(40)
        .filter(
          (row) => row.status === 'open' && isIn(view, row, { viewer, user: customer(), said: () => [] }),
        )
      expect([view.id, unread[view.id]]).toEqual([view.id, expected.length])
    }
    expect(listed.map(({ name }) => name)).toContain('Sales')
  })

  it('[F66] the count of the whole inbox stays what it is where the view "Open" was made another', async () => {
    const rows = crowd(120, 81)
    const held = await filled(kind, rows)
    const open = rows.filter(({ status }) => status === 'open').length
    const read = () => held.read((tx) => readViews(tx, maya, 0))
    expect(await read()).toMatchObject({ unreadInbox: open, unread: { open } })
    const { id, name } = builtIn.open
    for (const criteria of [{ agents: [sam] }, { text: 'nobody said it' }, { status: 'closed' as const }]) {
      const row = { id, name, owner: null, criteria: { ...everything, ...criteria } }
      await held.write((tx) => applyRows(tx, maya, [{ table: 'views', id, seq: 900, row }], false))
      const { unread, unreadInbox } = await read()
      expect(unread['open']).toBeLessThan(open)
      expect(unreadInbox).toBe(open)
    }
  })
})

it('a page that opens counts no view before its first rows, and none by words before they are looked for', async () => {
  const rows = crowd(40, 82)
  const held = await filled('memory', rows)
  const { id, name, criteria } = saved('words', { text: 'CAR?' })
  const row = { id, name, owner: null, criteria }
  await held.write((tx) => applyRows(tx, maya, [{ table: 'views', id, seq: 900, row }], false))
  const unread = async (counted: Counted) => (await held.read((tx) => readViews(tx, maya, 0, counted))).unread
  const first = await unread('none')
  const opening = await unread('plain')
  await lookAhead(held, maya, 0)
  const settled = await unread('all')
  expect(Object.keys(first).toSorted()).toEqual(Object.keys(settled).toSorted())
  expect(Object.values(first).every((count) => count === 0)).toBe(true)
  expect(opening[id]).toBe(0)
  expect(settled[id]).toBeGreaterThan(0)
  expect({ ...settled, [id]: 0 }).toEqual(opening)
})

it('[F77] a view that no index holds is looked for so far, and further when asked', async () => {
  const [needle] = crowd(1, 5)
  const rows = crowd(4200, 79).map((row) => ({
    ...row,
    preview: 'Nothing',
    status: 'open' as const,
    closedAt: null,
  }))
  if (!needle) throw new Error('No conversation.')
  const old = {
    ...needle,
    no: 9999,
    preview: 'The needle',
    status: 'open' as const,
    closedAt: null,
    lastAt: 1,
  }
  const held = await filled('memory', [...rows, old])
  const view = saved('needle', { text: 'needle' })
  const near = await held.read((tx) => readView(tx, maya, view, 50, 0))
  expect([near.rows.length, near.complete]).toEqual([0, false])
  const far = await held.read((tx) => readView(tx, maya, view, 150, 0))
  expect(far.rows.map(({ conversation }) => conversation.no)).toEqual([9999])
  expect(far.complete).toBe(true)
})

describe('a view by words that were said where this device does not hold it', () => {
  const said = (conversation: string, text: string, kind = 'inbound') => ({
    user: customer().id,
    entry: { id: `e-${conversation}`, kind, conversation, text },
  })
  /** The edge's search, whose first page leads to a second. */
  const edgeOf = (pages: readonly (readonly object[])[]) => {
    const asked: URLSearchParams[] = []
    const device = {
      fetch: (url: string) => {
        asked.push(new URL(url, 'http://edge').searchParams)
        const at = asked.length - 1
        const next = at + 1 < pages.length ? at + 1 : null
        return Promise.resolve(Response.json({ found: pages[at] ?? [], next, indexed: true }))
      },
    }
    return { asked, parts: { device, identity } as unknown as Pick<EngineParts, 'device' | 'identity'> }
  }

  it('[F73] [F77] lists what the whole history says, where all else that it asks holds as well', async () => {
    const rows = crowd(60, 78)
    const held = await filled('memory', rows)
    const mine = rows.filter(({ status, agent }) => status === 'open' && agent === maya)
    const [one, closed] = [mine[0], rows.find(({ status }) => status === 'closed')]
    const [his] = rows.filter(({ status, agent }) => status === 'open' && agent === sam)
    if (!one || !closed || !his) throw new Error('The crowd is too small.')
    const view = saved('words', { text: 'Tránsmission', agents: ['@me'] })
    const list = (before?: ReadonlySet<Conversation['id']>) =>
      held.read(async (tx) =>
        (await readView(tx, maya, view, 50, 0, before)).rows.map(({ conversation }) => conversation.id),
      )
    expect(await list()).toEqual([])
    const { asked, parts } = edgeOf([
      [
        said(one.id, 'The TRANSMISSION is loud'),
        said(closed.id, 'transmission'),
        said(his.id, 'transmission'),
      ],
      // The index knows words only; what is compared is the text. Notes are no messages.
      [said(mine[1]?.id ?? '', 'a trans mission'), said(mine[2]?.id ?? '', 'transmission', 'note')],
    ])
    expect(await list(await askSaidBefore(parts, view.criteria.text))).toEqual([one.id])
    expect(asked.map((query) => [query.get('words'), query.get('before')])).toEqual([
      ['Tránsmission', null],
      ['Tránsmission', '1'],
    ])
  })

  it('fails aloud where the edge does not answer, so that the list says where it looked', async () => {
    const device = { fetch: () => Promise.resolve(new Response('', { status: 503 })) }
    const parts = { device, identity } as unknown as Pick<EngineParts, 'device' | 'identity'>
    await expect(askSaidBefore(parts, 'transmission')).rejects.toThrow('503')
  })
})
