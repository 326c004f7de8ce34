import { describe, expect, it } from 'vitest'
import { conversationId } from '#shared/base/ids.ts'
import { findNews, isIdle } from '#client/ui/attention/news.ts'

const one = conversationId.parse(`c${'a'.repeat(26)}`)
const two = conversationId.parse(`c${'b'.repeat(26)}`)

describe('idle alerts', () => {
  it('[F175] an agent is idle only when away from the page for longer than the idle time', () => {
    expect(isIdle(null, 1_000_000, 300)).toBe(false)
    expect(isIdle(0, 300_000, 300)).toBe(false)
    expect(isIdle(0, 300_001, 300)).toBe(true)
    expect(isIdle(0, 1_001, 1)).toBe(true)
  })

  it('a newer text is news once, and so is a conversation that has just begun', () => {
    const first = findNews(new Map(), [{ id: one, order: 3, at: 5 }], 10)
    expect(first.news).toEqual([])
    const second = findNews(first.known, [{ id: one, order: 4, at: 11 }], 10)
    expect(second.news).toEqual([one])
    expect(findNews(second.known, [{ id: one, order: 4, at: 12 }], 10).news).toEqual([])
    expect(findNews(second.known, [{ id: two, order: 1, at: 12 }], 10).news).toEqual([two])
  })

  it('what a list brings by scrolling is old, and an order that went back is no news', () => {
    const known = new Map([[one, 4]])
    expect(findNews(known, [{ id: two, order: 9, at: 9 }], 10).news).toEqual([])
    expect(findNews(known, [{ id: one, order: 2, at: 20 }], 10).news).toEqual([])
  })

  it('one without a text of a customer is no news', () => {
    expect(findNews(new Map(), [{ id: one, order: 0, at: 20 }], 10).news).toEqual([])
  })
})
