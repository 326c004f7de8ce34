import { describe, expect, it } from 'vitest'
import { decide } from '#shared/core/decide.ts'
import { isRefusal } from '#shared/core/outcome.ts'
import { held as heldFact, type World } from '#shared/core/world.ts'
import type { EntryId } from '#shared/base/ids.ts'
import type { Entry } from '#shared/model/entry.ts'
import { isLate, type Press } from '#shared/rules/guard.ts'
import {
  admin,
  after,
  ask,
  closed,
  company,
  context,
  conversation,
  customer,
  decided,
  deliveriesOf,
  entriesOf,
  fate,
  inbound,
  leaving,
  maya,
  note,
  offline,
  otherTalk,
  refused,
  reply,
  rowOf,
  salesNumber,
  sam,
  settings,
  system,
  stop,
  talk,
  talking,
} from '#test/kit/worlds.ts'

/** Maya's screen showed everything up to order 5. */
const seen = 5
const onTime: Record<string, Press> = {
  'synced, at once': { seen, synced: true, waited: 0 },
  'synced, after exactly 15 s': { seen, synced: true, waited: 15_000 },
}
const late: Record<string, Press> = {
  'synced, after 15.001 s': { seen, synced: true, waited: 15_001 },
  'not synced, at once': { seen, synced: false, waited: 0 },
  'not synced, a day later': { seen, synced: false, waited: 86_400_000 },
}
const send = (press: Press) =>
  ask(maya, { name: 'SendReply', conversation: talk, text: 'We open at nine.' }, press)
const start = (press: Press) =>
  ask(
    maya,
    {
      name: 'StartConversation',
      conversation: talk,
      number: salesNumber,
      to: '+13095551212',
      text: 'Hi Jo',
    },
    press,
  )
const end = (press: Press) => ask(maya, { name: 'EndConversation', conversation: talk }, press)

const before: Entry[] = [inbound(1), reply(2, maya), reply(3, sam), inbound(5)]
/** What happened after the state that Maya saw, and what becomes of her reply where it is late. */
const happened: [what: string, since: Entry[], fate: string][] = [
  ['nothing', [], 'accepted'],
  ['the customer wrote', [inbound(6)], 'held'],
  ['a colleague answered', [reply(6, sam)], 'held'],
  ['the customer wrote and a colleague answered', [inbound(6), reply(7, sam)], 'held'],
  ['her own reply of another device went out', [reply(6, maya)], 'accepted'],
  ['Parley answered by itself', [reply(6, null)], 'accepted'],
  ['a colleague left a note', [note(6, sam)], 'accepted'],
  ['it was transferred', [system(6, sam)], 'accepted'],
  ['an earlier reply of hers is held', [reply(6, maya, 'held')], 'held'],
  ['an earlier reply of hers was held and discarded', [reply(6, maya, 'discarded')], 'accepted'],
  ['a colleague discarded an answer', [reply(6, sam, 'discarded')], 'accepted'],
  ['the customer wrote on another number', [inbound(6, { conversation: otherTalk })], 'accepted'],
  [
    'a colleague answered on another number',
    [reply(6, sam, 'sent', { conversation: otherTalk })],
    'accepted',
  ],
]

describe('a reply', () => {
  for (const [what, since, fateWhenLate] of happened) {
    for (const [when, press] of Object.entries(late))
      it(`[E13] ${when}, and ${what}: ${fateWhenLate}`, () => {
        const verdict = decide(talking([...before, ...since]), send(press), context())
        expect(fate(verdict)).toBe(fateWhenLate)
        if (!isRefusal(verdict)) expect(leaving(verdict)).toHaveLength(fateWhenLate === 'held' ? 0 : 1)
      })
    for (const [when, press] of Object.entries(onTime))
      it(`[E13] ${when}, and ${what}: goes`, () => {
        expect(fate(decide(talking([...before, ...since]), send(press), context()))).toBe('accepted')
      })
  }

  for (const [when, press] of Object.entries({ ...onTime, ...late })) {
    it(`[E13] ${when}, to a person who opted out meanwhile: refused`, () => {
      const user = customer({ optedOut: { at: 0, word: 'STOP', cause: stop } })
      expect(refused(talking(before, { user }), send(press)).code).toBe('opted out')
      expect(refused(talking(before, { user, conversation: closed() }), send(press)).code).toBe('opted out')
    })

    it(`[E13] ${when}, in a conversation that was closed meanwhile: ${press.synced && press.waited <= 15_000 ? 'refused' : 'held'}`, () => {
      const world = talking(before, { conversation: closed(), openOfPair: null })
      expect(fate(decide(world, send(press), context()))).toBe(isLate(press) ? 'held' : 'closed')
    })
  }

  it('[E13] says who ended the conversation', () => {
    const world = talking(before, { conversation: closed({ closedBy: sam }), openOfPair: null })
    expect(refused(world, send({ seen, synced: true, waited: 0 })).text).toBe('Sam ended this conversation.')
  })

  it('[E13] that is held shows its author why, and the others that there is one', () => {
    const decision = decided(
      talking([...before, inbound(6, { text: 'Actually, never mind' })]),
      send({ seen, synced: false, waited: 0 }),
    )
    const [held] = entriesOf(decision.changes)
    expect(held).toMatchObject({ kind: 'outbound', by: maya, text: 'We open at nine.' })
    expect(held?.kind === 'outbound' && held.delivery).toMatchObject({
      state: 'held',
      why: 'customer wrote',
      text: 'Actually, never mind',
    })
    expect(rowOf(decision.changes)).toMatchObject({ trouble: 'held', preview: 'Hello?', lastBy: 'customer' })
  })

  it('[E24] [P3] that comes again from a lost epoch is held, with when it may have left: another with its words is not taken for it', () => {
    const press: Press = { seen, synced: true, waited: 4000, again: true }
    const { effects } = decided(talking(before), send(press), context(60_000))
    expect(effects).toContainEqual(
      expect.objectContaining({
        kind: 'hold',
        mayHaveLeft: {
          from: '+13095550100',
          to: '+13095551212',
          text: 'We open at nine.',
          since: context(60_000).now - 4000,
          until: context(60_000).now,
        },
      }),
    )
    const overtaken = decided(talking([...before, inbound(6)]), send({ seen, synced: false, waited: 0 }))
    expect(overtaken.effects.find(({ kind }) => kind === 'hold')).not.toHaveProperty('mayHaveLeft')
  })

  it('[E14] that starts a conversation is judged as one that has seen nothing, where the pair was opened meanwhile', () => {
    const open = conversation({ id: otherTalk })
    const world = company({
      openOfPair: open,
      user: customer(),
      thread: { next: 2, entries: [inbound(1, { conversation: otherTalk })] },
    })
    expect(fate(decide(world, start({ seen: 99, synced: false, waited: 0 }), context()))).toBe('held')
    expect(fate(decide(world, start({ seen: 0, synced: true, waited: 0 }), context()))).toBe('accepted')
  })
})

describe('a first message whose pair has no open conversation', () => {
  const old = new Set([otherTalk])
  const world = (since: Entry[], endedOfPair = old) =>
    company({
      user: customer(),
      endedOfPair,
      thread: {
        next: 20,
        entries: [inbound(5), ...since].map((entry) => ({ ...entry, conversation: otherTalk })),
      },
    })

  for (const [what, since, fateWhenLate] of happened.filter(
    ([what]) => !what.includes('on another number'),
  )) {
    // An own reply that is held in an ended conversation waits there for its author's word, and holds nothing else.
    const expected = what === 'an earlier reply of hers is held' ? 'accepted' : fateWhenLate
    for (const [when, press] of Object.entries(late))
      it(`[E14] ${when}, and in one that was ended since ${what}: ${expected}`, () => {
        expect(fate(decide(world(since), start(press), context()))).toBe(expected)
      })
    for (const [when, press] of Object.entries(onTime))
      it(`[E14] ${when}, and in one that was ended since ${what}: goes`, () => {
        expect(fate(decide(world(since), start(press), context()))).toBe('accepted')
      })
  }

  it('[E14] is not held for what the customer wrote to another number', () => {
    const press = { seen, synced: false, waited: 0 }
    expect(fate(decide(world([inbound(6)], new Set()), start(press), context()))).toBe('accepted')
  })
})

describe('an end', () => {
  it.each(Object.entries(late))(
    '[E13] %s, is refused where the customer wrote after what was seen',
    (_, press) => {
      const refusal = refused(talking([...before, inbound(6)]), end(press))
      expect(refusal.code).toBe('customer wrote')
      expect(refusal.text).toMatch(/^Not ended: they wrote/)
    },
  )

  it.each(Object.entries(late))('[E13] %s, goes where only others did something', (_, press) => {
    const world = talking([...before, reply(6, sam), note(7, sam), inbound(8, { conversation: otherTalk })])
    expect(rowOf(decided(world, end(press)).changes).status).toBe('closed')
  })

  it.each(Object.entries(onTime))('[E13] %s, goes whatever the customer wrote', (_, press) => {
    expect(rowOf(decided(talking([...before, inbound(6)]), end(press)).changes).status).toBe('closed')
  })
})

describe('a held reply', () => {
  const held = reply(6, maya, 'held', { text: 'Held words' })
  const world = (more: Partial<World> = {}) =>
    talking([...before, held, inbound(7)], { conversation: conversation({ trouble: 'held' }), ...more })
  const sendHeld = (by = maya) => ask(by, { name: 'SendHeld', conversation: talk, entry: held.id })
  const discard = (by = maya) => ask(by, { name: 'DiscardHeld', conversation: talk, entry: held.id })

  it('[E13] goes when its author says so, whatever was written since', () => {
    const decision = decided(world(), sendHeld())
    expect(leaving(decision)).toEqual(['Held words'])
    expect(deliveriesOf(decision.changes).get(held.id)?.state).toBe('accepted')
    expect(rowOf(decision.changes)).toMatchObject({ trouble: null, lastBy: 'agent', preview: 'Held words' })
  })

  it('[E24] [P3] does not go by a press that comes again from a life that is lost, but by a new one', () => {
    const command = { name: 'SendHeld', conversation: talk, entry: held.id } as const
    const again = ask(maya, command, { seen, synced: true, waited: 0, again: true })
    expect(refused(world(), again).code).toBe('late')
    expect(leaving(decided(world(), sendHeld()))).toEqual(['Held words'])
  })

  it('[E13] is judged again for an opt-out and for the end of its conversation', () => {
    expect(
      refused(world({ user: customer({ optedOut: { at: 0, word: 'STOP', cause: stop } }) }), sendHeld()).code,
    ).toBe('opted out')
    expect(refused(world({ conversation: closed() }), sendHeld()).code).toBe('closed')
  })

  it("[E13] is nobody else's to settle", () => {
    for (const other of [sam, admin]) {
      expect(refused(world(), sendHeld(other)).code).toBe('not held')
      expect(refused(world(), discard(other)).code).toBe('not held')
    }
  })

  it('[P3] goes once, however often SEND is pressed', () => {
    const sent = after(world(), sendHeld())
    expect(refused(sent, sendHeld()).code).toBe('not held')
    expect(refused(after(world(), discard()), sendHeld()).code).toBe('not held')
  })

  it.each(['first', 'last'])('[E13] [DC1] that was split goes as one, pressed on its %s text', (pressed) => {
    const text = 'abcdefghij'.repeat(40)
    const split = { ...settings, longMessages: 'split' as const }
    const send = ask(maya, { name: 'SendReply', conversation: talk, text }, offline)
    const start = talking([inbound(1), inbound(2)], { settings: split })
    const world = after(start, send)
    const texts = heldFact(world.thread)?.entries.filter((entry) => entry.kind === 'outbound') ?? []
    expect(texts.map(({ delivery }) => delivery.state)).toEqual(['held', 'held', 'held'])
    const entry = (pressed === 'first' ? texts.at(0) : texts.at(-1))?.id as EntryId
    const decision = decided(world, ask(maya, { name: 'SendHeld', conversation: talk, entry }))
    expect(leaving(decision)).toEqual(texts.map((part) => part.text))
    expect(rowOf(decision.changes)).toMatchObject({ trouble: null, preview: text.slice(0, 139) + '…' })
    const gone = decided(world, ask(maya, { name: 'DiscardHeld', conversation: talk, entry }))
    expect([...deliveriesOf(gone.changes).values()].map(({ state }) => state)).toEqual(
      texts.map(() => 'discarded'),
    )
    expect(rowOf(gone.changes).trouble).toBeNull()
  })

  it('leaves nothing behind when it is discarded', () => {
    const decision = decided(world(), discard())
    expect(decision.effects).toEqual([])
    expect(deliveriesOf(decision.changes).get(held.id)?.state).toBe('discarded')
    expect(rowOf(decision.changes).trouble).toBeNull()
  })
})
