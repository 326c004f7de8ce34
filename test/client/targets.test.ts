import { describe, expect, it } from 'vitest'
import type { AgentId, GroupId } from '#shared/base/ids.ts'
import type { Agent } from '#shared/rows/agent.ts'
import { nameFor } from '#client/state/names.ts'
import { targetsOf } from '#client/ui/message-center/targets.ts'
import { gone, maya, sales, sam, service } from '#test/kit/worlds.ts'

const person = (id: AgentId, groups: GroupId[], more: Partial<Agent> = {}): Agent => ({
  id,
  name: id,
  email: `${id}@demo.test`,
  role: 'agent',
  groups,
  active: true,
  ...more,
})
const groups = [sales, service].map((id) => ({ id, name: id }))
const here = person(maya, [sales])
const marks = ({ agents, groups }: ReturnType<typeof targetsOf>) => [
  ...agents.map(({ agent, mark }) => [agent.id, mark]),
  ...groups.map(({ group, mark }) => [group.id, mark]),
]

describe('to whom a conversation can be given', () => {
  it('[F156] [DC9] is here who has the Message Center open and is not away; a group with nobody here is marked', () => {
    const all = [here, person(sam, [service], { away: true }), person(gone, [service], { active: false })]
    const targets = targetsOf(all, groups, new Set([maya, sam, gone]))
    expect(targets.agents.filter(({ here }) => here).map(({ agent }) => agent.id)).toEqual([maya])
    expect(marks(targets)).toEqual([
      [maya, 'Online'],
      [sam, 'Away'],
      [sales, ''],
      [service, 'Nobody online'],
    ])
  })

  it('names oneself as oneself', () => {
    expect([here, person(sam, [])].map((agent) => nameFor(maya, { ...agent, name: 'Jo' }))).toEqual([
      'Jo (you)',
      'Jo',
    ])
  })

  it('without a connection nobody can be seen, and no group is said to be empty', () => {
    expect(marks(targetsOf([here], groups, null))).toEqual([
      [maya, ''],
      [sales, ''],
      [service, ''],
    ])
  })
})
