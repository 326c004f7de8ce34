import { describe, expect, it } from 'vitest'
import type { NumberSaid, SettingsSaid } from '#shared/core/command.ts'
import { switchesOf } from '#shared/rules/configuration.ts'
import { textOnlyLimit } from '#shared/rules/content.ts'
import {
  admin,
  after,
  ask,
  company,
  decided,
  effectsOf,
  maya,
  refused,
  salesNumber,
} from '#test/kit/worlds.ts'

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

  it('two admins at once: other switches both stand, of the same one the second is told', () => {
    const first = after(company(), save({ textOnlyLimit: 2_000 }, { textOnlyLimit: 4_000 }))
    const second = after(first, save({ autoAppend: false }, { autoAppend: true }))
    expect(switchesOf(second.settings)).toEqual({
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
