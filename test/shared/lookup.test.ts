import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conversationId, type EntryId } from '#shared/base/ids.ts'
import { decideCommand } from '#shared/core/decide-command.ts'
import type { World } from '#shared/core/world.ts'
import { matchListed, skew, type Asked, type Listed } from '#shared/rules/lookup.ts'
import { morning } from '#test/kit/clock.ts'
import {
  ask,
  context,
  conversation,
  decided,
  deliveriesOf,
  effectsOf,
  inState,
  inbound,
  maya,
  reply,
  rowOf,
  talk,
  talking,
  tell,
} from '#test/kit/worlds.ts'

const asked = (more: Partial<Asked> = {}): Asked => ({
  message: 'x1' as EntryId,
  from: '+13095550100',
  to: '+13095551212',
  text: 'Ready at four.',
  since: morning,
  until: morning + 10_000,
  ...more,
})
const listed = (more: Partial<Listed> = {}): Listed => ({
  carrierId: 'theirs',
  from: '+13095550100',
  to: '+13095551212',
  text: 'Ready at four.',
  at: morning + 2000,
  receipt: { state: 'delivered' },
  ...more,
})
const nothing: ReadonlySet<string> = new Set()

describe("a text in the carrier's list", () => {
  it('[E22] is the one with its numbers and words that was taken while the call was open', () => {
    const found = { kind: 'found', carrierId: 'theirs', receipt: { state: 'delivered' } }
    expect(matchListed(asked(), [], [listed()], nothing)).toEqual(found)
    const others = [
      listed({ carrierId: 'a', text: 'Ready at five.' }),
      listed({ carrierId: 'b', to: '+13095551213' }),
      listed({ carrierId: 'c', from: '+13095550101' }),
      listed({ carrierId: 'd', at: morning - skew - 1 }),
      listed({ carrierId: 'e', at: morning + 10_000 + skew + 1 }),
    ]
    for (const other of others)
      expect(matchListed(asked(), [], [other], nothing), other.carrierId).toEqual({ kind: 'missing' })
    expect(matchListed(asked(), [], [...others, listed()], nothing)).toEqual(found)
  })

  it('[E22] is found at the edges of the time, trimmed, and with its number written otherwise', () => {
    for (const one of [
      listed({ at: morning - skew }),
      listed({ at: morning + 10_000 + skew }),
      listed({ text: ' Ready at four.\n' }),
      listed({ from: '3095550100', to: '+1 309 555 1212' }),
    ])
      expect(matchListed(asked(), [], [one], nothing).kind).toBe('found')
  })

  it('[E22] that is listed twice, as pages that moved may do, is one', () => {
    expect(matchListed(asked(), [], [listed(), listed()], nothing).kind).toBe('found')
  })

  it('[P3] that is known to be another text is not this one', () => {
    expect(matchListed(asked(), [], [listed()], new Set(['theirs']))).toEqual({ kind: 'missing' })
  })

  it('[P3] is found among texts with the same words where all of them are listed, in the order of their calls', () => {
    const [first, second] = [
      asked(),
      asked({ message: 'x2' as EntryId, since: morning + 20_000, until: morning + 30_000 }),
    ]
    const two = [listed({ carrierId: 'later', at: morning + 21_000 }), listed({ carrierId: 'sooner' })]
    expect(matchListed(first, [first, second], two, nothing)).toMatchObject({ carrierId: 'sooner' })
    expect(matchListed(second, [first, second], two, nothing)).toMatchObject({ carrierId: 'later' })
    // Nobody can tell which of two it is that the carrier took in the same second.
    const tied = [listed({ carrierId: 'a' }), listed({ carrierId: 'b' })]
    expect(matchListed(first, [first, second], tied, nothing)).toEqual({ kind: 'several' })
  })

  it('[P3] that could be two things is left to a person', () => {
    const twin = asked({ message: 'x2' as EntryId, since: morning + 20_000, until: morning + 30_000 })
    const two = [listed(), listed({ carrierId: 'other', at: morning + 3000 })]
    expect(matchListed(asked(), [], two, nothing)).toEqual({ kind: 'several' })
    expect(matchListed(asked(), [asked(), twin], [listed()], nothing)).toEqual({ kind: 'several' })
    // A text with other words, or of another hour, contests nothing.
    const rivals = [asked(), asked({ message: 'x3' as EntryId, text: 'Other' })]
    const later = asked({ message: 'x4' as EntryId, since: morning + 1e7, until: morning + 1e7 })
    expect(matchListed(asked(), [...rivals, later], [listed()], nothing).kind).toBe('found')
  })

  it('[P3] [E22] is never taken for two texts, in whatever order texts are asked for', () => {
    const moment = fc.integer({ min: 0, max: 4 }).map((steps) => morning + steps * 50_000)
    const words = fc.constantFrom('Yes', 'No')
    const texts = fc.array(fc.record({ text: words, since: moment }), { maxLength: 6 })
    const list = fc.array(fc.record({ text: words, at: moment }), { maxLength: 6 })
    fc.assert(
      fc.property(texts, list, (some, taken) => {
        const open = some.map(({ text, since }, index) =>
          asked({ message: `x${index}` as EntryId, text, since, until: since + 10_000 }),
        )
        const rows = taken.map((row, index) => listed({ ...row, carrierId: `c${index}` }))
        const known = new Map<string, Asked>()
        const settled = new Set<EntryId>()
        for (const text of open) {
          const rivals = open.filter(({ message }) => !settled.has(message))
          const match = matchListed(text, rivals, rows, new Set(known.keys()))
          if (match.kind !== 'found') continue
          expect(known.has(match.carrierId)).toBe(false)
          known.set(match.carrierId, text)
          settled.add(text.message)
          const row = rows.find(({ carrierId }) => carrierId === match.carrierId)
          expect(row?.text).toBe(text.text)
          expect(Math.abs((row?.at ?? 0) - text.since)).toBeLessThanOrEqual(skew + 10_000)
        }
      }),
    )
  })
})

describe('what the list says', () => {
  const text = reply(2, maya, 'unconfirmed')
  const row = conversation({ trouble: 'unconfirmed' })
  const world = talking([inbound(1), text], { conversation: row, openOfPair: row, text })
  const look = (outcome: Parameters<typeof input>[0]) => decided(world, input(outcome))
  const input = (
    outcome:
      | { kind: 'found'; carrierId: string; receipt: { state: 'delivered' } }
      | { kind: 'open'; why: string },
  ) => ({ kind: 'looked up', message: text.id, outcome }) as const
  const found = { kind: 'found', carrierId: 'theirs', receipt: { state: 'delivered' } } as const

  it('[E22] settles an unconfirmed text as a receipt would, and remembers what the carrier calls it', () => {
    const decision = look(found)
    expect(deliveriesOf(decision.changes).get(text.id)).toEqual({ state: 'delivered', at: morning })
    expect(rowOf(decision.changes).trouble).toBeNull()
    expect(effectsOf(decision, 'remember')).toEqual([
      { kind: 'remember', message: text.id, carrierId: 'theirs' },
    ])
    expect(effectsOf(decision, 'settled')).toEqual([{ kind: 'settled', message: text.id }])
  })

  it('[P3] [E22] where it does not say, the text stays unconfirmed for a person, and nothing is sent', () => {
    const decision = look({ kind: 'open', why: 'the carrier does not list it' })
    expect(decision.changes).toEqual([])
    expect(decision.effects).toEqual([
      { kind: 'looked up', message: text.id },
      { kind: 'audit', what: 'left to a person: the carrier does not list it', by: null, about: text.id },
    ])
  })

  it('[E22] changes nothing about a text whose receipt was faster', () => {
    const delivered = { ...text, delivery: { state: 'delivered' as const, at: morning - 1 } }
    const decision = decided({ ...world, text: delivered }, input(found))
    expect(decision).toEqual({ changes: [], effects: [{ kind: 'settled', message: text.id }] })
  })

  it('[E22] is asked for after a silence, and not where a receipt has settled the text by then', () => {
    const silent = { kind: 'handed', message: text.id, outcome: { kind: 'silent', text: '' } } as const
    const accepted = reply(2, maya, 'accepted')
    const before = talking([inbound(1), accepted], { text: accepted, claimed: new Set([accepted.id]) })
    const fallsSilent = decided(before, { ...silent, message: accepted.id })
    // First of all: the outbox row that says when the carrier was called goes with the rest.
    expect(fallsSilent.effects[0]).toEqual({ kind: 'look up', message: accepted.id })
    const sent = { ...accepted, delivery: { state: 'sent' as const, at: morning } }
    expect(effectsOf(decided({ ...before, text: sent }, silent), 'look up')).toEqual([])
  })

  it('[E22] [P3] is asked for when a person presses Check on an unconfirmed text, and on no other', () => {
    const check = (which: World) =>
      decideCommand(which, ask(maya, { name: 'AskCarrier', conversation: talk, entry: text.id }), context())
    expect(check(world)).toEqual({
      changes: [],
      effects: [
        { kind: 'ask carrier', message: text.id },
        { kind: 'audit', what: 'asked the carrier', by: maya, about: text.id },
      ],
    })
    const settled = talking([inbound(1), { ...text, delivery: inState('sent') }], { conversation: row })
    expect(check(settled)).toMatchObject({ refused: true, code: 'already so' })
    expect(check(talking([inbound(1)], { conversation: row }))).toMatchObject({ code: 'unknown' })
    // A text of another conversation of the same person is not this one's.
    const other = { ...text, conversation: conversationId.parse(`c${'z'.repeat(26)}`) }
    expect(check(talking([inbound(1), other], { conversation: row }))).toMatchObject({ code: 'unknown' })
    // What a device does not hold refuses nothing there.
    expect(check({ ...world, whole: false, thread: 'unknown' })).toEqual({ changes: [], effects: [] })
  })

  it('[E22] is not asked for any more once a receipt has come', () => {
    const decision = decided(world, tell(text.id, { state: 'sent' }), context())
    expect(effectsOf(decision, 'settled')).toEqual([{ kind: 'settled', message: text.id }])
  })
})
