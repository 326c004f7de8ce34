import { describe, expect, it } from 'vitest'
import { entryOf } from '#shared/base/ids.ts'
import { parseAddress } from '#shared/base/phone.ts'
import { isRefusal } from '#shared/core/outcome.ts'
import { decide } from '#shared/core/decide.ts'
import {
  after,
  arrive,
  ask,
  channel,
  closed,
  company,
  context,
  conversation,
  customer,
  decided,
  effectsOf,
  entriesOf,
  inbound,
  jo,
  joAddress,
  leaving,
  live,
  maya,
  note,
  number,
  otherChannel,
  otherTalk,
  refused,
  reply,
  rowOf,
  salesNumber,
  sam,
  serviceNumber,
  settings,
  talk,
  talking,
  threadOf,
  userOf,
} from '#test/kit/worlds.ts'
import { morning } from '#test/kit/clock.ts'

const start = (to = joAddress, text = 'Your car is ready.', press = live) =>
  ask(maya, { name: 'StartConversation', conversation: talk, number: salesNumber, to, text }, press)
const send = (text: string) => ask(maya, { name: 'SendReply', conversation: talk, text })

describe("a customer's text", () => {
  it('[F7] [F8] [DC20] starts a conversation with the next ID#, counted from 1001', () => {
    const row = rowOf(decided(company(), arrive('Hello')).changes)
    expect(row).toMatchObject({
      no: 1001,
      user: jo,
      number: salesNumber,
      status: 'open',
      lastBy: 'customer',
      preview: 'Hello',
    })
    expect(rowOf(decided(company({ nextNo: 1007 }), arrive('Hello')).changes).no).toBe(1007)
  })

  it('[DC24] joins the open conversation of its pair', () => {
    const decision = decided(talking(), arrive('Still there?'))
    expect(entriesOf(decision.changes)).toMatchObject([
      { kind: 'inbound', conversation: talk, text: 'Still there?', order: 2 },
    ])
    expect(rowOf(decision.changes)).toMatchObject({
      id: talk,
      no: 1001,
      preview: 'Still there?',
      inboundOrder: 2,
    })
  })

  it('[F18] [DC24] on another company number starts another conversation beside the open one', () => {
    const world = company({ user: customer(), thread: threadOf([inbound(1)]), nextNo: 1002 })
    const row = rowOf(decided(world, arrive('Hi', { to: '+13095550101' })).changes)
    expect(row).toMatchObject({ number: serviceNumber, user: jo, status: 'open', no: 1002 })
    expect(row.id).not.toBe(talk)
  })

  it('[F227] [DC10] after the end starts a new conversation, with a new ID#, in the same thread', () => {
    const ended = after(talking(), ask(sam, { name: 'EndConversation', conversation: talk }))
    expect(ended.openOfPair).toBeNull()
    const decision = decided(ended, arrive('One more thing'))
    const row = rowOf(decision.changes)
    expect(row).toMatchObject({ status: 'open', no: 1002, user: jo, startedAt: morning })
    expect(row.id).not.toBe(talk)
    expect(decision.changes.filter((change) => change.kind === 'entry')).toMatchObject([
      { user: jo, entry: { order: 3, conversation: row.id } },
    ])
  })

  it('[F243] of somebody new leaves a person with blank fields', () => {
    expect(userOf(decided(company(), arrive('Hello')).changes)).toEqual({
      id: jo,
      address: joAddress,
      firstName: '',
      lastName: '',
      companyName: '',
      optedOut: null,
    })
    expect(userOf(decided(talking(), arrive('Hello')).changes)).toBeNull()
  })

  it('[P1] to a number that its channel does not have is kept as a stray', () => {
    for (const lost of [
      arrive('Hello', { to: '+13095559999' }),
      arrive('Hello', { channel: otherChannel }),
      arrive('Hello', { to: '' }),
    ]) {
      const { changes } = decided(company(), lost)
      expect(changes).toMatchObject([
        {
          kind: 'row',
          table: 'strays',
          row: { channel: lost.channel, from: joAddress, to: lost.to, text: 'Hello' },
        },
      ])
    }
  })

  it('[P1] from no readable sender, without words or far too long is kept all the same', () => {
    expect(entriesOf(decided(company(), arrive('Hi', { from: '' })).changes)).toMatchObject([{ text: 'Hi' }])
    expect(entriesOf(decided(company(), arrive('')).changes)).toMatchObject([{ text: '' }])
    const [long] = entriesOf(decided(company(), arrive('a'.repeat(150_000))).changes)
    expect(long).toMatchObject({ kind: 'inbound', cut: true })
    expect(long?.kind === 'inbound' && long.text.length).toBe(100_000)
  })
})

describe('starting', () => {
  it('[F7] [F8] [DC11] makes a conversation with its first message, under the id its author gave it', () => {
    const input = start()
    const decision = decided(company({ nextNo: 1042 }), input)
    expect(rowOf(decision.changes)).toMatchObject({
      id: talk,
      no: 1042,
      user: jo,
      number: salesNumber,
      status: 'open',
      lastBy: 'agent',
    })
    expect(entriesOf(decision.changes)).toMatchObject([
      { id: entryOf(input.id, 0), kind: 'outbound', by: maya, conversation: talk },
    ])
    expect(effectsOf(decision, 'hand over')).toMatchObject([
      { channel, from: '+13095550100', to: joAddress, text: 'Your car is ready.' },
    ])
  })

  it('[DC11] without a message makes nothing', () => {
    expect(refused(company(), start(joAddress, '  ')).code).toBe('empty')
  })

  it('[DC24] on a pair with an open conversation joins that one', () => {
    const open = conversation({ id: otherTalk })
    const decision = decided(
      company({ openOfPair: open, user: customer(), thread: threadOf([inbound(1)]) }),
      start(),
    )
    expect(entriesOf(decision.changes)).toMatchObject([{ kind: 'outbound', conversation: otherTalk }])
    expect(rowOf(decision.changes)).toMatchObject({ id: otherTalk, no: 1001 })
  })

  it('[DC24] two devices that begin with one number, however it is written, mean one person', () => {
    const people = ['(309) 555-1212', '309-555-1212', '+1 309 555 1212', '13095551212'].map(
      (to) => userOf(decided(company(), start(parseAddress(to)?.text)).changes)?.id,
    )
    expect(new Set(people)).toEqual(new Set([jo]))
    // What nobody has read is no number yet.
    expect(refused(company(), start('(309) 555-1212')).code).toBe('bad number')
  })

  it('[DC24] keeps the ID# open until the edge gives it', () => {
    expect(rowOf(decided(company({ nextNo: null }), start()).changes).no).toBeNull()
  })

  it('[E14] an id that already names something else is taken', () => {
    expect(refused(company({ conversation: conversation({ number: serviceNumber }) }), start()).code).toBe(
      'taken',
    )
  })

  it('[DC10] [F225] after the end makes a new conversation, and the closed one stays closed', () => {
    const fresh = ask(maya, {
      name: 'StartConversation',
      conversation: otherTalk,
      number: salesNumber,
      to: joAddress,
      text: 'Hello again',
    })
    const world = company({ user: customer(), thread: threadOf([inbound(1)]), nextNo: 1002 })
    expect(rowOf(decided(world, fresh).changes)).toMatchObject({ id: otherTalk, no: 1002, status: 'open' })
    expect(refused(talking([inbound(1)], { conversation: closed() }), send('Hello again')).code).toBe(
      'closed',
    )
  })

  it('refuses what cannot be texted, with the reason', () => {
    for (const to of ['', 'Jo', '12', 'x'.repeat(41)])
      expect(refused(company(), start(to)).code).toBe('bad number')
    expect(refused(company(), ask(maya, { ...start().command, number: 'n1' } as never)).code).toBe('unknown')
  })
})

describe('a reply', () => {
  it("[F300] from a number that is not active is refused with the guide's words", () => {
    const numbers = new Map([[salesNumber, number(salesNumber, { active: false })]])
    expect(refused(talking([inbound(1)], { numbers }), send('Hello')).text).toMatch(
      /^Failed to send message\./,
    )
  })

  it("[DC28] over 160 characters follows the number's own setting before the account's", () => {
    const long = 'a'.repeat(200)
    const world = (
      own: 'refuse' | 'concatenate' | 'split' | null,
      account: 'refuse' | 'concatenate' | 'split',
    ) =>
      talking([inbound(1)], {
        numbers: new Map([[salesNumber, number(salesNumber, { longMessages: own })]]),
        settings: { ...settings, longMessages: account },
      })
    expect(refused(world('refuse', 'concatenate'), send(long)).code).toBe('too long')
    expect(refused(world(null, 'refuse'), send(long)).code).toBe('too long')
    expect(leaving(decided(world('concatenate', 'refuse'), send(long)))).toHaveLength(1)
    expect(leaving(decided(world('split', 'refuse'), send(long)))).toHaveLength(2)
  })

  it('[DC27] with an emoji is refused by default and goes where the account sends them', () => {
    expect(refused(talking(), send('Thanks 👍')).code).toBe('emoji')
    expect(
      leaving(
        decided(talking([inbound(1)], { settings: { ...settings, emoji: 'send' } }), send('Thanks 👍')),
      ),
    ).toEqual(['Thanks 👍'])
  })

  it('becomes the last word of its conversation', () => {
    const decision = decided(talking(), send('At nine.'))
    expect(rowOf(decision.changes)).toMatchObject({
      lastAt: morning,
      lastBy: 'agent',
      preview: 'At nine.',
      inboundOrder: 1,
    })
  })

  it("[E5] carries its entries' ids from the command and the next order of the thread", () => {
    const input = send('b'.repeat(300))
    const split = talking([inbound(4)], { settings: { ...settings, longMessages: 'split' } })
    const entries = entriesOf(decided(split, input).changes)
    expect(entries.map(({ id, order }) => [id, order])).toEqual([
      [entryOf(input.id, 0), 5],
      [entryOf(input.id, 1), 6],
    ])
  })

  it("[E5] the device's claim of when it was written stays between the start of the conversation and now", () => {
    const wrote = (claim: number) => {
      const decision = decided(
        talking(),
        ask(maya, { name: 'SendReply', conversation: talk, text: 'Hi' }, live, claim),
      )
      return entriesOf(decision.changes)[0]?.wroteAt
    }
    const started = conversation().startedAt
    expect(wrote(morning - 1000)).toBe(morning - 1000)
    expect(wrote(morning + 365 * 86_400_000)).toBe(morning)
    expect(wrote(0)).toBe(started)
    expect(entriesOf(decided(talking(), send('Hi')).changes)[0]).not.toHaveProperty('wroteAt')
  })
})

describe('ending', () => {
  const end = ask(sam, { name: 'EndConversation', conversation: talk })

  it('[F221] [F10] closes the conversation for good', () => {
    const ended = after(talking(), end)
    expect(ended.conversation).toMatchObject({ status: 'closed', closedAt: morning, closedBy: sam })
    for (const command of [
      send('Hello'),
      ask(maya, { name: 'SetFollowUp', conversation: talk, on: true }),
      ask(maya, { name: 'ClaimConversation', conversation: talk, expect: { agent: null, group: null } }),
      ask(maya, { name: 'EndConversation', conversation: talk }),
    ])
      expect(refused(ended, command).code).toMatch(/closed|already so/)
  })

  it('[F147] leaves a system note with who ended it and when', () => {
    expect(entriesOf(decided(talking(), end).changes)).toMatchObject([
      { kind: 'system', conversation: talk, at: morning, note: { what: 'ended', by: sam } },
    ])
  })

  it('[F91] takes the Follow-Up flag away', () => {
    const world = talking([inbound(1)], { conversation: conversation({ followUp: true }) })
    expect(rowOf(decided(world, end).changes).followUp).toBe(false)
  })

  it('[F146] still lets agents add notes', () => {
    const decision = decided(
      after(talking(), end),
      ask(maya, { name: 'AddNote', conversation: talk, text: 'Called back.' }),
    )
    expect(entriesOf(decision.changes)).toMatchObject([
      { kind: 'note', by: maya, text: 'Called back.', conversation: talk },
    ])
  })
})

describe('notes and flags', () => {
  it('[F144] a note is for agents only: nothing leaves, and the row stays as the customer knows it', () => {
    const decision = decided(talking(), ask(maya, { name: 'AddNote', conversation: talk, text: 'VIP' }))
    expect(decision.effects).toEqual([])
    expect(decision.changes).toHaveLength(1)
    expect(entriesOf(decision.changes)).toMatchObject([{ kind: 'note', by: maya, text: 'VIP' }])
    expect(refused(talking(), ask(maya, { name: 'AddNote', conversation: talk, text: ' \n' })).code).toBe(
      'empty',
    )
  })

  it('[E30] a note over 20,000 characters is a refusal with a code', () => {
    const add = (length: number) =>
      ask(maya, { name: 'AddNote', conversation: talk, text: 'n'.repeat(length) })
    expect(isRefusal(decide(talking(), add(20_000), context()))).toBe(false)
    expect(refused(talking(), add(20_001)).code).toBe('too long')
  })

  it('[F92] [F93] the Follow-Up flag is set and taken away', () => {
    const flag = (on: boolean) => ask(maya, { name: 'SetFollowUp', conversation: talk, on })
    const set = after(talking(), flag(true))
    expect(set.conversation).toMatchObject({ followUp: true })
    expect(after(set, flag(false)).conversation).toMatchObject({ followUp: false })
  })

  it('[F149] notes stay where the owner changes', () => {
    const world = talking([inbound(1), note(2, maya), reply(3, maya)])
    const moved = after(
      world,
      ask(maya, { name: 'ClaimConversation', conversation: talk, expect: { agent: null, group: null } }),
    )
    expect(moved.thread !== 'unknown' && moved.thread?.entries.slice(0, 3)).toEqual(
      world.thread !== 'unknown' && world.thread?.entries,
    )
  })
})
