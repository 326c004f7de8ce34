import { expect, it } from 'vitest'
import { decide } from '#shared/core/decide.ts'
import type { Entry, Outbound } from '#shared/model/entry.ts'
import { morning } from '#test/kit/clock.ts'
import {
  ask,
  context,
  fate,
  inbound,
  live,
  maya,
  offline,
  otherTalk,
  refused,
  reply,
  sam,
  talk,
  talking,
} from '#test/kit/worlds.ts'

/** Texts of Maya's that were written 59.999 s ago, unless said otherwise. */
const said = (count: number, more: Partial<Outbound> = {}): Entry[] =>
  Array.from({ length: count }, (_, index) =>
    reply(index + 2, maya, 'sent', { at: morning - 59_999, ...more }),
  )
const send = (entries: Entry[], press = live, by = maya, now = morning) =>
  fate(
    decide(
      talking([inbound(1), ...entries]),
      ask(by, { name: 'SendReply', conversation: talk, text: 'And another' }, press),
      context(now),
    ),
  )

it('[E30] thirty texts a minute are taken from an agent in a conversation, and the next one is refused', () => {
  expect(send(said(29))).toBe('accepted')
  expect(send(said(30))).toBe('too many')
  const { text } = refused(
    talking([inbound(1), ...said(30)]),
    ask(maya, { name: 'ScheduleReply', conversation: talk, text: 'Later', at: morning + 60_000 }),
  )
  expect(text).toBe('Not sent: 30 texts a minute is the most in one conversation. Wait a moment.')
})

it("[E30] a colleague, another conversation, the next moment and a day's work from offline are not counted", () => {
  expect(send(said(30), live, sam)).toBe('accepted')
  expect(send(said(30, { conversation: otherTalk }))).toBe('accepted')
  expect(send(said(30), live, maya, morning + 1)).toBe('accepted')
  expect(send(said(30, { by: null }))).toBe('accepted')
  expect(send(said(30), { ...offline, seen: 99 })).toBe('accepted')
})
