import { describe, expect, it } from 'vitest'
import type { ViewId } from '#shared/base/ids.ts'
import {
  isSameCriteria,
  everything,
  matches,
  plain,
  criteria as schema,
  type Criteria,
} from '#shared/rules/criteria.ts'
import {
  allViews,
  builtIn,
  compareRows,
  defaultCriteria,
  isIn,
  systemViews,
  viewNames,
  viewOf,
} from '#shared/rules/views.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import type { ViewRow } from '#shared/rows/view.ts'
import { audienceOf } from '#shared/rules/audience.ts'
import {
  after,
  ask,
  closed,
  company,
  conversation,
  customer,
  decided,
  maya,
  refused,
  sales,
  salesNumber,
  sam,
  service,
  serviceNumber,
} from '#test/kit/worlds.ts'

const viewer = { id: maya, groups: [sales] }
const takes = (
  wanted: Partial<Criteria>,
  row: Partial<Conversation> = {},
  { user = customer(), said = [] as string[] }: { user?: MobileUser | null; said?: string[] } = {},
) => matches({ ...everything, ...wanted }, conversation(row), { viewer, user, said: () => said.map(plain) })

describe('the nine criteria of a view', () => {
  it('[F73] Conversation Status takes open ones, closed ones, or both', () => {
    for (const [status, open, shut] of [
      ['open', true, false],
      ['closed', false, true],
      ['any', true, true],
    ] as const) {
      expect(takes({ status })).toBe(open)
      expect(matches({ ...everything, status }, closed(), { viewer, user: null, said: () => [] })).toBe(shut)
    }
  })

  it('[F73] Agent Owner and Group Owner take any of those named, and whoever looks', () => {
    expect(takes({ agents: [sam, '@nobody'] }, { agent: sam })).toBe(true)
    expect(takes({ agents: [sam, '@nobody'] }, { agent: null })).toBe(true)
    expect(takes({ agents: [sam, '@nobody'] }, { agent: maya })).toBe(false)
    expect(takes({ agents: ['@me'] }, { agent: maya })).toBe(true)
    expect(takes({ groups: ['@mine'] }, { group: sales })).toBe(true)
    expect(takes({ groups: ['@mine'] }, { group: service })).toBe(false)
    expect(takes({ groups: [service] }, { group: service })).toBe(true)
    expect(takes({ groups: ['@nobody'] }, { group: service })).toBe(false)
    // Both criteria must hold.
    expect(takes({ agents: [sam], groups: [sales] }, { agent: sam, group: service })).toBe(false)
  })

  it('[F73] Company Number, "Last Replied By" and Conversation ID#', () => {
    expect(takes({ numbers: [salesNumber] })).toBe(true)
    expect(takes({ numbers: [serviceNumber] })).toBe(false)
    expect(takes({ lastRepliedBy: 'customer' }, { lastBy: 'customer' })).toBe(true)
    expect(takes({ lastRepliedBy: 'agent' }, { lastBy: 'customer' })).toBe(false)
    expect(takes({ ids: '1007, 1001' })).toBe(true)
    expect(takes({ ids: '#1001' })).toBe(true)
    expect(takes({ ids: '100' })).toBe(false)
    expect(takes({ ids: '1001' }, { no: null })).toBe(false)
  })

  it.each([
    ['jo', true],
    ['SMITH', true],
    ['o smi', true],
    ['acme', true],
    ['Müller', false],
    ['309 555', true],
    ['(309) 555-1212', true],
    ['+1 309.555.1212', true],
    ['555-9999', false],
    ['nobody, 1212', true],
    ['nobody, else', false],
    [' , ', true],
  ])('[F73] Mobile User(s) by name or number: %j', (users, expected) => {
    expect(takes({ users }, {}, { user: customer({ companyName: 'Acme' }) })).toBe(expected)
  })

  it('[F73] Mobile User(s) finds names without their accents, and no name where the person is not known', () => {
    const user = customer({ firstName: 'José', lastName: 'Müller' })
    expect(takes({ users: 'jose muller' }, {}, { user })).toBe(true)
    expect(takes({ users: 'jo' }, {}, { user: null })).toBe(false)
  })

  it('[F73] [F77] Message Content finds words in any message, whatever their case', () => {
    const said = ['Is the BLUE one still there?', 'Yes,  it is.']
    expect(takes({ text: 'blue one' }, { preview: 'Yes' }, { said })).toBe(true)
    expect(takes({ text: 'yes, it is' }, { preview: 'Thanks' }, { said })).toBe(true)
    expect(takes({ text: 'red' }, { preview: 'Thanks' }, { said })).toBe(false)
    // What the row itself shows is found also where the thread is not held.
    expect(takes({ text: 'hello' }, { preview: 'Hello?' })).toBe(true)
  })

  it('[F73] Default "Sort By": newest text, oldest text, longest waiting', () => {
    const rows = [
      conversation({ lastAt: 1, unanswered: { since: 9, waiting: true } }),
      conversation({ lastAt: 2 }),
      conversation({ lastAt: 3, unanswered: { since: 5, waiting: true } }),
      conversation({ lastAt: 4, unanswered: { since: 1, waiting: false } }),
    ]
    const order = (sort: Criteria['sort']) =>
      rows
        .toSorted((left, right) =>
          compareRows({ ...builtIn.open, criteria: { ...everything, sort } }, left, right),
        )
        .map(({ lastAt }) => lastAt)
    expect(order('newest')).toEqual([4, 3, 2, 1])
    expect(order('oldest')).toEqual([1, 2, 3, 4])
    expect(order('waiting')).toEqual([3, 1, 4, 2])
  })

  it('[F80] a flag is no criterion', () => {
    expect(Object.keys(schema.shape)).toEqual([
      'status',
      'agents',
      'groups',
      'numbers',
      'lastRepliedBy',
      'users',
      'text',
      'ids',
      'sort',
    ])
  })
})

describe('views that are kept', () => {
  const edited: Criteria = { ...everything, lastRepliedBy: 'customer' }
  const as = (label: string, criteria: Criteria) => ({ label, criteria })
  const was = as('Open', defaultCriteria.open)
  const open = builtIn.open.id
  const own = 'vown' as ViewId
  const edit = (view: ViewId, expected = was, to = as('Open', edited), by = maya) =>
    ask(by, { name: 'EditView', view, expect: expected, to })
  const add = (shared: boolean, by = maya) =>
    ask(by, { name: 'AddView', view: own, shared, to: as('  Angry   people ', edited) })
  const rowIn = (world: ReturnType<typeof company>): ViewRow => {
    if (world.view === null || world.view === 'unknown') throw new Error('There is no view.')
    return world.view
  }

  it('[F76] [DC5] editing a default view changes it for everybody, and its name stays', () => {
    const row = rowIn(after(company(), edit(open, was, as('Renamed', edited))))
    expect(row).toEqual({ id: 'open', name: 'Open', owner: null, criteria: edited })
    expect(audienceOf({ table: 'views', row })).toBe('account')
    expect(viewOf(open, [row])).toMatchObject({ builtIn: 'open', edited: true, criteria: edited })
  })

  it('[DC5] it can be put back to its default, and anew', () => {
    const world = after(company(), edit(open))
    const back = after(world, ask(sam, { name: 'RemoveView', view: open, expect: as('Open', edited) }))
    expect(back.view).toBeNull()
    expect(viewOf(open, [])).toEqual(builtIn.open)
    expect(refused(back, ask(sam, { name: 'RemoveView', view: open, expect: was })).code).toBe('already so')
  })

  it('[DC5] an added view is everybody’s, or its author’s alone: nobody else sees, edits or removes it', () => {
    expect(rowIn(after(company(), add(true)))).toEqual({
      id: own,
      name: 'Angry people',
      owner: null,
      criteria: edited,
    })
    const mine = after(company(), add(false))
    expect(audienceOf({ table: 'views', row: rowIn(mine) })).toBe('agent:maya')
    const said = as('Angry people', edited)
    expect(refused(mine, edit(own, said, as('Mine now', edited), sam)).code).toBe('unknown')
    expect(refused(mine, ask(sam, { name: 'RemoveView', view: own, expect: said })).code).toBe('unknown')
    expect(decided(mine, ask(maya, { name: 'RemoveView', view: own, expect: said })).changes).toEqual([
      { kind: 'gone', table: 'views', id: own },
    ])
  })

  it('[F76] the second of two who edit at once is told, and nothing of the first is lost', () => {
    const first = after(company(), edit(open))
    expect(refused(first, edit(open, was, as('Open', { ...everything, text: 'refund' }), sam)).code).toBe(
      'changed',
    )
    // In another order it says the same.
    const twice = { ...everything, agents: [sam, maya] }
    expect(isSameCriteria(twice, { ...everything, agents: [maya, sam] })).toBe(true)
  })

  it('refuses a view without a name, one of a taken id, and one that was removed', () => {
    const nameless = ask(maya, { name: 'AddView', view: own, shared: true, to: as('  ', edited) })
    expect(refused(company(), nameless).code).toBe('empty')
    expect(refused(after(company(), add(true)), add(true)).code).toBe('taken')
    const stolen = ask(maya, { name: 'AddView', view: open, shared: false, to: as('Open', edited) })
    expect(refused(company(), stolen).code).toBe('taken')
    expect(refused(company(), edit(own)).code).toBe('unknown')
    const long = ask(maya, { name: 'AddView', view: own, shared: true, to: as('x'.repeat(61), edited) })
    expect(refused(company(), long).code).toBe('too long')
  })

  it('[F59] [DC5] the five default views come first, then Waiting and Follow-Up, then what was added, by name', () => {
    const rows = ['Zoe', 'Anna'].map((name, index) => ({
      id: `v${index}` as ViewId,
      name,
      owner: null,
      criteria: edited,
    }))
    expect(allViews(rows).map(({ name }) => name)).toEqual([
      'Open',
      'Just Mine',
      'My Groups',
      'Unassigned',
      'Closed',
      'Waiting',
      'Follow-Up',
      'Anna',
      'Zoe',
    ])
  })
})

describe('Waiting and Follow-Up', () => {
  const facts = { viewer, user: null, said: () => [] }
  const late = { since: 1, waiting: true }
  const viewsOf = (row: Conversation) =>
    Object.values(builtIn).flatMap((view) => (isIn(view, row, facts) ? [view.id as string] : []))

  it('[F70] [F87] what waits stands in Waiting and in each view that has open conversations', () => {
    expect(systemViews.map((id) => viewNames[id])).toEqual(['Waiting', 'Follow-Up'])
    expect(viewsOf(conversation({ unanswered: late, agent: maya, group: sales }))).toEqual([
      'open',
      'mine',
      'groups',
      'waiting',
    ])
    expect(viewsOf(conversation({ unanswered: late }))).toEqual(['open', 'unassigned', 'waiting'])
    expect(viewsOf(conversation({ unanswered: { since: 1, waiting: false } }))).not.toContain('waiting')
  })

  it('[F71] [F89] Follow-Up has what carries that flag, whoever owns it', () => {
    expect(viewsOf(conversation({ followUp: true, agent: sam }))).toEqual(['open', 'follow-up'])
    expect(viewsOf(conversation({ agent: sam }))).toEqual(['open'])
    expect(viewsOf(closed())).toEqual(['closed'])
  })
})
