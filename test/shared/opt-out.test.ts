import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EntryId } from '#shared/base/ids.ts'
import { decide } from '#shared/core/decide.ts'
import { fold } from '#shared/core/fold.ts'
import type { Input } from '#shared/core/input.ts'
import { isRefusal } from '#shared/core/outcome.ts'
import { held, type World } from '#shared/core/world.ts'
import { seededIds, runs } from '#test/kit/random.ts'
import { morning } from '#test/kit/clock.ts'
import {
  after,
  arrive,
  ask,
  channel,
  context,
  conversation,
  customer,
  decided,
  deliveriesOf,
  effectsOf,
  entriesOf,
  inbound,
  jo,
  joAddress,
  leaving,
  maya,
  number,
  offline,
  otherTalk,
  refused,
  reply,
  rowOf,
  salesNumber,
  sam,
  serviceNumber,
  settings,
  stop,
  talk,
  talking,
  userOf,
} from '#test/kit/worlds.ts'

const optedOut = customer({ optedOut: { at: morning - 1000, word: 'STOP', cause: stop } })
const withNumber = (more: Parameters<typeof number>[1]) => ({
  numbers: new Map([[salesNumber, number(salesNumber, more)]]),
})
const claimOf = (world: World, message: EntryId): World => {
  const found = world.thread !== 'unknown' && world.thread?.entries.find(({ id }) => id === message)
  return { ...world, text: found && found.kind === 'outbound' ? found : null }
}

describe('STOP', () => {
  it('[F286] opts the person out, with the word and the time', () => {
    const decision = decided(talking(), arrive('stop'))
    expect(userOf(decision.changes)?.optedOut).toEqual({
      at: morning,
      word: 'STOP',
      cause: entriesOf(decision.changes)[0]?.id,
    })
    expect(userOf(decided(talking(), arrive('Please stop by at nine')).changes)).toBeNull()
  })

  it('[F286] also as the very first text of somebody new', () => {
    expect(
      userOf(
        decided(
          { ...talking(), conversation: null, openOfPair: null, user: null, thread: null },
          arrive('STOP'),
        ).changes,
      ),
    ).toMatchObject({
      id: jo,
      optedOut: { word: 'STOP' },
    })
  })

  it('[F289] [F293] locks every number of the account for every agent', () => {
    const out = after(talking(), arrive('STOP'))
    const other = conversation({ id: otherTalk, number: serviceNumber })
    const send = (id = talk) => ask(maya, { name: 'SendReply', conversation: id, text: 'Hello' })
    expect(refused(out, send()).code).toBe('opted out')
    expect(refused({ ...out, conversation: other }, send(otherTalk)).code).toBe('opted out')
    const start = ask(maya, {
      name: 'StartConversation',
      conversation: otherTalk,
      number: serviceNumber,
      to: joAddress,
      text: 'Hi',
    })
    expect(refused({ ...out, conversation: null, openOfPair: null }, start).code).toBe('opted out')
  })

  it('[DC25] refuses what waits, with word and date, and leaves alone what a carrier is being handed', () => {
    const claimed = reply(2, maya, 'accepted')
    const waiting = reply(3, maya, 'accepted')
    const held = reply(4, maya, 'held')
    const elsewhere = reply(5, maya, 'accepted', { conversation: otherTalk })
    const gone = [reply(6, maya, 'sent'), reply(7, maya, 'unconfirmed'), reply(8, maya, 'delivered')]
    const world = talking([inbound(1), claimed, waiting, held, elsewhere, ...gone], {
      claimed: new Set([claimed.id]),
    })
    const decision = decided(world, arrive('STOP'))
    const news = deliveriesOf(decision.changes)
    expect([...news.keys()].toSorted()).toEqual([waiting.id, held.id, elsewhere.id].toSorted())
    for (const delivery of news.values()) {
      expect(delivery).toMatchObject({ state: 'refused', at: morning, code: 'opted out' })
      expect(delivery.state === 'refused' && delivery.text).toContain('STOP')
    }
    expect(
      effectsOf(decision, 'withdraw')
        .map(({ message }) => message)
        .toSorted(),
    ).toEqual([...news.keys()].toSorted())
  })

  it('[DC25] takes "held" off the row whose held reply it refused', () => {
    const held = reply(2, maya, 'held')
    const row = conversation({ trouble: 'held' })
    const world = talking([inbound(1), held], { conversation: row, openOfPair: row })
    expect(rowOf(decided(world, arrive('STOP')).changes).trouble).toBeNull()
  })

  it('[DC25] takes "held" off the rows of all conversations with that person, whoever says that they opted out', () => {
    const held = reply(2, maya, 'held')
    const elsewhere = reply(3, sam, 'held', { conversation: otherTalk })
    const failing = reply(4, maya, 'accepted')
    const row = conversation({ trouble: 'held' })
    const other = conversation({
      id: otherTalk,
      number: serviceNumber,
      trouble: 'held',
      preview: 'Elsewhere',
    })
    const world = talking([inbound(1), held, elsewhere, failing], {
      conversation: row,
      openOfPair: row,
      others: [other],
    })
    const byHand = ask(maya, { name: 'SetConsent', user: jo, optedOut: true, expect: null })
    const carriers = {
      kind: 'handed',
      message: failing.id,
      outcome: { kind: 'rejected', code: '21610', text: 'They said stop', optedOut: true },
    } as const
    for (const [decision, here] of [
      [decided(world, arrive('STOP')), null],
      [decided({ ...world, conversation: null, openOfPair: null, others: [row, other] }, byHand), null],
      [decided(claimOf({ ...world, claimed: new Set([failing.id]) }, failing.id), carriers), 'failed'],
    ] as const) {
      expect(deliveriesOf(decision.changes).get(elsewhere.id)?.state).toBe('refused')
      expect(rowOf(decision.changes, talk).trouble).toBe(here)
      expect(rowOf(decision.changes, otherTalk)).toEqual({ ...other, trouble: null })
    }
  })

  it('[DC25] leaves the row of another conversation as it is where nothing was held in it', () => {
    const elsewhere = reply(2, sam, 'accepted', { conversation: otherTalk })
    const other = conversation({ id: otherTalk, number: serviceNumber })
    const decision = decided(talking([inbound(1), elsewhere], { others: [other] }), arrive('STOP'))
    expect(deliveriesOf(decision.changes).get(elsewhere.id)?.state).toBe('refused')
    expect(() => rowOf(decision.changes, otherTalk)).toThrow()
  })

  it('[DC25] is answered by the carrier, not by Parley', () => {
    expect(leaving(decided(talking(), arrive('STOP')))).toEqual([])
  })

  it('[DC25] is answered exactly once where the number says so', () => {
    const parley = withNumber({ confirmation: 'parley' })
    const decision = decided(talking([inbound(1)], parley), arrive('STOP'))
    expect(effectsOf(decision, 'hand over')).toMatchObject([{ to: joAddress, from: '+13095550100', channel }])
    expect(
      leaving(
        decided(fold(talking([inbound(1)], parley), decision.changes), arrive('STOP', { carrierId: 'in-2' })),
      ),
    ).toEqual([])
  })

  it('[P4] admits its own confirmation at the last step, and no other text', () => {
    const world = talking([inbound(1)], withNumber({ confirmation: 'parley' }))
    const out = after(world, arrive('STOP'))
    const confirmation =
      out.thread !== 'unknown' && out.thread?.entries.find((entry) => entry.kind === 'outbound')
    if (!confirmation) throw new Error('There is no confirmation.')
    const claim = decided(claimOf(out, confirmation.id), { kind: 'claim', message: confirmation.id })
    expect(effectsOf(claim, 'claim')).toEqual([{ kind: 'claim', message: confirmation.id }])
  })

  it('[P4] lets no other text of Parley itself pass the last step, such as a help text that its carrier was too busy for', () => {
    const world = talking([inbound(1)], withNumber({ help: 'Call us.' }))
    const asked = after(world, arrive('HELP'))
    const help =
      asked.thread !== 'unknown' && asked.thread?.entries.find((entry) => entry.kind === 'outbound')
    if (!help) throw new Error('There is no answer.')
    const busy = { ...claimOf(asked, help.id), claimed: new Set([help.id]) }
    const out = {
      ...after(busy, arrive('STOP', { carrierId: 'in-2' }), context(morning, 23)),
      claimed: new Set<EntryId>(),
    }
    const claim = decided(claimOf(out, help.id), { kind: 'claim', message: help.id })
    expect(effectsOf(claim, 'claim')).toEqual([])
    expect([...deliveriesOf(claim.changes).values()]).toMatchObject([{ state: 'refused', code: 'opted out' }])
  })

  it('[F294] is shown in the thread as what it was', () => {
    expect(entriesOf(decided(talking(), arrive('Stop')).changes)).toMatchObject([
      { kind: 'inbound', text: 'Stop' },
      { kind: 'system', note: { what: 'opted out', by: null, word: 'STOP' } },
    ])
  })
})

describe('UNSTOP', () => {
  it('[F290] [DC3] opts the person back in for all numbers', () => {
    const world = talking([inbound(1)], { user: optedOut })
    expect(userOf(decided(world, arrive('Unstop')).changes)?.optedOut).toBeNull()
    const back = after(world, arrive('unstop', { to: '+13095550101' }))
    expect(
      leaving(
        decided(
          { ...back, conversation: conversation() },
          ask(maya, { name: 'SendReply', conversation: talk, text: 'Hi' }),
        ),
      ),
    ).toEqual(['Hi'])
  })

  it.each(['UNSTOP', 'Start'])('[F295] [DC3] in manual mode %s is recorded and changes nothing', (word) => {
    const world = talking([inbound(1)], { user: optedOut, settings: { ...settings, optIn: 'manual' } })
    const decision = decided(world, arrive(word))
    expect(userOf(decision.changes)).toBeNull()
    expect(entriesOf(decision.changes)).toMatchObject([{ kind: 'inbound', text: word }])
    expect(effectsOf(decision, 'audit')).toMatchObject([{ what: 'asked to opt in', by: null, about: jo }])
  })
})

describe('HELP', () => {
  it("[DC25] is answered with the number's help text if there is one", () => {
    const help = 'Northwind Auto. Reply STOP to end.'
    expect(leaving(decided(talking([inbound(1)], withNumber({ help })), arrive('help')))).toEqual([help])
    expect(leaving(decided(talking(), arrive('help')))).toEqual([])
  })

  it('[P4] is not answered to a person who opted out', () => {
    const world = talking([inbound(1)], { ...withNumber({ help: 'Help yourself' }), user: optedOut })
    expect(leaving(decided(world, arrive('HELP')))).toEqual([])
  })
})

describe('by hand', () => {
  const consent = (out: boolean, expect: EntryId | null = null) =>
    ask(maya, { name: 'SetConsent', user: jo, optedOut: out, expect })
  const causeOf = (world: World) => held(world.user)?.optedOut?.cause ?? null

  it('[F297] agents opt people out and in', () => {
    const out = after(talking(), consent(true))
    expect(out.user).toMatchObject({ optedOut: { at: morning } })
    expect(after(out, consent(false, causeOf(out))).user).toMatchObject({ optedOut: null })
    expect(refused(talking(), consent(false)).code).toBe('already so')
  })

  it('[P4] an opt-in takes back only the opt-out that stood on the screen, never a newer STOP', () => {
    const stopped = after(talking(), arrive('STOP'), context(morning - 60_000))
    const back = consent(false, causeOf(stopped))
    const again = after(after(stopped, arrive('UNSTOP')), arrive('Stop'), context(morning, 18))
    expect(refused(again, back)).toMatchObject({
      code: 'opted out again',
      text: expect.stringContaining('they opted out with STOP at '),
    })
    expect(again.user).toMatchObject({ optedOut: { at: morning } })
    expect(after(stopped, back).user).toMatchObject({ optedOut: null })
    expect(refused(stopped, consent(false)).code).toBe('opted out again')
  })

  it('[P4] a STOP said once more keeps its date and takes an earlier opt-in by hand out of force', () => {
    const stopped = after(talking(), arrive('STOP'), context(morning - 60_000))
    const twice = after(stopped, arrive('STOP'), context(morning, 18))
    expect(twice.user).toMatchObject({ optedOut: { at: morning - 60_000, word: 'STOP' } })
    expect(refused(twice, consent(false, causeOf(stopped))).code).toBe('opted out again')
  })

  it('[P5] a device takes back its own opt-out before the edge has heard of either', () => {
    const out = consent(true)
    expect(causeOf(after(talking(), out))).toBe(`${out.id}:0`)
    expect(causeOf(after(talking(), out, context(morning + 1, 99)))).toBe(`${out.id}:0`)
  })

  it('[DC25] an opt-out by hand refuses what waits as well', () => {
    const waiting = reply(2, maya, 'accepted')
    expect(
      deliveriesOf(decided(talking([inbound(1), waiting]), consent(true)).changes).get(waiting.id),
    ).toMatchObject({ state: 'refused' })
  })

  it('leaves an audit event with who did it', () => {
    expect(effectsOf(decided(talking(), consent(true)), 'audit')).toEqual([
      { kind: 'audit', what: 'opted out', by: maya, about: jo },
    ])
  })
})

describe('the last step before a carrier', () => {
  const text = reply(2, maya, 'accepted')
  const claim: Input = { kind: 'claim', message: text.id }

  it('[P4] refuses a text to somebody who opted out, whoever accepted it before', () => {
    const world = claimOf(talking([inbound(1), text], { user: optedOut }), text.id)
    const decision = decided(world, claim)
    expect(effectsOf(decision, 'claim')).toEqual([])
    expect(deliveriesOf(decision.changes).get(text.id)).toMatchObject({ state: 'refused', code: 'opted out' })
    expect(effectsOf(decision, 'withdraw')).toEqual([{ kind: 'withdraw', message: text.id }])
  })

  it('[F300] fails a text whose number was disabled meanwhile', () => {
    const world = claimOf(talking([inbound(1), text], withNumber({ active: false })), text.id)
    const decision = decided(world, claim)
    expect(effectsOf(decision, 'claim')).toEqual([])
    expect(deliveriesOf(decision.changes).get(text.id)).toMatchObject({ state: 'failed' })
  })

  it('[P3] claims a text that was accepted, and none that is further along or claimed already', () => {
    const world = (state: Parameters<typeof reply>[2]) =>
      talking([inbound(1), { ...text, delivery: reply(2, maya, state).delivery }])
    expect(effectsOf(decided(claimOf(world('accepted'), text.id), claim), 'claim')).toHaveLength(1)
    for (const state of [
      'unconfirmed',
      'sent',
      'delivered',
      'failed',
      'refused',
      'held',
      'discarded',
    ] as const)
      expect(effectsOf(decided(claimOf(world(state), text.id), claim), 'claim')).toEqual([])
    const again = claimOf({ ...world('accepted'), claimed: new Set([text.id]) }, text.id)
    expect(effectsOf(decided(again, claim), 'claim')).toEqual([])
  })

  it('records an opt-out that only the carrier knew, and fails the text it said so about', () => {
    const waiting = reply(3, maya, 'accepted')
    const world = claimOf(talking([inbound(1), text, waiting], { claimed: new Set([text.id]) }), text.id)
    const rejected = {
      kind: 'rejected',
      code: '21610',
      text: 'Unsubscribed recipient',
      optedOut: true,
    } as const
    const decision = decided(world, { kind: 'handed', message: text.id, outcome: rejected })
    expect(userOf(decision.changes)?.optedOut).toMatchObject({ word: 'the carrier' })
    expect(deliveriesOf(decision.changes).get(text.id)?.state).toBe('failed')
    expect(deliveriesOf(decision.changes).get(waiting.id)?.state).toBe('refused')
  })

  it('[P4] [fault S5] whatever happens in whatever order, nothing is claimed after the opt-out was recorded', () => {
    const ids = seededIds(23)
    const moves = fc.constantFrom(
      'reply',
      'reply',
      'claim',
      'claim',
      'text',
      'stop',
      'late reply',
      'send held',
      'unstop',
      'out by hand',
      'end',
    )
    let claimsSeen = 0
    let optOutsSeen = 0
    fc.assert(
      fc.property(fc.array(moves, { minLength: 4, maxLength: 20 }), (script) => {
        let world = talking()
        const claimed = new Set<EntryId>()
        for (const [index, move] of script.entries()) {
          const texts =
            world.thread === 'unknown'
              ? []
              : (world.thread?.entries ?? []).filter((entry) => entry.kind === 'outbound')
          const heldText = texts.find(({ delivery }) => delivery.state === 'held')
          const ready = texts.find(({ id, delivery }) => delivery.state === 'accepted' && !claimed.has(id))
          const row = world.conversation
          if (row === null || row === 'unknown') throw new Error('The conversation is gone.')
          const inputs: Record<typeof move, Input | null> = {
            text: arrive(`Text ${index}`),
            stop: arrive('STOP'),
            unstop: arrive('UNSTOP'),
            reply: ask(maya, { name: 'SendReply', conversation: row.id, text: `Reply ${index}` }),
            'late reply': ask(
              maya,
              { name: 'SendReply', conversation: row.id, text: `Late ${index}` },
              offline,
            ),
            'send held': heldText
              ? ask(maya, { name: 'SendHeld', conversation: row.id, entry: heldText.id })
              : null,
            'out by hand': ask(maya, { name: 'SetConsent', user: jo, optedOut: true, expect: null }),
            end: ask(maya, { name: 'EndConversation', conversation: row.id }),
            claim: ready ? { kind: 'claim', message: ready.id } : null,
          }
          const input = inputs[move]
          if (input === null) continue
          const at = { now: morning + index, ids }
          const verdict = decide(
            ready ? claimOf({ ...world, claimed }, ready.id) : { ...world, claimed },
            input,
            at,
          )
          if (isRefusal(verdict)) continue
          const out = world.user !== 'unknown' && world.user?.optedOut
          const claims = effectsOf(verdict, 'claim')
          if (out) expect(claims).toEqual([])
          if (out && input.kind === 'command') expect(leaving(verdict)).toEqual([])
          for (const { message } of claims) {
            expect(claimed.has(message)).toBe(false)
            claimed.add(message)
          }
          claimsSeen += claims.length
          world = fold(world, verdict.changes)
          const now = world.user !== 'unknown' && world.user?.optedOut
          if (!out && now) {
            optOutsSeen++
            const waits = world.thread === 'unknown' ? [] : (world.thread?.entries ?? [])
            const left = waits.filter(
              (entry) =>
                entry.kind === 'outbound' &&
                ['accepted', 'held'].includes(entry.delivery.state) &&
                !claimed.has(entry.id),
            )
            expect(left).toEqual([])
          }
        }
      }),
      runs,
    )
    expect(claimsSeen).toBeGreaterThan(50)
    expect(optOutsSeen).toBeGreaterThan(50)
  })
})

it('[F288] STOP and UNSTOP work alike on toll-free, standard and short-code numbers', () => {
  for (const address of ['+18005550100', '+13095550100', '72345']) {
    const id = `n${address.replace('+', '')}` as typeof salesNumber
    const numbers = new Map([[id, { ...number(id), address }]])
    const world = talking([inbound(1)], { numbers, conversation: conversation({ number: id }) })
    const out = decided(world, arrive('STOP', { to: address }))
    expect(userOf(out.changes)?.optedOut, address).toMatchObject({ word: 'STOP' })
    const back = decided(fold(world, out.changes), arrive('UNSTOP', { to: address }))
    expect(userOf(back.changes)?.optedOut, address).toBeNull()
  }
})
