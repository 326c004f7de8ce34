import { describe, expect, it } from 'vitest'
import type { AgentId } from '#shared/base/ids.ts'
import type { Role } from '#shared/model/role.ts'
import type { Agent } from '#shared/rows/agent.ts'
import { after, admin, ask, company, decided, effectsOf, gone, maya, refused, sam } from '#test/kit/worlds.ts'

const give = (by: AgentId, agent: AgentId, role: Role) => ask(by, { name: 'SetRole', agent, role })

describe('SetRole', () => {
  it('[F40] an admin gives a role at any time and takes it back, and it is written down', () => {
    const decision = decided(company(), give(admin, maya, 'admin'))
    expect(decision.changes).toMatchObject([
      { table: 'agents', row: { id: maya, name: 'Maya', role: 'admin' } },
    ])
    expect(effectsOf(decision, 'audit')).toEqual([
      { kind: 'audit', what: 'made admin', by: admin, about: maya },
    ])
    const promoted = after(company(), give(admin, maya, 'admin'))
    expect(after(promoted, give(maya, admin, 'agent')).agents.get(admin)?.role).toBe('agent')
  })

  it('is refused to agents, for who is not there, and where nothing would change', () => {
    expect(refused(company(), give(maya, sam, 'admin')).code).toBe('forbidden')
    expect(refused(company(), give(admin, 'nobody' as AgentId, 'admin')).code).toBe('unknown')
    expect(refused(company(), give(admin, gone, 'admin')).code).toBe('unknown')
    expect(refused(company(), give(admin, maya, 'agent')).code).toBe('already so')
  })

  it('leaves no company without an admin, whoever else was one and is gone', () => {
    expect(refused(company(), give(admin, admin, 'agent'))).toMatchObject({
      code: 'last admin',
      text: 'Admin is the only admin. Make somebody else one first.',
    })
    const past = company()
    const former = { ...(past.agents.get(gone) as Agent), role: 'admin' as const }
    const world = { ...past, agents: new Map(past.agents).set(gone, former) }
    expect(refused(world, give(admin, admin, 'agent')).code).toBe('last admin')
  })
})
