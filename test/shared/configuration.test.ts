import { describe, expect, it } from 'vitest'
import type { NumberSaid, SettingsSaid } from '#shared/core/command.ts'
import { minute } from '#shared/base/time.ts'
import { decide } from '#shared/core/decide.ts'
import { switchesOf } from '#shared/rules/configuration.ts'
import { textOnlyLimit } from '#shared/rules/content.ts'
import { waitingDue } from '#shared/rules/flags.ts'
import {
  admin,
  after,
  ask,
  company,
  context,
  conversation,
  decided,
  effectsOf,
  fate,
  leaving,
  maya,
  refused,
  salesNumber,
  talk,
  talking,
} from '#test/kit/worlds.ts'
import { morning } from '#test/kit/clock.ts'

const save = (expect: SettingsSaid, to: SettingsSaid, by = admin) =>
  ask(by, { name: 'SaveSettings', expect, to })
const saveNumber = (expect: NumberSaid, to: NumberSaid, by = admin, number = salesNumber) =>
  ask(by, { name: 'SaveNumber', number, expect, to })
const limitOf = (world: ReturnType<typeof company>) => {
  const number = world.numbers.get(salesNumber)
  return number && textOnlyLimit(world.settings, number)
}

describe('the settings of an account', () => {
  it('[F134] an admin allows or disallows inbound MMS, others may not, and it is written down', () => {
    const off = save({ inboundMedia: 'allow' }, { inboundMedia: 'disallow' })
    expect(after(company(), off).settings.inboundMedia).toBe('disallow')
    expect(effectsOf(decided(company(), off), 'audit')).toEqual([
      { kind: 'audit', what: 'changed inboundMedia to disallow', by: admin, about: 'account' },
    ])
    expect(refused(company(), { ...off, actor: maya }).code).toBe('forbidden')
    expect(refused(after(company(), off), off).code).toBe('already so')
  })

  it('[F126] the limit of a text-only MMS is set to 4,000 by who may, and only to what the box takes', () => {
    expect(limitOf(company())).toBe(2_000)
    expect(limitOf(after(company(), save({ textOnlyLimit: 2_000 }, { textOnlyLimit: 4_000 })))).toBe(4_000)
    for (const textOnlyLimit of [0, -1, 10_001])
      expect(refused(company(), save({ textOnlyLimit: 2_000 }, { textOnlyLimit })).text).toBe(
        'Characters in a Text-Only MMS is a number from 1 to 10,000.',
      )
  })

  it('[F113] [DC1] an admin, and no agent, says what becomes of texts over 160 characters, and a number has its own way', () => {
    const long = ask(maya, { name: 'SendReply', conversation: talk, text: 'a'.repeat(161) })
    const disallow = save({ longMessages: 'concatenate' }, { longMessages: 'refuse' })
    expect(leaving(decided(talking(), long))).toHaveLength(1)
    const strict = after(talking(), disallow)
    expect(fate(decide(strict, long, context()))).toBe('too long')
    const split = after(strict, saveNumber({ longMessages: null }, { longMessages: 'split' }))
    expect(leaving(decided(split, long))).toHaveLength(2)
    const back = after(split, saveNumber({ longMessages: 'split' }, { longMessages: null }))
    expect(fate(decide(back, long, context()))).toBe('too long')
    expect(refused(talking(), { ...disallow, actor: maya }).code).toBe('forbidden')
  })

  it('[F85] [DC16] [DC27] an admin sets the waiting time, between a minute and a week, and whether emoji go out', () => {
    const soon = after(company(), save({ waitingMinutes: 15 }, { waitingMinutes: 5 }))
    const asked = conversation({ unanswered: { since: morning, waiting: false } })
    expect(waitingDue(asked, soon.settings, undefined)).toBe(morning + 5 * minute)
    for (const waitingMinutes of [0, 10_081])
      expect(refused(company(), save({ waitingMinutes: 15 }, { waitingMinutes })).text).toBe(
        'Minutes until Waiting for Reply is a number from 1 to 10,080.',
      )
    const smile = ask(maya, { name: 'SendReply', conversation: talk, text: 'Thanks 👍' })
    expect(fate(decide(talking(), smile, context()))).toBe('emoji')
    const withThem = after(talking(), save({ emoji: 'refuse' }, { emoji: 'send' }))
    expect(leaving(decided(withThem, smile))).toEqual(['Thanks 👍'])
  })

  it('two admins at once: other switches both stand, of the same one the second is told', () => {
    const first = after(company(), save({ textOnlyLimit: 2_000 }, { textOnlyLimit: 4_000 }))
    const second = after(first, save({ autoAppend: false }, { autoAppend: true }))
    expect(switchesOf(second.settings)).toMatchObject({
      inboundMedia: 'allow',
      autoAppend: true,
      textOnlyLimit: 4_000,
    })
    expect(refused(first, save({ textOnlyLimit: 2_000 }, { textOnlyLimit: 3_000 })).text).toBe(
      'Somebody else saved Characters in a Text-Only MMS meanwhile: it is 4000 now.',
    )
  })
})

describe('the settings of a number', () => {
  it('[F125] say whether it sends MMS, and how many characters its carrier takes in one', () => {
    const few = after(company(), saveNumber({ mmsCharacters: null }, { mmsCharacters: 1_600 }))
    expect(limitOf(few)).toBe(1_600)
    expect(limitOf(after(few, saveNumber({ mmsCharacters: 1_600 }, { mmsCharacters: null })))).toBe(2_000)
    expect(limitOf(after(company(), saveNumber({ mms: true }, { mms: false })))).toBe(0)
    expect(refused(company(), saveNumber({ mmsCharacters: null }, { mmsCharacters: 0 })).code).toBe(
      'bad value',
    )
    expect(refused(company(), saveNumber({ mms: true }, { mms: false }, maya)).code).toBe('forbidden')
    expect(
      refused(company(), saveNumber({ mms: true }, { mms: false }, admin, 'n19995550100' as never)).code,
    ).toBe('unknown')
  })
})
