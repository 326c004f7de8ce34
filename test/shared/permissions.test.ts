import { describe, expect, it } from 'vitest'
import type { AgentId } from '#shared/base/ids.ts'
import type { Command } from '#shared/core/command.ts'
import { may } from '#shared/rules/permissions.ts'
import {
  admin,
  ask,
  company,
  decided,
  effectsOf,
  gone,
  inbound,
  jo,
  maya,
  refused,
  reply,
  rowOf,
  sam,
  salesNumber,
  talk,
  talking,
} from '#test/kit/worlds.ts'

const commands: Command[] = [
  { name: 'SendReply', conversation: talk, text: 'Hi' },
  { name: 'StartConversation', conversation: talk, number: salesNumber, to: '+13095551212', text: 'Hi' },
  { name: 'AddNote', conversation: talk, text: 'Hi' },
  { name: 'ClaimConversation', conversation: talk, expect: { agent: null, group: null } },
  {
    name: 'TransferConversation',
    conversation: talk,
    expect: { agent: null, group: null },
    to: { agent: sam, group: null },
  },
  { name: 'EndConversation', conversation: talk },
  { name: 'MarkRead', conversation: talk, order: 1 },
  { name: 'SetFollowUp', conversation: talk, on: true },
  { name: 'SetConsent', user: jo, optedOut: true, expect: null },
]

describe('permissions', () => {
  it('[F38] [F42] an agent works with conversations, an admin may do everything', () => {
    const agentMay = [
      'reply',
      'note',
      'claim',
      'transfer',
      'end',
      'start',
      'edit mobile users',
      'change consent',
      'edit views',
    ] as const
    const adminOnly = ['see strays', 'edit settings', 'edit people'] as const
    for (const action of agentMay) expect([may('agent', action), may('admin', action)]).toEqual([true, true])
    for (const action of adminOnly)
      expect([may('agent', action), may('admin', action)]).toEqual([false, true])
  })

  it.each(commands.map((command) => [command.name, command] as const))(
    '%s is refused to who is not of the account or not active any more',
    (_, command) => {
      const world = command.name === 'StartConversation' ? company() : talking()
      expect(refused(world, ask(gone, command)).code).toBe('forbidden')
      expect(refused(world, ask('stranger' as AgentId, command)).code).toBe('forbidden')
      for (const one of [maya, admin])
        expect(decided(world, ask(one, command)).changes.length).toBeGreaterThan(0)
    },
  )

  it('what happened is written down with the actor that the edge knows', () => {
    const started = decided(
      company(),
      ask(sam, {
        name: 'StartConversation',
        conversation: talk,
        number: salesNumber,
        to: '+13095551212',
        text: 'Hi',
      }),
    )
    expect(effectsOf(started, 'audit')).toEqual([{ kind: 'audit', what: 'started', by: sam, about: talk }])
    const ended = decided(
      talking([inbound(1), reply(2, maya)]),
      ask(sam, { name: 'EndConversation', conversation: talk }),
    )
    expect(effectsOf(ended, 'audit')).toEqual([{ kind: 'audit', what: 'ended', by: sam, about: talk }])
    expect(rowOf(ended.changes).closedBy).toBe(sam)
  })
})
