import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AgentId, ConversationId, GroupId } from '#shared/base/ids.ts'
import type { Viewer } from '#shared/rules/criteria.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import {
  compareRows,
  defaultViews,
  builtIn,
  isIn,
  isUnread,
  viewNames,
  type BuiltIn,
} from '#shared/rules/views.ts'
import { runs, seededIds } from '#test/kit/random.ts'
import {
  after,
  arrive,
  closed,
  conversation,
  maya,
  sales,
  sam,
  salesNumber,
  service,
  serviceNumber,
  talking,
} from '#test/kit/worlds.ts'

const me = { id: maya, groups: [sales] }
const stands = (view: BuiltIn, row: Conversation, viewer: Viewer) =>
  isIn(builtIn[view], row, { viewer, user: null, said: () => [] })
const viewsOf = (row: Conversation) => defaultViews.filter((view) => stands(view, row, me))

describe('views', () => {
  it('[F59] there are five default views, by these names, in this order', () => {
    expect(defaultViews.map((view) => viewNames[view])).toEqual([
      'Open',
      'Just Mine',
      'My Groups',
      'Unassigned',
      'Closed',
    ])
  })

  const owners: [who: string, agent: AgentId | null, group: GroupId | null, views: BuiltIn[]][] = [
    ['nobody', null, null, ['open', 'unassigned']],
    ['me', maya, null, ['open', 'mine']],
    ['me, in a group of mine', maya, sales, ['open', 'mine', 'groups']],
    ['me, in a group I am not in', maya, service, ['open', 'mine']],
    ['a colleague', sam, null, ['open']],
    ['a colleague, in a group of mine', sam, sales, ['open', 'groups']],
    ['a group of mine', null, sales, ['open', 'groups']],
    ['a group I am not in', null, service, ['open']],
  ]
  for (const [who, agent, group, views] of owners)
    it(`[DC23] an open conversation of ${who} stands in ${views.join(', ')}`, () => {
      expect(viewsOf(conversation({ agent, group }))).toEqual(views)
      expect(viewsOf(closed({ agent, group }))).toEqual(['closed'])
    })

  it('[F60] [F51] Open has every open conversation, whoever owns it, whatever its number', () => {
    for (const [, agent, group] of owners)
      for (const number of [salesNumber, serviceNumber]) {
        expect(stands('open', conversation({ agent, group, number }), me)).toBe(true)
        expect(stands('open', closed({ agent, group, number }), me)).toBe(false)
      }
  })

  it('[F61] Just Mine has what I claimed, and not what my group owns', () => {
    expect(stands('mine', conversation({ agent: maya }), me)).toBe(true)
    expect(stands('mine', conversation({ group: sales }), me)).toBe(false)
    expect(stands('mine', conversation({ agent: sam }), me)).toBe(false)
  })

  it('[F62] [F78] My Groups has what belongs to a group of mine, also while a colleague owns it', () => {
    expect(stands('groups', conversation({ group: sales }), me)).toBe(true)
    expect(stands('groups', conversation({ group: sales, agent: sam }), me)).toBe(true)
    expect(stands('groups', conversation({ group: service }), me)).toBe(false)
    expect(stands('groups', conversation(), { id: maya, groups: [] })).toBe(false)
  })

  it('[F63] Unassigned has what neither an agent nor a group owns', () => {
    expect(stands('unassigned', conversation(), me)).toBe(true)
    expect(stands('unassigned', conversation({ agent: sam }), me)).toBe(false)
    expect(stands('unassigned', conversation({ group: service }), me)).toBe(false)
  })

  it('[F64] Closed has what was closed last, first', () => {
    const ids = seededIds(3)
    const rows = [30, 10, 20].map((minutes) =>
      closed({ id: ids.conversation(), closedAt: minutes, lastAt: 100 - minutes }),
    )
    expect(
      rows
        .toSorted((left, right) => compareRows(builtIn.closed, left, right))
        .map(({ closedAt }) => closedAt),
    ).toEqual([30, 20, 10])
  })

  it('the other views have the newest text first, in the same order on every device', () => {
    const id = fc.integer({ min: 0, max: 4 }).map((n) => `c${n}` as ConversationId)
    const row = fc.record({ id, lastAt: fc.integer({ min: 0, max: 3 }) }).map((more) => conversation(more))
    fc.assert(
      fc.property(
        fc.uniqueArray(row, { selector: (each) => each.id }),
        fc.constantFrom(...defaultViews),
        (rows, view) => {
          const order = (list: Conversation[]) =>
            list.toSorted((left, right) => compareRows(builtIn[view], left, right)).map((each) => each.id)
          expect(order(rows.toReversed())).toEqual(order(rows))
          if (view === 'closed') return
          const times = rows
            .toSorted((left, right) => compareRows(builtIn[view], left, right))
            .map(({ lastAt }) => lastAt)
          expect(times).toEqual(times.toSorted((left, right) => right - left))
        },
      ),
      runs,
    )
  })
})

describe('unread', () => {
  it('[DC15] a conversation is unread until the agent has opened it since its last inbound text', () => {
    const row = conversation({ inboundOrder: 5 })
    expect(isUnread(row, 0)).toBe(true)
    expect(isUnread(row, 4)).toBe(true)
    expect(isUnread(row, 5)).toBe(false)
    expect(isUnread(row, 9)).toBe(false)
  })

  it("[DC15] a customer's text makes a read conversation unread again, and an agent's does not", () => {
    const read = talking()
    if (read.conversation === null || read.conversation === 'unknown')
      throw new Error('There is no conversation.')
    expect(isUnread(read.conversation, 1)).toBe(false)
    const written = after(read, arrive('One more')).conversation
    if (written === null || written === 'unknown') throw new Error('There is no conversation.')
    expect(isUnread(written, 1)).toBe(true)
    expect(isUnread(written, 2)).toBe(false)
  })
})

it('[F13] a view is a filter: it takes conversations by what they are, and changes none of them', () => {
  const rows = [
    conversation({ agent: maya }),
    conversation({ group: sales }),
    conversation(),
    closed({ agent: maya }),
  ]
  const copy = structuredClone(rows)
  const sizes = defaultViews.map((view) => rows.filter((row) => stands(view, row, me)).length)
  // Open, Just Mine, My Groups, Unassigned, Closed.
  expect(sizes).toEqual([3, 1, 1, 1, 1])
  expect(rows).toEqual(copy)
})
