import { describe, expect, it } from 'vitest'
import type { AgentId } from '#shared/base/ids.ts'
import { day } from '#shared/base/time.ts'
import { audienceOf } from '#shared/rules/audience.ts'
import { mentionBefore, mentionsIn } from '#shared/rules/mentions.ts'
import type { Mention } from '#shared/rows/mention.ts'
import {
  admin,
  ask,
  company,
  context,
  decided,
  gone,
  maya,
  refused,
  sam,
  talk,
  talking,
} from '#test/kit/worlds.ts'

const named = (text: string) =>
  mentionsIn(text, company().agents.values()).map(({ agent, from, to }) => [agent, text.slice(from, to)])
const note = (by: AgentId, text: string) => ask(by, { name: 'AddNote', conversation: talk, text })

describe('mentions in a note', () => {
  it('are an @ and a name, in letters of any case, and the longest name counts', () => {
    expect(named('@Sam can you? Or @maya, or @ADMIN.')).toEqual([
      [sam, '@Sam'],
      [maya, '@maya'],
      [admin, '@ADMIN'],
    ])
    const team = [...company().agents.values()]
    const lees = team.map((agent) => ({
      ...agent,
      id: `${agent.id} lee` as AgentId,
      name: `${agent.name} Lee`,
    }))
    const both = mentionsIn('@Sam Lee and @Sam', [...team, ...lees])
    expect(both.map(({ agent }) => agent)).toEqual(['sam lee', sam])
  })

  it('are no addresses, no parts of words, and nobody who is not an agent any more', () => {
    expect(named('mail sam@sam.test, @Samuel, @, @nobody, @Gone')).toEqual([])
    expect(company().agents.get(gone)?.active).toBe(false)
  })

  it('are rows for each agent who is named, for that agent only, and none for the author', () => {
    const { changes } = decided(talking(), note(maya, '@Sam @sam @Maya the discount is yours'))
    const rows = changes.flatMap((change) =>
      change.kind === 'row' && change.table === 'mentions' ? [change] : [],
    )
    expect(rows.map(({ row }) => [row.agent, row.by, row.seen])).toEqual([[sam, maya, false]])
    expect(rows.map(audienceOf)).toEqual([`agent:${sam}`])
    const entry = changes.find(({ kind }) => kind === 'entry')
    expect(entry?.kind === 'entry' && entry.entry.kind === 'note' && entry.entry.mentions?.length).toBe(3)
  })

  it('an @ that is being typed is found before the cursor', () => {
    expect(mentionBefore('Ask @Sa about it', 7)).toEqual({ at: 4, typed: 'Sa' })
    expect(mentionBefore('@', 1)).toEqual({ at: 0, typed: '' })
    expect(mentionBefore('sam@sa', 6)).toBe(null)
    expect(mentionBefore('Ask', 3)).toBe(null)
  })

  it('are seen once their conversation is opened; what was seen long ago goes', () => {
    const row = (id: string, more: Partial<Mention> = {}): Mention => ({
      id: `${sam}:${id}`,
      agent: sam,
      conversation: talk,
      user: 'u1' as never,
      entry: 'e1' as never,
      by: maya,
      at: 0,
      preview: '',
      seen: false,
      ...more,
    })
    const see = ask(sam, { name: 'SeeMentions', conversation: talk })
    const elsewhere = row('c', { conversation: 'other' as never })
    const mentions = [
      row('a'),
      row('b', { seen: true }),
      row('d', { seen: true, at: context().now - 89 * day }),
      elsewhere,
    ]
    const { changes } = decided({ ...talking(), mentions }, see)
    expect(changes.map((change) => (change.kind === 'row' ? change.row.id : change.kind))).toEqual([
      `${sam}:a`,
      'gone',
    ])
    expect(refused({ ...talking(), mentions: [elsewhere] }, see).code).toBe('already so')
  })
})

describe('Away', () => {
  it('is what an agent says of themselves, and changes nothing else', () => {
    const { changes } = decided(company(), ask(maya, { name: 'SetAway', away: true }))
    expect(changes).toEqual([
      { kind: 'row', table: 'agents', row: { ...company().agents.get(maya), away: true } },
    ])
    expect(refused(company(), ask(maya, { name: 'SetAway', away: false })).code).toBe('already so')
    expect(refused(company(), ask(gone, { name: 'SetAway', away: true })).code).toBe('forbidden')
  })
})
