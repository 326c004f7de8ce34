import { describe, expect, it } from 'vitest'
import { agentId, groupId } from '#shared/base/ids.ts'
import { concerns } from '#shared/rules/notify.ts'

const maya = agentId.parse('maya')
const sam = agentId.parse('sam')
const sales = groupId.parse('sales')
const service = groupId.parse('service')
const who = { id: maya, groups: [sales], active: true }
const open = (agent: typeof maya | null, group: typeof sales | null) =>
  ({ status: 'open', agent: agent, group }) as const

describe('whom a text concerns', () => {
  it('follows ownership: the owner, whatever they reach for', () => {
    for (const reach of ['mine', 'groups', 'all'] as const)
      expect(concerns(open(maya, service), who, reach), reach).toBe(true)
    expect(concerns(open(sam, sales), who, 'mine')).toBe(false)
    expect(concerns(open(sam, sales), who, 'groups')).toBe(false)
    expect(concerns(open(sam, sales), who, 'all')).toBe(true)
  })

  it('a group that owns it concerns its members, nobody concerns everybody', () => {
    expect(concerns(open(null, sales), who, 'groups')).toBe(true)
    expect(concerns(open(null, service), who, 'groups')).toBe(false)
    expect(concerns(open(null, null), who, 'groups')).toBe(true)
    expect(concerns(open(null, null), who, 'mine')).toBe(false)
  })

  it('nothing of a closed conversation, and nothing to who is no agent any more', () => {
    expect(concerns({ status: 'closed', agent: maya, group: null }, who, 'all')).toBe(false)
    expect(concerns(open(maya, null), { ...who, active: false }, 'all')).toBe(false)
  })
})
