import { describe, expect, it } from 'vitest'
import { putBack, type Kept } from '#shared/core/put-back.ts'
import { held } from '#shared/core/world.ts'
import type { Entry } from '#shared/model/entry.ts'
import {
  after,
  ask,
  context,
  conversation,
  inbound,
  jo,
  maya,
  reply,
  sam,
  talk,
  talking,
} from '#test/kit/worlds.ts'

/** A person in an account that went back, where Maya has pressed SEND before anybody noticed. */

const { now } = context()
const world = after(talking(), ask(maya, { name: 'SendReply', conversation: talk, text: 'Of this life' }))
const entries = held(world.thread)?.entries ?? []
const text = entries.find((entry) => entry.kind === 'outbound')
if (!text) throw new Error('Nothing was written.')
const kept: Kept = {
  id: jo,
  user: held(world.user),
  userIsNewer: false,
  conversations: [conversation()],
  thread: held(world.thread) ?? { next: 1, entries: [] },
  unsent: [],
  waiting: [text.id],
}
const back = (...lost: Entry[]) => putBack(kept, { user: null, conversations: [], entries: lost }, now)
const deliveries = ({ changes }: ReturnType<typeof putBack>) =>
  changes.flatMap((change) => (change.kind === 'delivery' ? [change] : []))

describe('a text that was accepted since the account went back', () => {
  it('[E13] [E24] [P5] waits for its author where the customer wrote, or a colleague, in the life that is lost', () => {
    for (const [lost, why] of [
      [inbound(7, { text: 'Of the lost life' }), 'customer wrote'],
      [reply(7, sam, 'sent', { text: 'Of the lost life' }), 'colleague answered'],
    ] as const) {
      const result = back(lost)
      expect(result.overtaken).toEqual([text.id])
      const delivery = { state: 'held', at: now, why, text: 'Of the lost life' }
      expect(deliveries(result)).toEqual([{ kind: 'delivery', user: jo, entry: text.id, delivery }])
      expect(result.changes).toContainEqual(
        expect.objectContaining({ row: expect.objectContaining({ id: talk, trouble: 'held' }) }),
      )
    }
  })

  it('[E24] goes where nothing came back that its author could have wanted to read first', () => {
    for (const lost of [[], [reply(7, maya, 'sent')]]) {
      const result = back(...lost)
      expect(result.overtaken).toEqual([])
      expect(deliveries(result)).toEqual([])
    }
  })
})
