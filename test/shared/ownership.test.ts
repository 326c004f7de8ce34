import { describe, expect, it } from 'vitest'
import type { Owner } from '#shared/core/command.ts'
import type { Viewer } from '#shared/rules/criteria.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import { builtIn, isIn, type BuiltIn } from '#shared/rules/views.ts'
import {
  admin,
  after,
  ask,
  closed,
  conversation,
  decided,
  entriesOf,
  gone,
  inbound,
  live,
  maya,
  offline,
  refused,
  rowOf,
  sales,
  sam,
  service,
  talk,
  talking,
} from '#test/kit/worlds.ts'

/** Whether a conversation stands in a built-in view, for somebody of these groups. */
const stands = (view: BuiltIn, row: Conversation, viewer: Viewer) =>
  isIn(builtIn[view], row, { viewer, user: null, said: () => [] })

const nobody: Owner = { agent: null, group: null }
const claim = (by = maya, expected: Owner = nobody, press = live) =>
  ask(by, { name: 'ClaimConversation', conversation: talk, expect: expected }, press)
const transfer = (to: Owner, expected: Owner = nobody, by = maya, press = live) =>
  ask(by, { name: 'TransferConversation', conversation: talk, expect: expected, to }, press)
const owned = (owner: Partial<Owner>, more = {}) =>
  talking([inbound(1)], { conversation: conversation({ ...nobody, ...owner, ...more }) })

describe('claiming', () => {
  it('[F150] makes the one who claims the owner', () => {
    expect(rowOf(decided(owned({}), claim()).changes)).toMatchObject({ agent: maya, group: null })
  })

  it('[DC23] keeps the group, also where the agent is not of it', () => {
    const world = owned({ group: service })
    expect(rowOf(decided(world, claim(maya, { agent: null, group: service })).changes)).toMatchObject({
      agent: maya,
      group: service,
    })
  })

  it("[F155] [F78] leaves the conversation in the group's view of the others", () => {
    const row = rowOf(decided(owned({ group: sales }), claim(maya, { agent: null, group: sales })).changes)
    expect(stands('groups', row, { id: sam, groups: [sales, service] })).toBe(true)
    expect(stands('unassigned', row, { id: sam, groups: [sales, service] })).toBe(false)
  })

  it('[DC23] the second of two is refused with the name of who was first', () => {
    const refusal = refused(after(owned({}), claim(sam)), claim(maya))
    expect(refusal.code).toBe('owner changed')
    expect(refusal.text).toContain('Sam was first')
  })

  it('[DC23] is refused where a group got it meanwhile, by the name of the group', () => {
    expect(refused(owned({ group: service }), claim()).text).toContain('Service was first')
  })
})

describe('transferring', () => {
  it('[F151] [F153] gives the conversation from an agent to an agent', () => {
    const row = rowOf(
      decided(owned({ agent: maya }), transfer({ agent: sam, group: null }, { agent: maya, group: null }))
        .changes,
    )
    expect(row).toMatchObject({ agent: sam, group: null })
  })

  it('[DC23] to an agent keeps the group only if that agent belongs to it', () => {
    const kept = decided(
      owned({ group: service }),
      transfer({ agent: sam, group: null }, { agent: null, group: service }),
    )
    expect(rowOf(kept.changes)).toMatchObject({ agent: sam, group: service })
    const lost = decided(
      owned({ group: service }),
      transfer({ agent: maya, group: null }, { agent: null, group: service }),
    )
    expect(rowOf(lost.changes)).toMatchObject({ agent: maya, group: null })
  })

  it('[DC23] [F152] [F154] to a group sets the group and empties the agent', () => {
    const decision = decided(
      owned({ agent: maya, group: sales }),
      transfer({ agent: null, group: service }, { agent: maya, group: sales }),
    )
    expect(rowOf(decision.changes)).toMatchObject({ agent: null, group: service })
  })

  it('[DC23] is refused with the name of who was first, where the owner changed meanwhile', () => {
    const refusal = refused(owned({ agent: admin }), transfer({ agent: sam, group: null }))
    expect(refusal.code).toBe('owner changed')
    expect(refusal.text).toContain('Admin')
    expect(
      refused(
        owned({ agent: maya, group: sales }),
        transfer({ agent: sam, group: null }, { agent: maya, group: null }),
      ).code,
    ).toBe('owner changed')
  })

  it('[DC23] made offline reaches any active agent, and nobody else', () => {
    expect(
      rowOf(decided(owned({}), transfer({ agent: sam, group: null }, nobody, maya, offline)).changes).agent,
    ).toBe(sam)
    expect(refused(owned({}), transfer({ agent: gone, group: null })).code).toBe('unknown')
    expect(refused(owned({}), transfer(nobody)).code).toBe('unknown')
  })

  it('[F90] keeps the Follow-Up flag', () => {
    const world = owned({}, { followUp: true })
    expect(rowOf(decided(world, transfer({ agent: sam, group: null })).changes).followUp).toBe(true)
    expect(rowOf(decided(world, transfer({ agent: null, group: sales })).changes).followUp).toBe(true)
  })

  it('[F158] an agent answers what nobody owns and then gives it to a colleague', () => {
    const answered = after(
      owned({}),
      ask(maya, { name: 'SendReply', conversation: talk, text: 'Sam will help you.' }),
    )
    expect(answered.conversation).toMatchObject({ agent: null, group: null })
    expect(rowOf(decided(answered, transfer({ agent: sam, group: null })).changes).agent).toBe(sam)
  })
})

describe('ownership', () => {
  it('[F157] [F145] every change leaves a system note that says who did what', () => {
    const [claimed] = entriesOf(
      decided(owned({ agent: sam }), claim(maya, { agent: sam, group: null })).changes,
    )
    expect(claimed).toMatchObject({
      kind: 'system',
      conversation: talk,
      note: { what: 'claimed', by: maya, from: sam },
    })
    const [toAgent] = entriesOf(decided(owned({}), transfer({ agent: sam, group: null })).changes)
    expect(toAgent).toMatchObject({
      kind: 'system',
      note: { what: 'transferred', by: maya, agent: sam, group: null },
    })
    const [toGroup] = entriesOf(decided(owned({}), transfer({ agent: null, group: sales })).changes)
    expect(toGroup).toMatchObject({
      kind: 'system',
      note: { what: 'transferred', by: maya, agent: null, group: sales },
    })
  })

  it('[F117] is not needed to reply', () => {
    const decision = decided(
      owned({ agent: sam }),
      ask(maya, { name: 'SendReply', conversation: talk, text: 'Hello' }),
    )
    expect(entriesOf(decision.changes)).toMatchObject([{ kind: 'outbound', by: maya }])
    expect(rowOf(decision.changes).agent).toBe(sam)
  })

  it('[F102] does not come from looking', () => {
    const decision = decided(owned({}), ask(maya, { name: 'MarkRead', conversation: talk, order: 1 }))
    expect(decision.changes.map((change) => change.kind === 'row' && change.table)).toEqual(['readMarks'])
  })

  it('does not change in a closed conversation', () => {
    const world = talking([inbound(1)], { conversation: closed() })
    expect(refused(world, claim()).code).toBe('closed')
    expect(refused(world, transfer({ agent: sam, group: null })).code).toBe('closed')
  })
})

describe('taking a claim or a transfer back', () => {
  const back = (expected: Owner, to: Owner, by = maya) =>
    ask(by, { name: 'PutBackOwner', conversation: talk, expect: expected, to })

  it('[DC23] makes the owner exactly who it was, be it nobody or an agent outside of the group', () => {
    const claimed = after(owned({}), claim())
    expect(rowOf(decided(claimed, back({ agent: maya, group: null }, nobody)).changes)).toMatchObject(nobody)
    const was = { agent: maya, group: service }
    const moved = after(owned(was), transfer({ agent: null, group: sales }, was))
    expect(rowOf(decided(moved, back({ agent: null, group: sales }, was)).changes)).toMatchObject(was)
  })

  it('[DC23] is refused where somebody changed the owner since, and for an agent who left', () => {
    const taken = after(after(owned({}), claim()), claim(sam, { agent: maya, group: null }))
    expect(refused(taken, back({ agent: maya, group: null }, nobody)).code).toBe('owner changed')
    expect(
      refused(owned({ agent: maya }), back({ agent: maya, group: null }, { agent: gone, group: null })).code,
    ).toBe('unknown')
  })
})
