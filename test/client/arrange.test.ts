import { expect, it } from 'vitest'
import { rangeOf, splitThread } from '#client/ui/message-center/thread/arrange.ts'
import { seededIds } from '#test/kit/random.ts'
import { inbound, otherTalk, talk } from '#test/kit/worlds.ts'

const third = seededIds(3).conversation()
const said = (order: number, conversation = talk) => inbound(order, { conversation, at: order * 1000 })

it('[F229] [F230] what was said before is folded by conversation, from the start of the earliest to the latest word', () => {
  const { before, entries, after } = splitThread(
    [said(5, third), said(6, third), said(7, otherTalk), said(8, otherTalk), said(9)],
    talk,
  )
  expect(before.map(({ conversation, from, to }) => [conversation, from, to])).toEqual([
    [third, 5000, 6000],
    [otherTalk, 7000, 8000],
  ])
  expect([entries.length, after.length]).toEqual([1, 0])
  expect(rangeOf(before, [])).toEqual({ from: 5000, to: 8000 })
  // Of a long thread the device has the later part: the earliest conversation began before that.
  expect(rangeOf(before, [2000, 7000])).toEqual({ from: 2000, to: 8000 })
  expect(rangeOf([], [2000])).toBe(null)
})

it('[F95] an older conversation that is opened has those before it above and those since then below', () => {
  const { before, entries, after } = splitThread([said(1, third), said(2), said(3, otherTalk)], talk)
  expect(before.map(({ conversation }) => conversation)).toEqual([third])
  expect(entries.map(({ order }) => order)).toEqual([2])
  expect(after.map(({ conversation }) => conversation)).toEqual([otherTalk])
})
