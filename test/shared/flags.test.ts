import { describe, expect, it } from 'vitest'
import { entryOf } from '#shared/base/ids.ts'
import { minute } from '#shared/base/time.ts'
import type { Input } from '#shared/core/input.ts'
import { held, type World } from '#shared/core/world.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import { flagNames, flagOf, isWaiting, minutesWaiting, waitingDue } from '#shared/rules/flags.ts'
import { morning } from '#test/kit/clock.ts'
import {
  after,
  arrive,
  ask,
  closed,
  company,
  conversation,
  customer,
  decided,
  maya,
  number,
  offline,
  refused,
  reply,
  rowOf,
  sales,
  salesNumber,
  sam,
  settings,
  talk,
  talking,
  threadOf,
} from '#test/kit/worlds.ts'

const ring: Input = { kind: 'timer', id: `waiting:${talk}`, what: 'waiting', conversation: talk }
const asked = { since: morning - 20 * minute, waiting: false }
const late = { since: morning - 20 * minute, waiting: true }
const send = ask(maya, { name: 'SendReply', conversation: talk, text: 'Here I am.' })
/** The conversation after an input. */
const rowAfter = (input: Input, before: Partial<Conversation> = {}, more: Partial<World> = {}) =>
  rowOf(
    decided(
      talking(undefined, { conversation: conversation(before), openOfPair: conversation(before), ...more }),
      input,
    ).changes,
  )

describe('flags', () => {
  it('[F81] [DC4] there are five: four that say who spoke last, and Follow-Up beside them', () => {
    expect(flagOf(conversation({ lastBy: 'customer' }))).toBe('customer replied')
    expect(flagOf(conversation({ lastBy: 'agent', lastAgent: maya }))).toBe('agent replied')
    expect(flagOf(conversation({ lastBy: 'agent', lastAgent: null }))).toBe('auto-replied')
    expect(flagOf(conversation({ unanswered: late }))).toBe('waiting')
    // Rows from before there were flags say only that the company spoke last.
    expect(flagOf(conversation({ lastBy: 'agent' }))).toBe('agent replied')
    expect(Object.values(flagNames)).toEqual([
      'Customer Replied',
      'Agent Replied',
      'Auto-Replied',
      'Waiting for Reply',
    ])
  })

  it('[F84] a text of the customer is Customer Replied, from the first on', () => {
    const first = rowOf(decided(company(), arrive('Hello')).changes)
    expect(flagOf(first)).toBe('customer replied')
    expect(first.unanswered).toEqual({ since: morning, waiting: false })
    expect(flagOf(rowAfter(arrive('Still there?'), { lastBy: 'agent', lastAgent: maya }))).toBe(
      'customer replied',
    )
  })

  it('[F82] what Parley itself wrote last carries the gear, and is no answer of an agent', () => {
    const numbers = new Map([[salesNumber, number(salesNumber, { help: 'Northwind Auto, 9 to 5.' })]])
    const row = rowAfter(arrive('HELP'), { unanswered: asked }, { numbers })
    expect(flagOf(row)).toBe('auto-replied')
    expect(row).toMatchObject({ preview: 'Northwind Auto, 9 to 5.', lastAgent: null, unanswered: asked })
  })
})

describe('Waiting for Reply', () => {
  it('[F85] [DC16] the timer turns Customer Replied into it, after the account’s minutes since the first text', () => {
    const due = waitingDue(conversation({ unanswered: asked }), settings, number(salesNumber))
    expect(due).toBe(asked.since + 15 * minute)
    expect(rowAfter(ring, { unanswered: asked }).unanswered).toEqual(late)
    const again = rowAfter(arrive('Anybody?'), { unanswered: asked })
    expect(again.unanswered).toEqual(asked)
    expect(minutesWaiting(again, morning)).toBe(20)
  })

  it('[E21] a timer that rings early, again, or after an answer changes nothing', () => {
    for (const unanswered of [null, undefined, late, { since: morning - 14 * minute, waiting: false }])
      expect(
        decided(talking(undefined, { conversation: conversation({ unanswered }) }), ring).changes,
      ).toEqual([])
    const gone = talking(undefined, { conversation: closed({ unanswered: null }) })
    expect(decided(gone, ring).changes).toEqual([])
  })

  it('[DC28] counts in the number’s hours, else the account’s', () => {
    const night = { days: Array.from({ length: 7 }, () => [{ from: 0, to: 60 }]) }
    const row = conversation({ unanswered: { since: morning, waiting: false } })
    // Midnight in Chicago is 15 hours after nine o'clock.
    const midnight = morning + 15 * 60 * minute
    const open = { ...settings, businessHours: night }
    expect(waitingDue(row, open, number(salesNumber))).toBe(midnight + 15 * minute)
    const day = { days: Array.from({ length: 7 }, () => [{ from: 0, to: 1440 }]) }
    expect(waitingDue(row, open, number(salesNumber, { businessHours: day }))).toBe(morning + 15 * minute)
  })

  it('[F88] an agent’s reply takes it off, and so does closing; a claim, a transfer or a note do not', () => {
    const before = { unanswered: late, lastBy: 'customer' } as const
    expect(flagOf(rowAfter(send, before))).toBe('agent replied')
    const ended = rowAfter(ask(maya, { name: 'EndConversation', conversation: talk }), before)
    expect(isWaiting(ended)).toBe(false)
    expect(ended.unanswered).toBeNull()
    const expectOwner = { agent: null, group: null }
    const claim = ask(maya, { name: 'ClaimConversation', conversation: talk, expect: expectOwner })
    expect(isWaiting(rowAfter(claim, before))).toBe(true)
    const hand = { name: 'TransferConversation', conversation: talk, expect: expectOwner } as const
    expect(isWaiting(rowAfter(ask(maya, { ...hand, to: { agent: sam, group: null } }), before))).toBe(true)
    const noted = decided(
      talking(undefined, { conversation: conversation(before) }),
      ask(maya, { name: 'AddNote', conversation: talk, text: 'Busy.' }),
    )
    expect(noted.changes.filter(({ kind }) => kind === 'row')).toEqual([])
  })

  it('[F88] [E13] a reply that is held is no answer until it is sent', () => {
    const world = talking(undefined, {
      conversation: conversation({ unanswered: late }),
      thread: threadOf([reply(1, sam)]),
    })
    const heldReply = { name: 'SendReply', conversation: talk, text: 'Late words' } as const
    const press = ask(maya, heldReply, offline)
    const waiting = after(world, press)
    expect(held(waiting.conversation)).toMatchObject({ trouble: 'held', unanswered: late })
    const entry = entryOf(press.id, 0)
    const sent = after(waiting, ask(maya, { name: 'SendHeld', conversation: talk, entry }))
    expect(held(sent.conversation)).toMatchObject({ unanswered: null, lastAgent: maya })
  })

  it.each(['STOP', 'stop.', 'UNSTOP', 'HELP'])(
    '[DC25] a text that is only %s never turns Waiting',
    (text) => {
      expect(rowAfter(arrive(text), { lastBy: 'agent', unanswered: null }).unanswered).toBeNull()
      expect(rowAfter(arrive(text), { unanswered: asked }).unanswered).toEqual(asked)
      expect(rowAfter(arrive(`${text} please call me`), { unanswered: null }).unanswered).toMatchObject({
        since: morning,
      })
    },
  )

  it('[DC25] YES answers a question where nobody is opted out, and opts in where somebody is', () => {
    const us = { settings: { ...settings, optOutWords: 'us' } } as const
    const opted = { user: customer({ optedOut: { at: 1, word: 'STOP', cause: reply(1, sam).id } }) }
    expect(rowAfter(arrive('YES'), { unanswered: null }, us).unanswered).toMatchObject({ waiting: false })
    expect(rowAfter(arrive('YES'), { unanswered: null }, { ...us, ...opted }).unanswered).toBeNull()
  })
})

describe('Follow-Up', () => {
  it('[F90] stays through a transfer, and a claim', () => {
    const expectOwner = { agent: null, group: null }
    const to = { agent: null, group: sales }
    const hand = ask(maya, { name: 'TransferConversation', conversation: talk, expect: expectOwner, to })
    expect(rowAfter(hand, { followUp: true }).followUp).toBe(true)
    const claim = ask(maya, { name: 'ClaimConversation', conversation: talk, expect: expectOwner })
    expect(rowAfter(claim, { followUp: true }).followUp).toBe(true)
  })

  it('[F91] is removed by closing, and a closed conversation takes none', () => {
    const end = ask(maya, { name: 'EndConversation', conversation: talk })
    expect(rowAfter(end, { followUp: true }).followUp).toBe(false)
    const flag = ask(maya, { name: 'SetFollowUp', conversation: talk, on: true })
    expect(refused(talking(undefined, { conversation: closed() }), flag).code).toBe('closed')
  })
})
