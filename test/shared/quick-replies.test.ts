import { describe, expect, it } from 'vitest'
import type { AgentId, QuickReplyId } from '#shared/base/ids.ts'
import { fold } from '#shared/core/fold.ts'
import type { World } from '#shared/core/world.ts'
import type { QuickReply } from '#shared/rows/quick-reply.ts'
import { audienceOf, audiencesOf } from '#shared/rules/audience.ts'
import { findQuickReplies, refuseQuickReply } from '#shared/rules/quick-replies.ts'
import { admin, ask, company, decided, maya, refused, sam } from '#test/kit/worlds.ts'

const id = 'q1' as QuickReplyId
const add = (by: AgentId, shared: boolean, text = 'See you soon!', more: { textOnly?: true } = {}) =>
  ask(by, { name: 'AddQuickReply', quickReply: id, shared, text, ...more })
const edit = (by: AgentId, was: string, text: string) =>
  ask(by, { name: 'EditQuickReply', quickReply: id, expect: was, text })
const remove = (by: AgentId, was: string) =>
  ask(by, { name: 'RemoveQuickReply', quickReply: id, expect: was })
const having = (by: AgentId, shared: boolean): World =>
  fold(company({ quickReply: null }), decided(company({ quickReply: null }), add(by, shared)).changes)

describe('quick replies', () => {
  it('[F140] go to their author alone or to everybody, as was chosen', () => {
    for (const shared of [true, false]) {
      const [put] = decided(company({ quickReply: null }), add(maya, shared, '  See you soon! \n')).changes
      expect(put).toMatchObject({ table: 'quickReplies', row: { id, by: maya, text: 'See you soon!' } })
      if (put?.kind !== 'row') throw new Error('There is no row.')
      const has = (agent: AgentId, role: 'agent' | 'admin') =>
        audiencesOf({ id: agent, role }).includes(audienceOf(put))
      expect([has(maya, 'agent'), has(sam, 'agent'), has(admin, 'admin')]).toEqual([true, shared, shared])
    }
  })

  it('[F140] are changed and removed by who added them and by admins; a private one exists for nobody else', () => {
    const shared = having(maya, true)
    for (const by of [maya, admin]) {
      expect(decided(shared, edit(by, 'See you soon!', 'Bye')).changes).toMatchObject([
        { row: { id, owner: null, by: maya, text: 'Bye' } },
      ])
      expect(decided(shared, remove(by, 'See you soon!')).changes).toEqual([
        { kind: 'gone', table: 'quickReplies', id },
      ])
    }
    expect(refused(shared, edit(sam, 'See you soon!', 'Bye')).code).toBe('forbidden')
    expect(refused(shared, remove(sam, 'See you soon!')).code).toBe('forbidden')
    for (const by of [sam, admin])
      expect(refused(having(maya, false), remove(by, 'See you soon!')).code).toBe('unknown')
  })

  it('nobody is overwritten unseen, and an id is used once', () => {
    const world = having(maya, true)
    const changed = fold(world, decided(world, edit(maya, 'See you soon!', 'Bye')).changes)
    expect(refused(changed, edit(admin, 'See you soon!', 'Ciao')).code).toBe('changed')
    expect(refused(changed, remove(admin, 'See you soon!')).code).toBe('changed')
    expect(refused(world, add(sam, true)).code).toBe('taken')
    expect(refused(world, edit(maya, 'See you soon!', ' See you soon! ')).code).toBe('already so')
    const gone = fold(world, decided(world, remove(maya, 'See you soon!')).changes)
    expect(refused(gone, edit(maya, 'See you soon!', 'Bye')).code).toBe('unknown')
  })

  it('[F128] [DC14] a text-only MMS is kept with at most 159 characters, now and when it is edited', () => {
    const world = company({ quickReply: null })
    const short = 'é'.repeat(159)
    expect(decided(world, add(maya, true, short, { textOnly: true })).changes).toMatchObject([
      { row: { text: short, textOnly: true } },
    ])
    expect(refused(world, add(maya, true, `${short}é`, { textOnly: true }))).toMatchObject({
      code: 'too long',
      text: 'A text-only MMS can be a quick reply with fewer than 160 characters; this one has 160.',
    })
    const kept = fold(world, decided(world, add(maya, true, short, { textOnly: true })).changes)
    expect(refused(kept, edit(maya, short, `${short}é`)).code).toBe('too long')
    expect(decided(world, add(maya, true, `${short}é`)).changes).toHaveLength(1)
    expect(refuseQuickReply('a'.repeat(2_001))).toMatchObject({ code: 'too long' })
    expect(refuseQuickReply('  ')).toMatchObject({ code: 'empty' })
  })
})

describe('finding one', () => {
  const texts = ['Thank you very much!', 'Your car is ready.', 'We open at 8.', 'Café is next door']
  const replies = texts.map((text, index): QuickReply => {
    return { id: `q${index}` as QuickReplyId, owner: null, by: maya, text }
  })
  const found = (typed: string) => findQuickReplies(replies, typed).map(({ reply }) => reply.text)

  it('knows whole words, beginnings, accents and scattered letters, best first', () => {
    expect(found('')).toEqual([
      'Café is next door',
      'Thank you very much!',
      'We open at 8.',
      'Your car is ready.',
    ])
    expect(found('READY')).toEqual(['Your car is ready.'])
    expect(found('cafe')).toEqual(['Café is next door'])
    expect(found('tyv')[0]).toBe('Thank you very much!')
    expect(found('you')[0]).toBe('Your car is ready.')
    expect(found('zzz')).toEqual([])
  })

  it('says which letters fit', () => {
    const [first] = findQuickReplies(replies, 'car')
    expect(first?.marks.map((at) => first.reply.text[at]).join('')).toBe('car')
  })
})
