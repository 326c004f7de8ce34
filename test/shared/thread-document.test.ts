import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { ThreadChange } from '#shared/core/outcome.ts'
import { foldThread } from '#shared/core/fold.ts'
import {
  applyUpdate,
  clientOf,
  clockOf,
  encode,
  encodeSince,
  isThreadUpdate,
  newDocument,
  readForeignThread,
  readThread,
  soleClock,
  writeThread,
} from '#shared/docs/thread.ts'
import type { Delivery } from '#shared/model/delivery.ts'
import type { Entry, Media, Thread } from '#shared/model/entry.ts'
import { makeRandom, runs } from '#test/kit/random.ts'
import { inbound, inState, jo, maya, note, reply, system } from '#test/kit/worlds.ts'

const client = clientOf(1, 1)
const add = (entry: Entry): ThreadChange => ({ kind: 'entry', user: jo, entry })
const move = (entry: Entry, delivery: Delivery): ThreadChange => ({
  kind: 'delivery',
  user: jo,
  entry: entry.id,
  delivery,
})

/** Steps of a thread's life: entries of every kind in order, and receipts for texts that are there. */
const life = fc
  .array(
    fc.tuple(fc.nat(4), fc.nat(100), fc.constantFrom('sent', 'delivered', 'failed', 'unconfirmed' as const)),
    { maxLength: 25 },
  )
  .map((steps) => {
    const changes: ThreadChange[] = []
    const texts: Entry[] = []
    for (const [kind, which, state] of steps) {
      const order = changes.filter((change) => change.kind === 'entry').length + 1
      const text = texts[which % Math.max(1, texts.length)]
      if (kind === 4 && text) changes.push(move(text, inState(state)))
      else {
        const entry = [
          inbound(order),
          reply(order, maya, 'accepted'),
          note(order, maya),
          system(order, maya),
        ][kind % 4] as Entry
        if (entry.kind === 'outbound') texts.push(entry)
        changes.push(add(entry))
      }
    }
    return changes
  })

describe('a thread document', () => {
  it('reads back what was written, the same as folding it', () => {
    fc.assert(
      fc.property(life, (changes) => {
        const doc = newDocument()
        let plain: Thread = { next: 1, entries: [] }
        for (const change of changes) {
          writeThread(doc, client, [change])
          plain = foldThread(plain, change)
        }
        expect(readThread(doc)).toEqual(plain)
      }),
      runs,
    )
  })

  it('[E4] a device that applies each update at exactly its clock holds the same thread', () => {
    fc.assert(
      fc.property(life, (changes) => {
        const [edge, device] = [newDocument(), newDocument()]
        for (const change of changes) {
          const { update, from, to } = writeThread(edge, client, [change])
          expect(soleClock(device)).toBe(from)
          expect(to).toBeGreaterThan(from)
          applyUpdate(device, update)
          expect(soleClock(device)).toBe(to)
        }
        expect(readThread(device)).toEqual(readThread(edge))
      }),
      runs,
    )
  })

  it('[E3] what a device lacks since its clock brings it up to date, and a device that is up to date lacks nothing', () => {
    fc.assert(
      fc.property(life, fc.nat(25), (changes, at) => {
        const [edge, device] = [newDocument(), newDocument()]
        for (const [index, change] of changes.entries()) {
          const { update } = writeThread(edge, client, [change])
          if (index < at) applyUpdate(device, update)
        }
        applyUpdate(device, encodeSince(edge, client, soleClock(device)))
        expect(readThread(device)).toEqual(readThread(edge))
        expect(soleClock(device)).toBe(soleClock(edge))
      }),
      runs,
    )
  })

  it('[E3] is written under the client id of its epoch, whatever was applied or set before', () => {
    const stored = newDocument()
    writeThread(stored, client, [add(inbound(1))])
    const doc = newDocument()
    doc.clientID = client
    applyUpdate(doc, encode(stored))
    doc.clientID = 4711
    const { from, to } = writeThread(doc, client, [add(inbound(2))])
    expect([from, to]).toEqual([soleClock(stored), clockOf(doc, client)])
    expect([...Y.decodeStateVector(Y.encodeStateVector(doc)).keys()]).toEqual([client])
  })

  it('[E3] that somebody else has written to is a defect at the next commit', () => {
    const doc = newDocument()
    writeThread(doc, client, [add(inbound(1))])
    const stranger = new Y.Doc()
    stranger.getArray('entries').push([inbound(2)])
    applyUpdate(doc, Y.encodeStateAsUpdate(stranger))
    expect(() => writeThread(doc, client, [add(inbound(3))])).toThrow()
  })

  it('[E3] with bytes that wait for others is a defect at the next commit', () => {
    const edge = newDocument()
    writeThread(edge, client, [add(inbound(1))])
    const { update } = writeThread(edge, client, [add(inbound(2))])
    const doc = newDocument()
    applyUpdate(doc, update)
    expect(() => writeThread(doc, client, [add(inbound(3))])).toThrow()
  })

  it('[E1] has another client id in each epoch of the account and of the thread, and a clock only once', () => {
    const ids = [1, 2, 3].flatMap((account) => [1, 2, 3].map((thread) => clientOf(account, thread)))
    expect(new Set(ids).size).toBe(9)
    expect(ids.every((id) => Number.isSafeInteger(id) && id > 0)).toBe(true)
  })

  it('[E5] a receipt moves no entry', () => {
    const text = reply(1, maya, 'accepted')
    const doc = newDocument()
    writeThread(doc, client, [add(text), add(inbound(2))])
    writeThread(doc, client, [move(text, inState('delivered'))])
    expect(readThread(doc).entries.map(({ order }) => order)).toEqual([1, 2])
    expect(readThread(doc).next).toBe(3)
  })

  it('[E2] of 500 messages with three receipts each, in between, takes at most 1.3 of its plain JSON', () => {
    const random = makeRandom(2026)
    const doc = newDocument()
    const due: { at: number; change: ThreadChange }[] = []
    const texts = Array.from({ length: 500 }, (_, index) =>
      reply(index + 1, maya, 'accepted', {
        text: 'Your car is ready, we are open until six. '
          .slice(0, 20 + random.int(22))
          .repeat(1 + random.int(4)),
      }),
    )
    for (const [index, text] of texts.entries()) {
      writeThread(doc, client, [add(text)])
      for (const [step, state] of (['claimed', 'sent', 'delivered'] as const).entries())
        due.push({ at: index + (step + 1) * (1 + random.int(4)), change: move(text, inState(state)) })
      for (const { change } of due.filter(({ at }) => at === index)) writeThread(doc, client, [change])
    }
    for (const { change } of due.filter(({ at }) => at >= 500)) writeThread(doc, client, [change])
    expect(readThread(doc).entries).toHaveLength(500)
    const json = new TextEncoder().encode(JSON.stringify(readThread(doc))).length
    expect(encode(doc).length / json).toBeLessThanOrEqual(1.3)
  })

  it('[F131] what became of media stands in the text that brought them, for the edge and for devices', () => {
    const doc = newDocument()
    const coming = [
      { url: 'https://carrier.test/1', contentType: 'image/jpeg', copy: { state: 'coming' as const } },
    ]
    const kept = [
      { ...coming[0], contentType: 'image/png', copy: { state: 'kept' as const, bytes: 9 } },
    ] as Media[]
    const text = { ...inbound(1), media: coming }
    const before = writeThread(doc, client, [add(text)])
    const after = writeThread(doc, client, [{ kind: 'media', user: jo, entry: text.id, media: kept }])
    expect(isThreadUpdate(after.update, before.to, after.to)).toBe(true)
    const device = newDocument()
    for (const { update } of [before, after]) applyUpdate(device, update)
    for (const thread of [readThread(doc), readForeignThread(device)])
      expect(thread.entries).toEqual([{ ...text, media: kept }])
  })
})
