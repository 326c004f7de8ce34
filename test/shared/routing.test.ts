import { describe, expect, it } from 'vitest'
import { fold } from '#shared/core/fold.ts'
import {
  arrive,
  company,
  conversation,
  decided,
  entriesOf,
  maya,
  number,
  rowOf,
  sales,
  salesNumber,
  sam,
  service,
  talking,
} from '#test/kit/worlds.ts'

const assignedTo = (more: Parameters<typeof number>[1]) => ({
  numbers: new Map([[salesNumber, number(salesNumber, more)]]),
})

describe('auto-assign by number', () => {
  it('[F162] gives every new conversation of the number to its agent or to its group', () => {
    expect(rowOf(decided(company(assignedTo({ agent: maya })), arrive('Hi')).changes)).toMatchObject({
      agent: maya,
      group: null,
    })
    expect(rowOf(decided(company(assignedTo({ group: service })), arrive('Hi')).changes)).toMatchObject({
      agent: null,
      group: service,
    })
    expect(rowOf(decided(company(), arrive('Hi')).changes)).toMatchObject({ agent: null, group: null })
  })

  it("[F161] is the number's own, not the account's", () => {
    const world = company()
    expect(rowOf(decided(world, arrive('Hi', { to: '+13095550101' })).changes).group).toBe(service)
    expect(rowOf(decided(world, arrive('Hi', { to: '+13095550100' })).changes).group).toBeNull()
  })

  it('leaves a system note that says which rule matched, before the text', () => {
    const { changes } = decided(company(assignedTo({ group: service })), arrive('Hi'))
    expect(entriesOf(changes)).toMatchObject([
      { kind: 'system', order: 1, note: { what: 'assigned', rule: 'number', agent: null, group: service } },
      { kind: 'inbound', order: 2, text: 'Hi' },
    ])
    expect(rowOf(changes).inboundOrder).toBe(2)
    expect(entriesOf(decided(company(), arrive('Hi')).changes).map(({ kind }) => kind)).toEqual(['inbound'])
  })

  it('[F163] [F164] changed, leaves open conversations with their owners and counts for new ones', () => {
    const row = conversation({ agent: sam })
    const world = talking([], { conversation: row, openOfPair: row, ...assignedTo({ group: sales }) })
    const joined = decided(world, arrive('Hi'))
    expect(rowOf(joined.changes)).toMatchObject({ agent: sam, group: null })
    const ended = fold(world, [{ kind: 'row', table: 'conversations', row: { ...row, status: 'closed' } }])
    expect(rowOf(decided(ended, arrive('Hi again')).changes)).toMatchObject({ agent: null, group: sales })
  })
})
