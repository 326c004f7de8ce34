import { describe, expect, it } from 'vitest'
import type { MobileUserInfo } from '#shared/core/command.ts'
import { ask, after, company, customer, jo, maya, refused, sam, userOf, decided } from '#test/kit/worlds.ts'

const blank: MobileUserInfo = { firstName: '', lastName: '', companyName: '' }
const save = (expect: MobileUserInfo, to: MobileUserInfo, by = maya) =>
  ask(by, { name: 'SaveMobileUser', user: jo, expect, to })
const known = (more: Partial<MobileUserInfo> = {}) => company({ user: customer({ ...blank, ...more }) })

describe('Mobile User Info', () => {
  it('[F244] [F248] is saved at any time, in one line without the spaces that paste brings', () => {
    const to = { firstName: '  Jo\n', lastName: 'van  der\tBerg', companyName: 'Acme, Inc.' }
    expect(userOf(decided(known(), save(blank, to)).changes)).toMatchObject({
      id: jo,
      address: '+13095551212',
      firstName: 'Jo',
      lastName: 'van der Berg',
      companyName: 'Acme, Inc.',
    })
    expect(refused(known(), save(blank, blank)).code).toBe('already so')
  })

  it('[F243] [F244] of somebody new is blank, and begins their record with the number that their id is made of', () => {
    const to = { ...blank, firstName: 'Jo' }
    const first = (address?: string) =>
      ask(maya, { name: 'SaveMobileUser', user: jo, ...(address ? { address } : {}), expect: blank, to })
    expect(userOf(decided(company({ user: null }), first('+13095551212')).changes)).toEqual({
      id: jo,
      address: '+13095551212',
      ...to,
      optedOut: null,
    })
    for (const wrong of [undefined, '+13095551213', '3095551212', 'nonsense!', 'Parley'])
      expect(refused(company({ user: null }), first(wrong)).code).toBe('unknown')
    expect(userOf(decided(known({ lastName: 'Smith' }), first('+13095551212')).changes)).toMatchObject({
      firstName: 'Jo',
      lastName: 'Smith',
    })
  })

  it('two agents who save different fields of one person at once both succeed', () => {
    const first = after(known(), save(blank, { ...blank, firstName: 'Jo' }))
    const second = after(first, save(blank, { ...blank, companyName: 'Acme' }, sam))
    expect(second.user).toMatchObject({ firstName: 'Jo', lastName: '', companyName: 'Acme' })
  })

  it('two agents who save the same field: the second is told what it says, and nothing of theirs is written', () => {
    const first = after(known(), save(blank, { ...blank, firstName: 'Jo' }))
    const late = save(blank, { firstName: 'Joe', lastName: 'Smith', companyName: '' }, sam)
    expect(refused(first, late)).toMatchObject({
      code: 'changed',
      text: 'Somebody else saved First Name meanwhile: it is "Jo" now.',
    })
    expect(refused(first, save(blank, { ...blank, firstName: 'Jo' }, sam)).code).toBe('already so')
    const emptied = after(first, save({ ...blank, firstName: 'Jo' }, blank))
    expect(
      refused(emptied, save({ ...blank, firstName: 'Jo' }, { ...blank, firstName: 'Joe' })).text,
    ).toContain('it is empty now')
  })

  it('a field that is too long is refused with its name', () => {
    expect(refused(known(), save(blank, { ...blank, lastName: 'x'.repeat(101) }))).toMatchObject({
      code: 'too long',
      text: 'Last Name holds at most 100 characters.',
    })
  })
})
