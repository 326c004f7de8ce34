import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AgentId, EntryId } from '#shared/base/ids.ts'
import type { Command } from '#shared/core/command.ts'
import { decide } from '#shared/core/decide.ts'
import { fold } from '#shared/core/fold.ts'
import type { Handover, Input, Receipt } from '#shared/core/input.ts'
import { isRefusal } from '#shared/core/outcome.ts'
import type { Known, World } from '#shared/core/world.ts'
import type { DeliveryState } from '#shared/model/delivery.ts'
import type { Entry } from '#shared/model/entry.ts'
import type { Press } from '#shared/rules/guard.ts'
import { morning } from '#test/kit/clock.ts'
import { runs } from '#test/kit/random.ts'
import {
  admin,
  arrive,
  ask,
  closed,
  company,
  context,
  conversation,
  customer,
  decided,
  fate,
  gone,
  inState,
  inbound,
  jo,
  maya,
  note,
  number,
  offline,
  otherTalk,
  refused,
  reply,
  rowOf,
  sales,
  salesNumber,
  sam,
  service,
  serviceNumber,
  settings,
  system,
  stop,
  talk,
  talking,
  tell,
  threadOf,
} from '#test/kit/worlds.ts'

const states: DeliveryState[] = [
  'accepted',
  'claimed',
  'unconfirmed',
  'sent',
  'delivered',
  'undelivered',
  'failed',
  'refused',
  'held',
  'discarded',
]
const agents = fc.constantFrom<AgentId[]>(maya, sam, admin, gone, 'stranger' as AgentId)
const owner = fc.record({ agent: fc.option(agents), group: fc.option(fc.constantFrom(sales, service)) })
const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom('', ' ', 'STOP', 'unstop', 'Help', '👍', 'a'.repeat(700), '\u0000\ud800'),
)
const address = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom('+13095551212', '(309) 555-1212', '12345', '', '+13095550100', '+13095550101'),
)
const row = fc
  .record({
    isOpen: fc.boolean(),
    owner,
    followUp: fc.boolean(),
    on: fc.constantFrom(salesNumber, serviceNumber),
  })
  .map(({ isOpen, owner: { agent, group }, followUp, on }) =>
    (isOpen ? conversation : closed)({ agent, group, followUp, number: on }),
  )
const entry = fc
  .tuple(fc.nat(5), agents, fc.constantFrom(...states), fc.boolean())
  .map(([kind, by, state, here]) => {
    const more = here ? {} : { conversation: otherTalk }
    return (order: number): Entry =>
      kind === 0
        ? inbound(order, more)
        : kind === 1
          ? note(order, by, more)
          : kind === 2
            ? system(order, by)
            : reply(order, kind === 3 ? null : by, state, more)
  })
const entries = fc
  .array(entry, { maxLength: 8 })
  .map((makers) => makers.map((make, index) => make(index + 1)))

function known<Fact>(fact: fc.Arbitrary<Fact>): fc.Arbitrary<Known<Fact>> {
  return fc.oneof(
    { weight: 5, arbitrary: fact },
    { weight: 1, arbitrary: fc.constantFrom(null, 'unknown' as const) },
  )
}

const world: fc.Arbitrary<World> = fc
  .record({
    entries,
    conversation: known(row),
    openOfPair: known(row.filter(({ status }) => status === 'open')),
    user: known(
      fc.boolean().map((out) => customer(out ? { optedOut: { at: 0, word: 'STOP', cause: stop } } : {})),
    ),
    hasThread: fc.constantFrom('yes', 'yes', 'yes', 'no', 'unknown'),
    text: fc.nat(8),
    claimed: fc.boolean(),
    nextNo: fc.option(fc.integer({ min: 1001, max: 9999 })),
    settings: fc.record({
      longMessages: fc.constantFrom('refuse', 'concatenate', 'split'),
      optIn: fc.constantFrom('automatic', 'manual'),
      optOutWords: fc.constantFrom('guide', 'us'),
      emoji: fc.constantFrom('refuse', 'send'),
    }),
    active: fc.boolean(),
    help: fc.option(fc.constant('Help')),
    confirmation: fc.constantFrom('carrier', 'parley'),
  })
  .map(({ entries: list, hasThread, text, claimed, active, help, confirmation, settings: own, ...rest }) => {
    const texts = list.filter((one) => one.kind === 'outbound')
    const named = texts[text % Math.max(1, texts.length)] ?? null
    const base = company()
    return {
      ...base,
      ...rest,
      settings: { ...settings, ...own } as World['settings'],
      numbers: new Map([
        ...base.numbers,
        [salesNumber, number(salesNumber, { active, help, confirmation } as Parameters<typeof number>[1])],
      ]),
      thread: hasThread === 'yes' ? threadOf(list) : hasThread === 'no' ? null : 'unknown',
      text: named,
      claimed: new Set(claimed && named ? [named.id] : []),
    }
  })

const press: fc.Arbitrary<Press> = fc.record({
  seen: fc.nat(9),
  synced: fc.boolean(),
  waited: fc.constantFrom(0, 15_000, 15_001, 1e9),
})
const info = fc.record({ firstName: words, lastName: words, companyName: words })
const command = (entryId: EntryId): fc.Arbitrary<Command> =>
  fc.oneof(
    fc.record({ name: fc.constant('SendReply' as const), conversation: fc.constant(talk), text: words }),
    fc.record({
      name: fc.constant('StartConversation' as const),
      conversation: fc.constant(talk),
      number: fc.constantFrom(salesNumber, serviceNumber),
      to: address,
      text: words,
    }),
    fc.record({ name: fc.constant('AddNote' as const), conversation: fc.constant(talk), text: words }),
    fc.record({
      name: fc.constant('ClaimConversation' as const),
      conversation: fc.constant(talk),
      expect: owner,
    }),
    fc.record({
      name: fc.constant('TransferConversation' as const),
      conversation: fc.constant(talk),
      expect: owner,
      to: owner,
    }),
    fc.record({ name: fc.constant('EndConversation' as const), conversation: fc.constant(talk) }),
    fc.record({ name: fc.constant('MarkRead' as const), conversation: fc.constant(talk), order: fc.nat(9) }),
    fc.record({
      name: fc.constant('SetFollowUp' as const),
      conversation: fc.constant(talk),
      on: fc.boolean(),
    }),
    fc.record({
      name: fc.constant('SetConsent' as const),
      user: fc.constant(jo),
      optedOut: fc.boolean(),
      expect: fc.constantFrom(null, stop),
    }),
    fc.record({
      name: fc.constant('SaveMobileUser' as const),
      user: fc.constant(jo),
      expect: info,
      to: info,
    }),
    fc.record({
      name: fc.constant('SetRole' as const),
      agent: fc.constantFrom(maya, sam, gone, admin),
      role: fc.constantFrom('agent' as const, 'admin' as const),
    }),
    fc.record({
      name: fc.constantFrom('SendHeld' as const, 'DiscardHeld' as const, 'AskCarrier' as const),
      conversation: fc.constant(talk),
      entry: fc.constant(entryId),
    }),
  )
const receipt: fc.Arbitrary<Receipt> = fc.constantFrom<Receipt[]>(
  { state: 'sent' },
  { state: 'delivered' },
  { state: 'undelivered', code: '1', text: '' },
  { state: 'failed', code: '2', text: '' },
)
const outcome: fc.Arbitrary<Handover> = fc.constantFrom<Handover[]>(
  { kind: 'accepted', carrierId: 'SM1' },
  { kind: 'rejected', code: '21211', text: 'No', optedOut: false },
  { kind: 'rejected', code: '21610', text: 'No', optedOut: true },
  { kind: 'busy', code: '429', text: 'Slow', retryAfter: 1000 },
  { kind: 'silent', text: 'timed out' },
)

const scene = world.chain((one) => {
  const id = one.text?.id ?? reply(1, maya).id
  const input: fc.Arbitrary<Input> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(agents, command(id), press, fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })))
        .map(([by, what, how, wrote]) => ask(by, what, how, wrote ?? undefined)),
    },
    fc.tuple(words, address, address).map(([text, from, to]) => arrive(text, { from, to })),
    receipt.map((what) => tell(id, what)),
    fc.constant<Input>({ kind: 'claim', message: id }),
    outcome.map((what): Input => ({ kind: 'handed', message: id, outcome: what })),
  )
  return fc.tuple(fc.constant(one), input)
})

function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (value instanceof Map) for (const each of value.values()) freeze(each)
  else for (const each of Object.values(value)) freeze(each)
  return Object.freeze(value)
}

describe('decide', () => {
  it('never throws, changes nothing it was given, answers the same again, and has words for every refusal', () => {
    let decisions = 0
    let refusals = 0
    fc.assert(
      fc.property(scene, ([before, input]) => {
        freeze(before)
        freeze(input)
        const verdict = decide(before, input, context())
        expect(decide(before, input, context())).toEqual(verdict)
        if (isRefusal(verdict)) {
          refusals++
          expect(verdict.text).toMatch(/\.$/)
          return
        }
        decisions++
        freeze(verdict.changes)
        expect(fold(before, verdict.changes)).toEqual(fold(before, verdict.changes))
      }),
      { ...runs, numRuns: 2000 },
    )
    expect(Math.min(decisions, refusals)).toBeGreaterThan(200)
  })

  it('[E5] gives new entries the next orders of their thread, in one row, and never moves one that is there', () => {
    fc.assert(
      fc.property(scene, ([before, input]) => {
        const verdict = decide(before, input, context())
        if (isRefusal(verdict)) return
        const next = before.thread === 'unknown' ? 1 : (before.thread?.next ?? 1)
        const fresh = verdict.changes.flatMap((change) => (change.kind === 'entry' ? [change.entry] : []))
        expect(fresh.map(({ order }) => order)).toEqual(fresh.map((_, index) => next + index))
        expect(fresh.every(({ at }) => at === morning)).toBe(true)
        expect(fresh.every(({ wroteAt }) => wroteAt === undefined || wroteAt <= morning)).toBe(true)
      }),
      { ...runs, numRuns: 1000 },
    )
  })

  it('[P4] [DC25] hands nothing over to somebody who is opted out, whatever the command', () => {
    let tried = 0
    fc.assert(
      fc.property(scene, ([before, input]) => {
        if (before.user === 'unknown' || !before.user?.optedOut) return
        const verdict = decide(before, input, context())
        tried++
        if (isRefusal(verdict)) return
        const out = before.user.optedOut
        const stays = !verdict.changes.some(
          (change) => change.kind === 'row' && change.table === 'mobileUsers' && change.row.optedOut === null,
        )
        if (out && stays) expect(verdict.effects.filter(({ kind }) => kind === 'hand over')).toEqual([])
      }),
      { ...runs, numRuns: 2000 },
    )
    expect(tried).toBeGreaterThan(200)
  })

  it('[E9] where a device does not hold the thread or the person, no rule holds or refuses for it', () => {
    const half = talking([], { thread: 'unknown', user: 'unknown' })
    expect(
      fate(
        decide(half, ask(maya, { name: 'SendReply', conversation: talk, text: 'Hi' }, offline), context()),
      ),
    ).toBe('accepted')
    expect(
      rowOf(decided(half, ask(maya, { name: 'EndConversation', conversation: talk }, offline)).changes)
        .status,
    ).toBe('closed')
    const start = ask(maya, {
      name: 'StartConversation',
      conversation: talk,
      number: salesNumber,
      to: '+13095551212',
      text: 'Hi',
    })
    const nothing = company({ openOfPair: 'unknown', user: 'unknown', thread: 'unknown', nextNo: null })
    expect(fate(decide(nothing, start, context()))).toBe('accepted')
  })

  it('[E9] a device that does not hold what a command turns on refuses nothing and shows nothing', () => {
    const blank: World = {
      ...company({ conversation: 'unknown', openOfPair: 'unknown', user: 'unknown', thread: 'unknown' }),
      whole: false,
      agents: new Map(),
      groups: new Map(),
      numbers: new Map(),
    }
    const mine: World = { ...blank, agents: company().agents }
    for (const input of fc.sample(command(reply(1, maya).id), { numRuns: 300, seed: 5 })) {
      expect(decide(blank, ask(maya, input), context()), input.name).toEqual({ changes: [], effects: [] })
      expect(fate(decide(mine, ask(maya, input), context())), input.name).not.toMatch(
        /unknown|not held|inactive/,
      )
      const there: World = { ...mine, conversation: conversation(), user: customer() }
      expect(fate(decide(there, ask(maya, input), context())), input.name).not.toMatch(
        /unknown|not held|inactive/,
      )
    }
  })

  it('refuses what names nothing', () => {
    const nowhere = company()
    for (const what of [
      { name: 'SendReply', conversation: talk, text: 'Hi' },
      { name: 'AddNote', conversation: talk, text: 'Hi' },
      { name: 'EndConversation', conversation: talk },
      { name: 'MarkRead', conversation: talk, order: 1 },
      { name: 'SetFollowUp', conversation: talk, on: true },
      { name: 'SetConsent', user: jo, optedOut: true, expect: null },
    ] satisfies Command[])
      expect(refused(nowhere, ask(maya, what)).code).toBe('unknown')
    expect(refused(nowhere, { kind: 'claim', message: reply(1, maya).id }).code).toBe('unknown')
  })
})

describe('fold', () => {
  it('takes the pair from a conversation that ends, and from no other', () => {
    const open = conversation({ id: otherTalk })
    const old = closed({ trouble: 'held' })
    const both = talking([], { conversation: old, openOfPair: open })
    const changed = fold(both, [{ kind: 'row', table: 'conversations', row: { ...old, trouble: null } }])
    expect(changed.openOfPair).toEqual(open)
    expect(
      fold(both, [{ kind: 'row', table: 'conversations', row: closed({ id: otherTalk }) }]).openOfPair,
    ).toBeNull()
  })

  it('moves the text that the input names along with the thread', () => {
    const text = reply(2, maya, 'accepted')
    const next = fold(talking([inbound(1), text], { text }), [
      { kind: 'delivery', user: jo, entry: text.id, delivery: inState('sent') },
    ])
    expect(next.text?.delivery.state).toBe('sent')
    expect(decided(next, tell(text.id, { state: 'sent' })).changes).toEqual([])
  })

  it('[DC20] gives no Conversation ID# twice', () => {
    const first = decided(company(), arrive('Hi'))
    const next = { ...fold(company(), first.changes), conversation: null, openOfPair: null }
    expect(rowOf(decided(next, arrive('Hi', { to: '+13095550101' })).changes).no).toBe(1002)
  })
})
