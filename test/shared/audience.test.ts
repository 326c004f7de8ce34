import { describe, expect, it } from 'vitest'
import type { RowPut } from '#shared/rows/tables.ts'
import { audienceOf, audiencesOf } from '#shared/rules/audience.ts'
import {
  admin,
  arrive,
  company,
  conversation,
  customer,
  decided,
  maya,
  number,
  sales,
  sam,
  salesNumber,
  settings,
  talk,
} from '#test/kit/worlds.ts'

const readMark: RowPut = {
  table: 'readMarks',
  row: { id: `${maya}:${talk}`, agent: maya, conversation: talk, order: 1 },
}
const [strayChange] = decided(company(), arrive('Hello', { to: '+13095559999' })).changes

describe('audiences', () => {
  it('[E7] a read mark goes to its agent only', () => {
    expect(audienceOf(readMark)).toBe(`agent:${maya}`)
    expect(audiencesOf({ id: maya, role: 'agent' })).toContain(audienceOf(readMark))
    for (const other of [audiencesOf({ id: sam, role: 'agent' }), audiencesOf({ id: admin, role: 'admin' })])
      expect(other).not.toContain(audienceOf(readMark))
  })

  it('[E7] a text to an unknown number goes to who may see strays', () => {
    if (strayChange?.kind !== 'row') throw new Error('There is no stray.')
    expect(audiencesOf({ id: admin, role: 'admin' })).toContain(audienceOf(strayChange))
    expect(audiencesOf({ id: maya, role: 'agent' })).not.toContain(audienceOf(strayChange))
  })

  it('[E7] [F51] what the shared inbox is made of goes to everyone', () => {
    const puts: RowPut[] = [
      { table: 'conversations', row: conversation({ agent: sam, group: sales }) },
      { table: 'mobileUsers', row: customer() },
      { table: 'threads', row: { id: customer().id, epoch: 1, clock: 0 } },
      { table: 'numbers', row: number(salesNumber) },
      { table: 'groups', row: { id: sales, name: 'Sales' } },
      { table: 'settings', row: settings },
    ]
    for (const put of puts)
      for (const role of ['agent', 'admin'] as const)
        expect(audiencesOf({ id: maya, role })).toContain(audienceOf(put))
  })

  it('[E7] a change of role is a difference of two lists', () => {
    const before = audiencesOf({ id: maya, role: 'agent' })
    const since = audiencesOf({ id: maya, role: 'admin' })
    expect(before.every((audience) => since.includes(audience))).toBe(true)
    expect(since.filter((audience) => !before.includes(audience))).toEqual([
      'may:see strays',
      'may:edit settings',
      'may:edit people',
    ])
  })
})
