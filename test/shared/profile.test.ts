import { describe, expect, it } from 'vitest'
import type { AgentId, MediaId } from '#shared/base/ids.ts'
import type { ProfileSaid } from '#shared/core/command.ts'
import type { Agent } from '#shared/rows/agent.ts'
import { defaultIdleSeconds, profileLabels, profileMails, profileOf } from '#shared/rules/profile.ts'
import { limits } from '#shared/wire/limits.ts'
import { seededIds } from '#test/kit/random.ts'
import { admin, after, ask, company, decided, effectsOf, gone, maya, refused, sam } from '#test/kit/worlds.ts'

const save = (expect: ProfileSaid, to: ProfileSaid, by: AgentId = maya, agent: AgentId = maya) =>
  ask(by, { name: 'SaveProfile', agent, expect, to })
const rowOf = (world: ReturnType<typeof company>, id: AgentId) => world.agents.get(id) as Agent

describe('a profile', () => {
  it('[F31] the screenname can be changed at any time, in one line, and no two colleagues have the same', () => {
    const renamed = after(company(), save({ name: 'Maya' }, { name: ' Maya \n Okafor ' }))
    expect(rowOf(renamed, maya)).toMatchObject({ name: 'Maya Okafor', email: 'maya@demo.test' })
    expect(refused(company(), save({ name: 'Maya' }, { name: '  ' })).code).toBe('empty')
    expect(refused(company(), save({ name: 'Maya' }, { name: 'SAM' }))).toMatchObject({
      code: 'taken',
      text: 'Somebody else has the Screenname SAM.',
    })
    // Who is gone gives their name free, and one's own in other letters is one's own.
    expect(rowOf(after(company(), save({ name: 'Maya' }, { name: 'Gone' })), maya).name).toBe('Gone')
    expect(rowOf(after(company(), save({ name: 'Maya' }, { name: 'MAYA' })), maya).name).toBe('MAYA')
    expect(refused(company(), save({ name: 'Maya' }, { name: 'x'.repeat(61) })).text).toBe(
      'Screenname holds at most 60 characters.',
    )
  })

  it('[F32] [F33] idle alerts begin after 300 seconds, or after any number that the agent sets', () => {
    expect(profileOf(rowOf(company(), maya)).idleSeconds).toBe(300)
    expect(defaultIdleSeconds).toBe(300)
    for (const idleSeconds of [1, 45, 86_400])
      expect(
        profileOf(rowOf(after(company(), save({ idleSeconds: 300 }, { idleSeconds })), maya)).idleSeconds,
      ).toBe(idleSeconds)
    for (const idleSeconds of [0, -5, 3_000_000])
      expect(refused(company(), save({ idleSeconds: 300 }, { idleSeconds })).text).toBe(
        'Idle Alert Time in Seconds is a number from 1 to 1,000,000.',
      )
  })

  it('[F181] [F182] four mails are chosen in any combination, each by itself', () => {
    expect(profileMails.map((mail) => profileLabels[mail])).toEqual([
      'Conversation transfer to or from you',
      'Conversation transfer to or from your group',
      'A new message in your conversations',
      "A new message in your group's conversations",
    ])
    for (let choice = 0; choice < 16; choice++) {
      const to = Object.fromEntries(profileMails.map((mail, bit) => [mail, (choice & (1 << bit)) > 0]))
      const none = Object.fromEntries(profileMails.map((mail) => [mail, false]))
      const world = choice === 0 ? company() : after(company(), save(none, to))
      expect(profileOf(rowOf(world, maya))).toMatchObject(to)
    }
  })

  it('[F34] takes a time zone that there is, and none is the account’s again', () => {
    const abroad = after(company(), save({ timeZone: '' }, { timeZone: 'Asia/Kolkata' }))
    expect(rowOf(abroad, maya).timeZone).toBe('Asia/Kolkata')
    const back = after(abroad, save({ timeZone: 'Asia/Kolkata' }, { timeZone: '' }))
    expect(rowOf(back, maya).timeZone).toBeUndefined()
    expect(refused(company(), save({ timeZone: '' }, { timeZone: 'Mars/Olympus' })).code).toBe('bad value')
  })

  it('[F35] an avatar is a picture that the account has, small enough for everybody to fetch', () => {
    const avatar: MediaId = seededIds(3).media()
    const with_ = (bytes: number | null) =>
      company({
        uploads: new Map([[avatar, bytes === null ? null : { contentType: 'image/jpeg', bytes }]]),
      })
    const put = save({ avatar: null }, { avatar })
    const pictured = after(with_(20_000), put)
    expect(rowOf(pictured, maya).avatar).toBe(avatar)
    expect(rowOf(after(pictured, save({ avatar }, { avatar: null })), maya).avatar).toBeUndefined()
    expect(refused(with_(null), put)).toMatchObject({ code: 'picture' })
    expect(refused(with_(limits.avatar + 1), put).text).toBe('Your Avatar can have at most 66 KB.')
  })

  it('is one’s own; of others it is edited by who may edit people, and that is written down', () => {
    expect(refused(company(), save({ name: 'Sam' }, { name: 'Samuel' }, maya, sam)).code).toBe('forbidden')
    const edited = decided(company(), save({ name: 'Sam' }, { name: 'Samuel' }, admin, sam))
    expect(edited.changes).toMatchObject([
      { table: 'agents', row: { id: sam, name: 'Samuel', role: 'agent' } },
    ])
    expect(effectsOf(edited, 'audit')).toEqual([
      { kind: 'audit', what: 'edited the profile', by: admin, about: sam },
    ])
    expect(effectsOf(decided(company(), save({ name: 'Maya' }, { name: 'M' })), 'audit')).toEqual([])
    expect(refused(company(), save({}, { firstName: 'X' }, admin, gone)).code).toBe('unknown')
    expect(refused(company(), save({}, { firstName: 'X' }, admin, 'nobody' as AgentId)).code).toBe('unknown')
  })

  it('saved twice at once: other fields both stand, and of the same field the second is told what it says', () => {
    const first = after(company(), save({ name: 'Maya' }, { name: 'Maya O.' }))
    const second = after(first, save({ lastName: '' }, { lastName: 'Okafor' }, admin))
    expect(rowOf(second, maya)).toMatchObject({ name: 'Maya O.', lastName: 'Okafor' })
    expect(refused(first, save({ name: 'Maya' }, { name: 'May' }, admin))).toMatchObject({
      code: 'changed',
      text: 'Somebody else saved Screenname meanwhile: it is "Maya O." now.',
    })
    expect(refused(first, save({ name: 'Maya O.' }, { name: 'Maya O.' })).code).toBe('already so')
    expect(refused(first, save({}, {})).code).toBe('already so')
  })
})
