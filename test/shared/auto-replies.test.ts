import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hour, minute } from '#shared/base/time.ts'
import type { AutoReplyId } from '#shared/base/ids.ts'
import type { AutoReplied, AutoReply, AutoReplySaid } from '#shared/rows/auto-reply.ts'
import { autoReplyFor, isWithin, withAutoReply } from '#shared/rules/auto-replies.ts'
import { limits } from '#shared/wire/limits.ts'
import {
  admin,
  after,
  arrive,
  ask,
  company,
  context,
  conversation,
  customer,
  decided,
  effectsOf,
  entriesOf,
  inbound,
  leaving,
  maya,
  number,
  refused,
  reply,
  rowOf,
  salesNumber,
  serviceNumber,
  settings,
  stop,
  talk,
  talking,
} from '#test/kit/worlds.ts'
import { morning } from '#test/kit/clock.ts'
import { runs } from '#test/kit/random.ts'
import type { World } from '#shared/core/world.ts'

const idOf = (letter: string) => `r${letter.repeat(26)}` as AutoReplyId
const everyDay = [0, 1, 2, 3, 4, 5, 6]
/** Everything at any time, on any number, without a limit: what a test says is what it is about. */
const always = (more: Partial<AutoReplySaid> = {}): AutoReplySaid => ({
  number: null,
  trigger: { kind: 'time', days: everyDay, from: 0, to: 0, timeZone: 'UTC' },
  text: 'We are closed.',
  most: null,
  disabled: false,
  ...more,
})
const words = (patterns: string[], anywhere = false, more: Partial<AutoReplySaid> = {}) =>
  always({ trigger: { kind: 'text', patterns, anywhere }, text: 'We open at 8.', ...more })
const having = (said: AutoReplySaid[], more: Partial<World> = {}): World =>
  talking([inbound(1)], {
    settings: {
      ...settings,
      autoReplies: said.map((one, index) => ({ ...one, id: idOf('abcdef'[index] ?? 'z') })),
    },
    ...more,
  })
const save = (id: string, expect: AutoReplySaid | null, to: AutoReplySaid | null, by = admin) =>
  ask(by, { name: 'SaveAutoReply', autoReply: idOf(id), expect, to })
/** What a customer's text is answered with, one by one, without an agent. */
const answers = (world: World, texts: string[]) => {
  const said: string[] = []
  texts.reduce((before, text, index) => {
    const decision = decided(before, arrive(text, { carrierId: `in-${index}` }), context(morning, index))
    said.push(...leaving(decision))
    return after(before, arrive(text, { carrierId: `in-${index}` }), context(morning, index))
  }, world)
  return said
}

describe('an auto-reply', () => {
  it('[F83] answers to the time of day and the day of the week, or to the words of a text, and to nothing else', () => {
    // A Tuesday, 10:00 in Chicago.
    const shut = always({
      trigger: { kind: 'time', days: [2], from: 9 * 60, to: 11 * 60, timeZone: 'America/Chicago' },
    })
    const asked = words(['hours'])
    expect(answers(having([shut, asked]), ['Is it ready?'])).toEqual(['We are closed.'])
    expect(answers(having([shut, asked]), ['Hours?'])).toEqual(['We open at 8.'])
    const other = { ...shut, trigger: { ...shut.trigger, days: [3] } } as AutoReplySaid
    expect(answers(having([other, asked]), ['Is it ready?'])).toEqual([])
    expect(answers(having([other, asked]), ['hours'])).toEqual(['We open at 8.'])
  })

  it('[F82] is flagged as one, and leaves the question to an agent', () => {
    const world = having([always()])
    const { changes } = decided(world, arrive('Is it ready?'))
    expect(rowOf(changes)).toMatchObject({
      lastBy: 'agent',
      lastAgent: null,
      preview: 'We are closed.',
      unanswered: { since: morning, waiting: false },
    })
    expect(entriesOf(changes).map((entry) => [entry.kind, 'by' in entry ? entry.by : ''])).toEqual([
      ['inbound', ''],
      ['outbound', null],
    ])
  })

  it('[F202] is a number’s own, or Global for every number without one that is in use', () => {
    const own = always({ number: salesNumber, text: 'Sales is closed.' })
    const both = having([always(), own])
    expect(answers(both, ['Hello'])).toEqual(['Sales is closed.'])
    expect(leaving(decided({ ...both, openOfPair: null }, arrive('Hello', { to: '+13095550101' })))).toEqual([
      'We are closed.',
    ])
    expect(answers(having([always(), { ...own, disabled: true }]), ['Hello'])).toEqual(['We are closed.'])
    // Its own answer to words takes nothing away from what is Global about the time.
    expect(answers(having([always(), words(['hours'], false, { number: salesNumber })]), ['Hello'])).toEqual([
      'We are closed.',
    ])
  })

  it('[F203] [F204] [F206] applies on its days within its time, on the clock of its own zone', () => {
    const night = {
      kind: 'time' as const,
      days: [1, 2, 3, 4, 5],
      from: 18 * 60,
      to: 8 * 60,
      timeZone: 'America/Chicago',
    }
    const at = (text: string) => isWithin(night, Date.parse(text))
    expect(at('2026-11-23T17:59-06:00')).toBe(false)
    expect(at('2026-11-23T18:00-06:00')).toBe(true)
    expect(at('2026-11-24T07:59-06:00')).toBe(true)
    expect(at('2026-11-24T08:00-06:00')).toBe(false)
    // It begins on Friday and ends on Saturday; none begins on Sunday.
    expect(at('2026-11-28T07:59-06:00')).toBe(true)
    expect(at('2026-11-29T20:00-06:00')).toBe(false)
    expect(at('2026-11-30T07:00-06:00')).toBe(false)
    // The same moment is another one elsewhere.
    expect(isWithin({ ...night, timeZone: 'Asia/Tokyo' }, Date.parse('2026-11-23T18:00-06:00'))).toBe(false)
  })

  it('[F206] keeps to the wall clock when clocks change', () => {
    const early = { kind: 'time' as const, days: everyDay, from: 60, to: 120, timeZone: 'America/Chicago' }
    const autumn = Date.parse('2026-11-01T01:30-05:00')
    // 1:30 comes twice that night.
    expect([0, 1, 2].map((hours) => isWithin(early, autumn + hours * hour))).toEqual([true, true, false])
  })

  it('a window is as long as it says, whatever day and zone it is in', () => {
    const time = fc.integer({ min: 0, max: 1439 })
    const zone = fc.constantFrom('UTC', 'Asia/Kolkata', 'Pacific/Auckland')
    fc.assert(
      fc.property(time, time, fc.integer({ min: 0, max: 6 }), zone, (from, to, day, timeZone) => {
        const window = { kind: 'time' as const, days: [day], from, to, timeZone }
        // A week in which none of these zones changes its clocks.
        const start = Date.UTC(2026, 5, 1)
        let open = 0
        for (let at = start; at < start + 7 * 24 * hour; at += minute) if (isWithin(window, at)) open++
        expect(open).toBe(from < to ? to - from : to - from + 1440)
      }),
      { ...runs, numRuns: 5 },
    )
  })

  it('[F207] [DC8] goes to one person as often as its limit allows in one open conversation, and again in the next', () => {
    const once = having([always({ most: 1 })])
    expect(answers(once, ['One', 'Two', 'Three'])).toEqual(['We are closed.'])
    expect(answers(having([always({ most: 2 })]), ['One', 'Two', 'Three'])).toHaveLength(2)
    const answered = after(once, arrive('One'))
    const next = { ...answered, openOfPair: null, conversation: null }
    expect(leaving(decided(next, arrive('Hello again'), context(morning, 99)))).toEqual(['We are closed.'])
    // An agent's reply in between makes no difference to the limit.
    const replied = after(answered, ask(maya, { name: 'SendReply', conversation: talk, text: 'Yes' }))
    expect(leaving(decided(replied, arrive('Thanks'), context(morning, 98)))).toEqual([])
  })

  it('[F208] says nothing while it is disabled', () => {
    expect(answers(having([always({ disabled: true })]), ['Hello'])).toEqual([])
  })

  it('[F211] one of several answers: the one that fits most closely', () => {
    const window = (from: number, to: number, text: string) =>
      always({ trigger: { kind: 'time', days: everyDay, from, to, timeZone: 'UTC' }, text })
    // 16:00 in UTC.
    const hours = [
      window(0, 0, 'All day'),
      window(15 * 60, 17 * 60, 'Break'),
      window(20 * 60, 21 * 60, 'Late'),
    ]
    expect(answers(having(hours), ['Hello'])).toEqual(['Break'])
    const longer = words(['hours on sunday'], false, { text: 'Closed on Sundays.' })
    expect(answers(having([words(['hours'], true), longer]), ['Hours on Sunday?'])).toEqual([
      'Closed on Sundays.',
    ])
  })

  it('[F212] [F215] waits behind conversation where it answers to words, and not where it answers to the time', () => {
    const behind = (said: AutoReplySaid, text: string) =>
      effectsOf(decided(having([said]), arrive(text)), 'hand over').map((effect) => effect.behind ?? false)
    expect(behind(words(['hours']), 'hours')).toEqual([true])
    expect(behind(always(), 'hours')).toEqual([false])
  })

  it('[F213] answers to words and number patterns on its number, in any case and with anything between them', () => {
    const told = (patterns: string[], anywhere: boolean, text: string) =>
      answers(having([words(patterns, anywhere, { number: salesNumber })]), [text]).length
    expect(told(['hours'], false, '  HOURS!! ')).toBe(1)
    expect(told(['hours'], false, 'What are your hours?')).toBe(0)
    expect(told(['hours'], true, 'What are your hours?')).toBe(1)
    expect(told(['hours'], true, 'In 48hours')).toBe(0)
    expect(told(['price', 'opening hours'], true, 'opening-hours, please')).toBe(1)
    expect(told(['order ####'], true, 'Where is order 1234?')).toBe(1)
    expect(told(['order ####'], true, 'Where is order #1234?')).toBe(1)
    expect(told(['order ####'], true, 'Where is order abcd?')).toBe(0)
    expect(told(['𝒜𝒷 ##'], false, '𝒜𝒷 12')).toBe(1)
    expect(told(['order ####'], true, 'Where is order 12345?')).toBe(0)
    expect(told(['ÖFFNUNG'], false, 'öffnung')).toBe(1)
    expect(
      leaving(
        decided(
          { ...having([words(['hours'], true, { number: salesNumber })]), openOfPair: null },
          arrive('hours', { to: '+13095550101' }),
        ),
      ),
    ).toEqual([])
  })

  it('[P4] [DC25] never goes to who opted out, nor after a text that is only STOP, UNSTOP or HELP', () => {
    const out = customer({ optedOut: { at: morning - 1000, word: 'STOP', cause: stop } })
    const world = having([always(), words(['hours'])])
    expect(answers({ ...world, user: out }, ['Hello', 'hours'])).toEqual([])
    expect(answers(world, ['HELP', 'stop.', 'STOP', 'Hello'])).toEqual([])
    expect(answers({ ...world, user: out }, ['UNSTOP'])).toEqual([])
    expect(answers({ ...world, user: out }, ['UNSTOP', 'Hello'])).toEqual(['We are closed.'])
  })

  it('goes out on no number that is disabled, and to no short code or name, which are robots', () => {
    const shut = new Map([[salesNumber, number(salesNumber, { active: false })]])
    expect(answers(having([always()], { numbers: shut }), ['Hello'])).toEqual([])
    const begun = { openOfPair: null, user: null, thread: null }
    for (const from of ['24273', 'PARCELS'])
      expect(leaving(decided(having([always()], begun), arrive('Hello', { from })))).toEqual([])
    expect(leaving(decided(having([always()], begun), arrive('Hello')))).toEqual(['We are closed.'])
  })

  it('two robots that answer one another come to an end, until an agent writes', () => {
    const told = answers(
      having([always()]),
      Array.from({ length: 40 }, (_, turn) => `Out of office ${turn}`),
    )
    expect(told).toHaveLength(limits.autoRepliesInRow)
    const tired: AutoReplied = {
      times: { [idOf('a')]: limits.autoRepliesInRow },
      inRow: limits.autoRepliesInRow,
    }
    const row = conversation({ autoReplied: tired })
    const world = having([always()], { conversation: row, openOfPair: row })
    const replied = after(world, ask(maya, { name: 'SendReply', conversation: talk, text: 'I am here' }))
    expect(leaving(decided(replied, arrive('Good'), context(morning, 97)))).toEqual(['We are closed.'])
  })

  it('[DC1] leaves in parts where the number splits long texts', () => {
    const split = new Map([[salesNumber, number(salesNumber, { longMessages: 'split' })]])
    const told = answers(having([always({ text: 'a'.repeat(200) })], { numbers: split }), ['Hello'])
    expect(told).toEqual([`${'a'.repeat(157)}1/2`, `${'a'.repeat(43)}2/2`])
  })

  it('does not count what another one answered', () => {
    const one: AutoReply = { ...always({ most: 1 }), id: idOf('a') }
    const asking = { number: salesNumber, text: 'Hello', at: morning }
    const other = withAutoReply(undefined, idOf('b'))
    expect(autoReplyFor([one], { ...asking, answered: other })).toBe(one)
    expect(autoReplyFor([one], { ...asking, answered: withAutoReply(other, idOf('a')) })).toBeNull()
  })
})

describe('saving an auto-reply', () => {
  it('[F205] [F209] [F210] adds one, changes it, and writes down who did', () => {
    const added = after(company(), save('a', null, always(), maya))
    expect(added.settings.autoReplies).toEqual([{ ...always(), id: idOf('a') }])
    const other = always({ text: ' Back at 8. ' })
    const changed = after(added, save('a', always(), other, maya))
    expect(changed.settings.autoReplies?.map(({ text }) => text)).toEqual(['Back at 8.'])
    expect(effectsOf(decided(added, save('a', always(), null)), 'audit')).toEqual([
      { kind: 'audit', what: 'removed auto-reply', by: admin, about: idOf('a') },
    ])
    expect(after(added, save('a', always(), null)).settings.autoReplies).toEqual([])
  })

  it('overwrites nothing that somebody else saved meanwhile, and brings nothing back', () => {
    const added = after(company(), save('a', null, always()))
    const changed = after(added, save('a', always(), always({ text: 'Theirs' })))
    expect(refused(changed, save('a', always(), always({ text: 'Mine' }))).code).toBe('changed')
    expect(refused(changed, save('a', always(), null)).code).toBe('changed')
    expect(refused(added, save('a', null, always())).code).toBe('taken')
    expect(refused(added, save('a', always(), always())).code).toBe('already so')
    expect(refused(company(), save('a', always(), always({ text: 'Mine' }))).code).toBe('unknown')
    expect(refused(company(), save('a', null, null)).code).toBe('empty')
  })

  it('leaves words and patterns to admins', () => {
    expect(refused(company(), save('a', null, words(['hours']), maya)).code).toBe('forbidden')
    const added = after(company(), save('a', null, words(['hours']), admin))
    for (const to of [null, always(), words(['price'])])
      expect(refused(added, save('a', words(['hours']), to, maya)).code).toBe('forbidden')
  })

  it('says at which field something is wrong', () => {
    const told = (said: AutoReplySaid, world = company()) => refused(world, save('a', null, said)).text
    const time = { kind: 'time' as const, days: [1], from: 0, to: 0, timeZone: 'UTC' }
    expect(told(always({ text: ' ' }))).toBe('Message Text: Type what is to be answered.')
    expect(told(always({ text: 'a'.repeat(460) }))).toBe('Message Text: 1 character over the limit of 459.')
    expect(told(always({ text: 'Bye 👋' }))).toBe('Message Text: Emoji cannot be sent: 👋.')
    expect(told(always({ number: 'n19995550000' as typeof salesNumber }))).toContain('Code: ')
    expect(told(always({ trigger: { ...time, days: [] } }))).toBe(
      'Days of the Week: Choose at least one day.',
    )
    expect(told(always({ trigger: { ...time, timeZone: 'Mars/Olympus' } }))).toContain('Time Zone: ')
    expect(told(always({ most: 0 }))).toBe('Times in One Conversation: Type a number from 1 to 99.')
    expect(told(words([' ']))).toBe('Words or Number Patterns: Type at least one word or number.')
    expect(told(words(['?!']))).toBe('Words or Number Patterns: "?!" has no letter and no digit.')
    expect(told(words(['a'.repeat(61)]))).toContain('60 are the most')
    expect(told(words(Array.from({ length: 21 }, (_, at) => `word ${at}`)))).toContain('at most 20')
  })

  it('[DC25] keeps STOP, UNSTOP and HELP for what they are', () => {
    for (const word of ['stop', 'UNSTOP', 'Help!'])
      expect(refused(company(), save('a', null, words(['hours', word]))).text).toBe(
        `Words or Number Patterns: "${word}" is kept for opting out and for help.`,
      )
  })

  it('judges a text by the number that it leaves on, and a Global one by the strictest', () => {
    const strict = new Map([
      [salesNumber, number(salesNumber)],
      [serviceNumber, number(serviceNumber, { longMessages: 'refuse' })],
    ])
    const world = company({ numbers: strict })
    const long = { text: 'a'.repeat(161) }
    expect(refused(world, save('a', null, always(long))).text).toContain('limit of 160')
    expect(refused(world, save('a', null, always({ ...long, number: serviceNumber }))).text).toContain('160')
    expect(
      after(world, save('a', null, always({ ...long, number: salesNumber }))).settings.autoReplies,
    ).toHaveLength(1)
  })

  it('ends at as many as one row of settings may hold', () => {
    const full = Array.from({ length: limits.autoReplies }, (_, at) => ({
      ...always({ text: `Answer ${at}` }),
      id: `r${'a'.repeat(24)}${'abcdefghij'[at % 10]}${'abcdefghij'[Math.floor(at / 10)]}` as AutoReplyId,
    }))
    const world = company({ settings: { ...settings, autoReplies: full } })
    expect(refused(world, save('z', null, always())).code).toBe('too many')
  })
})

it('a reply of an agent stands beside automatic ones as any other', () => {
  const world = talking([inbound(1), reply(2, null)], {
    settings: { ...settings, autoReplies: [{ ...always(), id: idOf('a') }] },
  })
  const decision = decided(world, ask(maya, { name: 'SendReply', conversation: talk, text: 'Here I am' }))
  expect(leaving(decision)).toEqual(['Here I am'])
  expect(rowOf(decision.changes).autoReplied).toBeUndefined()
})
