import { beforeEach, expect, it, vi } from 'vitest'
import type { ConversationId } from '#shared/base/ids.ts'
import { closeToast, toasts } from '#client/ui/controls/toasts.ts'
import { endOffers, offer, undoLast } from '#client/ui/message-center/undo.ts'

const [one, other] = ['c-one', 'c-other'] as ConversationId[]
const nothing = () => Promise.resolve()
beforeEach(() => {
  for (const { id } of toasts()) closeToast(id)
  while (undoLast());
})

it('what was done to a conversation is not offered to be taken back any more once it has ended', () => {
  const undo = vi.fn(nothing)
  offer('Flagged for follow-up.', undo, one)
  endOffers(one as ConversationId)
  expect(toasts()).toEqual([])
  expect(undoLast()).toBe(false)
  expect(undo).not.toHaveBeenCalled()
})

it('the end of one conversation leaves what was done to another, and to views', () => {
  offer('You own this conversation.', nothing, other)
  offer('View added.', nothing)
  endOffers(one as ConversationId)
  expect(toasts().map(({ text }) => text)).toEqual(['You own this conversation.', 'View added.'])
  expect([undoLast(), undoLast(), undoLast()]).toEqual([true, true, false])
})
