import { describe, expect, it } from 'vitest'
import { momentOf } from '#shared/base/moment.ts'
import { clocks, draftName, parseDraftName } from '#shared/wire/draft.ts'
import { talk } from '#test/kit/worlds.ts'

describe('the draft lane on the wire', () => {
  it('[E15] a document is named by conversation, box and epoch, and the name is read back', () => {
    const epoch = momentOf(3, 1234)
    const name = draftName({ conversation: talk, kind: 'note' }, epoch)
    expect(name).toBe(`draft:${talk}:note:${epoch}`)
    expect(parseDraftName(name)).toEqual({ conversation: talk, kind: 'note', epoch })
  })

  it('[fault Y2] what is no name is none', () => {
    for (const bad of [
      '',
      'draft',
      `thread:${talk}:reply:0`,
      `draft:${talk}:reply`,
      `draft:${talk}:reply:`,
      `draft:${talk}:reply:-1`,
      `draft:${talk}:reply:01`,
      `draft:${talk}:reply:1e3`,
      `draft:${talk}:reply:9999999999999999`,
      `draft:${talk}:reply:1:2`,
      `draft:${talk}:secret:1`,
      'draft:nobody:reply:1',
      `draft:${talk}:reply:1\n`,
    ])
      expect(parseDraftName(bad), bad).toBeNull()
  })

  it('[E24] a moment of a later life comes after every moment of the one before', () => {
    expect(momentOf(2, 1)).toBeGreaterThan(momentOf(1, 2 ** 32 - 1))
    expect(Number.isSafeInteger(momentOf(2 ** 20, 2 ** 32 - 1))).toBe(true)
  })

  it('[fault Y2] clocks are counts by Yjs client id, of no more clients than a draft may have', () => {
    expect(clocks.safeParse({ 0: 1, 4294967295: 5 }).success).toBe(true)
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, id) => [id, 1]))
    expect([64, 65].map((count) => clocks.safeParse(many(count)).success)).toEqual([true, false])
    for (const bad of [{ '-1': 1 }, { a: 1 }, { 1: -1 }, { 1: 0.5 }, { 1: '1' }, [1]])
      expect(clocks.safeParse(bad).success, JSON.stringify(bad)).toBe(false)
  })
})
