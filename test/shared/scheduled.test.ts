import { describe, expect, it } from 'vitest'
import { mediaId, type MediaId } from '#shared/base/ids.ts'
import { hour } from '#shared/base/time.ts'
import { decide } from '#shared/core/decide.ts'
import type { Command } from '#shared/core/command.ts'
import { fold } from '#shared/core/fold.ts'
import type { Input } from '#shared/core/input.ts'
import { isRefusal } from '#shared/core/outcome.ts'
import { putBack } from '#shared/core/put-back.ts'
import { held, type Upload, type World } from '#shared/core/world.ts'
import type { Outbound } from '#shared/model/entry.ts'
import {
  after,
  arrive,
  ask,
  context,
  decided,
  jo,
  maya,
  offline,
  sam,
  talk,
  talking,
} from '#test/kit/worlds.ts'

const { now } = context()
const at = now + 3 * hour
const then = context(at)
const schedule = (more: Partial<Extract<Command, { name: 'ScheduleReply' }>> = {}): Command => ({
  name: 'ScheduleReply',
  conversation: talk,
  text: 'See you at nine',
  at,
  ...more,
})
const textOf = (world: World): Outbound => {
  const text = held(world.thread)?.entries.find((entry) => entry.kind === 'outbound')
  if (text?.kind !== 'outbound') throw new Error('nothing was written')
  return text
}
/** The world after the press, with the scheduled text named, as the timer's input names it. */
function scheduled(): { world: World; text: Outbound } {
  const world = after(talking(), ask(maya, schedule()))
  const text = textOf(world)
  return { world: { ...world, text }, text }
}
const due = (text: Outbound): Input => ({
  kind: 'timer',
  id: `scheduled:${text.id}`,
  what: 'scheduled',
  message: text.id,
})

describe('a reply that is scheduled', () => {
  it('[DC22] waits for its time and tells no carrier, and goes then as any reply does', () => {
    const world = talking()
    const decision = decided(world, ask(maya, schedule()))
    expect(decision.effects).toMatchObject([{ kind: 'schedule', due: at }])
    const { world: waiting, text } = scheduled()
    expect(text.delivery).toEqual({ state: 'scheduled', at: now, due: at })
    // Nobody has answered yet, so the list says what it said.
    expect(held(waiting.conversation)?.preview).toBe(held(world.conversation)?.preview)
    const sent = decided(waiting, due(text), then)
    expect(sent.effects).toMatchObject([{ kind: 'hand over', message: text.id, text: 'See you at nine' }])
    expect(held(fold(waiting, sent.changes).conversation)?.preview).toBe('See you at nine')
    expect(decided(fold(waiting, sent.changes), due(text), then)).toEqual({ changes: [], effects: [] })
  })

  it('[DC22] is cancelled and offered again when the customer writes first', () => {
    const { world, text } = scheduled()
    const wrote = decided(world, arrive('Can we say ten?'))
    expect(wrote.effects).toContainEqual({ kind: 'withdraw', message: text.id })
    const offered = fold(world, wrote.changes)
    expect(textOf(offered).delivery).toMatchObject({
      state: 'held',
      why: 'wrote first',
      text: 'Can we say ten?',
    })
    expect(decided({ ...offered, text: textOf(offered) }, due(text), then)).toEqual({
      changes: [],
      effects: [],
    })
    const sent = decided(offered, ask(maya, { name: 'SendHeld', conversation: talk, entry: text.id }))
    expect(sent.effects).toContainEqual(expect.objectContaining({ kind: 'hand over', message: text.id }))
  })

  it('[DC25] is refused when the person opts out, or the conversation ends', () => {
    const { world, text } = scheduled()
    const out = fold(world, decided(world, arrive('STOP')).changes)
    expect(textOf(out).delivery).toMatchObject({ state: 'refused', code: 'opted out' })
    const ended = decided(world, ask(sam, { name: 'EndConversation', conversation: talk }))
    expect(textOf(fold(world, ended.changes)).delivery).toMatchObject({ state: 'refused', code: 'closed' })
    expect(ended.effects).toContainEqual({ kind: 'withdraw', message: text.id })
    // Should the opt-out have come on a way that overlooked it, its time finds it.
    const user = held(world.user)
    if (!user) throw new Error('nobody')
    const optedOut = { at: 1, word: 'STOP', cause: text.id }
    const atItsTime = decided({ ...world, user: { ...user, optedOut } }, due(text), then)
    expect(atItsTime.effects).toEqual([])
    expect(atItsTime.changes).toMatchObject([{ kind: 'delivery', delivery: { state: 'refused' } }])
  })

  it('[DC22] anybody may send it now or cancel it, since its author may be away', () => {
    const { world, text } = scheduled()
    const sentNow = decided(world, ask(sam, { name: 'SendHeld', conversation: talk, entry: text.id }))
    expect(sentNow.effects.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['withdraw', 'hand over']))
    const cancelled = decided(world, ask(sam, { name: 'DiscardHeld', conversation: talk, entry: text.id }))
    expect(textOf(fold(world, cancelled.changes)).delivery.state).toBe('discarded')
    expect(cancelled.effects).toEqual([{ kind: 'withdraw', message: text.id }])
  })

  it('[DC22] a time that is past is refused at the press, and held where it passed without a connection', () => {
    const past = schedule({ at: now - 1 })
    expect(decide(talking(), ask(maya, past), context())).toMatchObject({ refused: true, code: 'past' })
    const world = talking()
    const decision = decided(world, ask(maya, past, { ...offline, seen: 1 }))
    expect(decision.effects.map(({ kind }) => kind)).toEqual(['hold'])
    expect(textOf(fold(world, decision.changes)).delivery).toMatchObject({
      state: 'held',
      why: 'time passed',
    })
    const far = schedule({ at: now + 400 * 24 * hour })
    expect(decide(world, ask(maya, far), context())).toMatchObject({ refused: true, code: 'past' })
  })

  it('[E24] waits for a person after the account went back in time', () => {
    const { world, text } = scheduled()
    const kept = {
      id: jo,
      user: held(world.user),
      userIsNewer: false,
      conversations: [],
      thread: held(world.thread) ?? { next: 1, entries: [] },
      unsent: [],
      waiting: [],
    }
    const { changes } = putBack(kept, { user: null, conversations: [], entries: [] }, at)
    expect(changes).toContainEqual({
      kind: 'delivery',
      user: jo,
      entry: text.id,
      delivery: { state: 'held', at, why: 'restored', text: '' },
    })
  })
})

describe('pictures of a reply', () => {
  const picture = (n: number) => mediaId.parse(`m${'a'.repeat(25)}${String.fromCharCode(97 + n)}`)
  const reply = (text: string, media: MediaId[]) =>
    ask(maya, { name: 'SendReply', conversation: talk, text, media })
  const known = (...uploads: (Upload | null)[]) => ({
    ...talking(),
    uploads: new Map(uploads.map((upload, index) => [picture(index), upload])),
  })
  const small = { contentType: 'image/png', bytes: 40_000 }

  it('[F119] go with it as one MMS, also without words and with emoji', () => {
    const world = known(small, small)
    const decision = decided(world, reply('', [picture(0), picture(1)]))
    expect(decision.effects).toMatchObject([{ kind: 'hand over', media: [picture(0), picture(1)], text: '' }])
    expect(textOf(fold(world, decision.changes))).toMatchObject({
      parts: 1,
      media: [{ id: picture(0), contentType: 'image/png', copy: { state: 'kept', bytes: 40_000 } }, {}],
    })
    expect(held(fold(world, decision.changes).conversation)?.preview).toBe('Picture')
    expect(decided(world, reply(`${'Long '.repeat(200)}🙂`, [picture(0)])).effects).toHaveLength(1)
  })

  it('[F123] have to fit what the number sends, and be no more than its carrier takes', () => {
    const big = { contentType: 'image/jpeg', bytes: 600_000 }
    expect(decide(known(big, big), reply('', [picture(0), picture(1)]), context())).toMatchObject({
      code: 'picture',
      text: 'The pictures have 1.2 MB, and this number sends 1 MB at most.',
    })
    const eleven = Array.from({ length: 11 }, (_, index) => picture(index))
    expect(decide(talking(), reply('', eleven), context())).toMatchObject({ code: 'picture' })
  })

  it('[E29] one that is not in own storage is refused, and one that is not known here is not', () => {
    expect(decide(known(null), reply('Hi', [picture(0)]), context())).toMatchObject({ code: 'picture' })
    expect(isRefusal(decide(talking(), reply('Hi', [picture(0)]), context()))).toBe(false)
  })
})
