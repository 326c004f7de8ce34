import { describe, expect, it } from 'vitest'
import { firstEmoji, measure, refuseContent, textOnlyLimit } from '#shared/rules/content.ts'
import {
  after,
  ask,
  company,
  customer,
  decided,
  effectsOf,
  entriesOf,
  inbound,
  jo,
  joAddress,
  leaving,
  maya,
  number,
  offline,
  refused,
  reply,
  rowOf,
  salesNumber,
  settings,
  talk,
  talking,
} from '#test/kit/worlds.ts'

const say = (text: string, more: { textOnly?: boolean } = {}) =>
  ask(maya, { name: 'SendReply', conversation: talk, text, ...more })
const begin = (text: string) =>
  ask(maya, { name: 'StartConversation', conversation: talk, number: salesNumber, to: joAddress, text })
const joe = customer({ firstName: 'Joe', lastName: 'Smith', companyName: 'Acme' })

describe('inserts in a reply', () => {
  it('[F236] are filled in at the edge from the record of this moment, and the thread keeps what was sent', () => {
    const world = talking([inbound(1)], { user: joe })
    const decision = decided(world, say('Hi, {{First Name}} {{Last Name}} !'))
    expect(leaving(decision)).toEqual(['Hi, Joe Smith!'])
    expect(entriesOf(decision.changes)).toMatchObject([{ kind: 'outbound', text: 'Hi, Joe Smith!' }])
    expect(rowOf(decision.changes).preview).toBe('Hi, Joe Smith!')
    const renamed = after(
      world,
      ask(maya, {
        name: 'SaveMobileUser',
        user: jo,
        expect: { firstName: 'Joe', lastName: 'Smith', companyName: 'Acme' },
        to: { firstName: 'Jo', lastName: 'Smith', companyName: 'Acme' },
      }),
    )
    expect(leaving(decided(renamed, say('Hi {{First Name}}')))).toEqual(['Hi Jo'])
  })

  it('[F234] {{Company Name}} is for lists and stays as typed in a reply', () => {
    expect(leaving(decided(talking([], { user: joe }), say('To {{Company Name}}')))).toEqual([
      'To {{Company Name}}',
    ])
  })

  it('what is sent is what counts: long names may pass the limit, and nothing may be left', () => {
    const world = talking([], { user: joe, settings: { ...settings, longMessages: 'refuse' } })
    expect(leaving(decided(world, say(`{{First Name}}${'a'.repeat(157)}`)))).toHaveLength(1)
    expect(refused(world, say(`{{First Name}}${'a'.repeat(158)}`)).code).toBe('too long')
    expect(refused(talking([], { user: customer({ firstName: '' }) }), say('{{First Name}}')).code).toBe(
      'empty',
    )
  })

  it('a held reply was filled in when it was written into the thread', () => {
    const world = talking([inbound(1), inbound(2)], { user: joe })
    const late = ask(maya, { name: 'SendReply', conversation: talk, text: 'Hi {{First Name}}' }, offline)
    expect(entriesOf(decided(world, late).changes)).toMatchObject([
      { text: 'Hi Joe', delivery: { state: 'held' } },
    ])
  })
})

describe('Auto-Append Dynamic Text', () => {
  const on = { ...settings, autoAppend: true }
  const empty = company({ user: joe, settings: on })

  it('[F241] puts the name at the end of the first message of a conversation, where the account has it', () => {
    expect(leaving(decided(empty, begin('Your car is ready,')))).toEqual(['Your car is ready, Joe Smith'])
    expect(leaving(decided(empty, begin('Hi {{First Name}}, it is ready')))).toEqual(['Hi Joe, it is ready'])
    expect(leaving(decided(company({ user: joe }), begin('Your car is ready')))).toEqual([
      'Your car is ready',
    ])
  })

  it('[F241] leaves later messages alone, and one that joins a conversation', () => {
    const world = talking([inbound(1)], { user: joe, settings: on })
    expect(leaving(decided(world, say('And washed')))).toEqual(['And washed'])
    expect(leaving(decided({ ...world, conversation: null }, begin('And washed')))).toEqual(['And washed'])
  })

  it('adds nothing for somebody whose name nobody knows', () => {
    expect(leaving(decided(company({ settings: on }), begin('Your car is ready')))).toEqual([
      'Your car is ready',
    ])
  })
})

describe('text-only MMS', () => {
  const long = 'a'.repeat(2_000)

  it('[F125] carries 2,000 characters in one piece, whatever the account does with long texts', () => {
    for (const longMessages of ['refuse', 'concatenate', 'split'] as const) {
      const world = talking([], { settings: { ...settings, longMessages } })
      const decision = decided(world, say(long, { textOnly: true }))
      expect(effectsOf(decision, 'hand over')).toMatchObject([{ text: long, textOnly: true }])
      expect(entriesOf(decision.changes)).toMatchObject([{ text: long, textOnly: true, parts: 1 }])
      expect(refused(world, say(`${long}a`, { textOnly: true }))).toMatchObject({
        code: 'too long',
        text: '1 character over the limit of 2,000.',
      })
    }
    expect(effectsOf(decided(talking(), say('short')), 'hand over')[0]).not.toHaveProperty('textOnly')
  })

  it('[F126] [DC14] the limit is a setting, and never more than the carrier of the number takes', () => {
    const wide = { ...settings, textOnlyLimit: 4_000 }
    const text = 'a'.repeat(4_000)
    expect(leaving(decided(talking([], { settings: wide }), say(text, { textOnly: true })))).toEqual([text])
    expect(textOnlyLimit(wide, number(salesNumber, { mmsCharacters: 1_600 }))).toBe(1_600)
    expect(textOnlyLimit({ textOnlyLimit: 500 }, number(salesNumber, { mmsCharacters: 1_600 }))).toBe(500)
    const twilio = talking([], {
      numbers: new Map([[salesNumber, number(salesNumber, { mmsCharacters: 1_600 })]]),
    })
    expect(refused(twilio, say('a'.repeat(1_601), { textOnly: true })).code).toBe('too long')
  })

  it('[F125] a number without MMS refuses it with a way out', () => {
    const world = talking([], { numbers: new Map([[salesNumber, number(salesNumber, { mms: false })]]) })
    expect(refused(world, say('Hello', { textOnly: true }))).toMatchObject({
      code: 'no mms',
      text: 'This number cannot send MMS. Switch the paragraph sign off to send a text message.',
    })
    expect(leaving(decided(world, say('Hello')))).toEqual(['Hello'])
  })

  it('[F136] [F137] [DC27] emoji go by MMS and not by SMS', () => {
    const world = talking()
    expect(refused(world, say('Great 👍')).code).toBe('emoji')
    expect(leaving(decided(world, say('Great 👍', { textOnly: true })))).toEqual(['Great 👍'])
    const send = talking([], { settings: { ...settings, emoji: 'send' } })
    expect(leaving(decided(send, say('Great 👍')))).toEqual(['Great 👍'])
  })

  it('a held one is sent as the MMS that it was written as', () => {
    const held = reply(2, maya, 'held', { text: long, textOnly: true })
    const world = talking([inbound(1), held])
    const decision = decided(world, ask(maya, { name: 'SendHeld', conversation: talk, entry: held.id }))
    expect(effectsOf(decision, 'hand over')).toMatchObject([{ text: long, textOnly: true }])
  })

  it('is counted in characters, one piece in any alphabet', () => {
    expect(measure('👍é“x”', { mms: 10 })).toEqual({
      encoding: 'MMS',
      parts: 1,
      length: 5,
      remaining: 5,
      culprit: null,
    })
    expect(measure('', { mms: 10 }).parts).toBe(0)
    expect(refuseContent('👍'.repeat(11), { mms: 10 })).toMatchObject({ code: 'too long' })
    expect(firstEmoji('👍')).toBe('👍')
  })
})
