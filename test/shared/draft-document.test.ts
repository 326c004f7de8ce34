import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import * as Y from 'yjs'
import { z } from 'zod'
import {
  admit,
  clocksOf,
  editDraft,
  encodeBeyond,
  encodeDraft,
  encodeOwn,
  mergeDraft,
  offsetOf,
  openDraft,
  placeAt,
  readDraft,
  textBeyond,
  TornDraft,
  type DraftDoc,
} from '#shared/docs/draft.ts'
import { limits } from '#shared/wire/limits.ts'
import vectors from '#test/kit/yjs/malformed-updates.json' with { type: 'json' }
import { countOutside } from '#test/kit/vectors.ts'

const border = { update: limits.draftUpdate, state: limits.draftState, clock: limits.draftClock }
const anybody = () => true
const insert = (at: number, text: string) => ({ at, remove: 0, insert: text })

function draftOf(text: string, client = 1): DraftDoc {
  const doc = openDraft([])
  if (text !== '') editDraft(doc, client, insert(0, text))
  return doc
}

describe('a draft', () => {
  it('[E15] two who write at once see the same text, whoever hears whom first', () => {
    const start = encodeDraft(draftOf('Yes.', 9))
    const [maya, sam] = [openDraft([start]), openDraft([start])]
    const ofMaya = editDraft(maya, 1, insert(0, 'Hello. '))
    const ofSam = editDraft(sam, 2, insert(4, ' At nine.'))
    mergeDraft(maya, [ofSam])
    mergeDraft(sam, [ofMaya])
    expect([readDraft(maya), readDraft(sam)]).toEqual(['Hello. Yes. At nine.', 'Hello. Yes. At nine.'])
  })

  it('a place stays behind its letter while others write, also where the letter was deleted', () => {
    const maya = draftOf('Yes, it is.', 9)
    const [start, comma, end] = [placeAt(maya, 0), placeAt(maya, 4), placeAt(maya, 11)]
    const sam = openDraft([encodeDraft(maya)])
    const bytes = [
      editDraft(sam, 2, insert(0, 'Hello! ')),
      editDraft(sam, 2, { at: 10, remove: 1, insert: '' }),
      editDraft(sam, 2, insert(17, ' Come by.')),
    ]
    expect(readDraft(sam)).toBe('Hello! Yes it is. Come by.')
    mergeDraft(maya, bytes)
    for (const doc of [maya, sam])
      expect([start, comma, end].map((place) => offsetOf(doc, place))).toEqual([0, 10, 17])
    // Behind letters that have not come yet there is no place to draw.
    const next = editDraft(maya, 1, insert(26, ' Bye'))
    expect(offsetOf(sam, placeAt(maya, 30))).toBe(null)
    mergeDraft(sam, [next])
    expect(offsetOf(sam, placeAt(maya, 30))).toBe(30)
    expect(offsetOf(sam, [77, 3])).toBe(null)
  })

  it('tells what the bytes of others changed, step by step', () => {
    const doc = draftOf('ab', 9)
    const other = openDraft([encodeDraft(doc)])
    const bytes = [
      editDraft(other, 2, insert(2, 'c')),
      editDraft(other, 2, { at: 0, remove: 1, insert: 'x' }),
    ]
    expect(mergeDraft(doc, bytes)).toEqual([{ delete: 1 }, { insert: 'x' }, { retain: 1 }, { insert: 'c' }])
    expect(mergeDraft(doc, bytes)).toEqual([])
  })

  it('[E15] what an agent wrote beyond the closing comes back, without what was deleted or is of others', () => {
    const doc = draftOf('Hello', 1)
    const seen = clocksOf(doc)
    editDraft(doc, 2, insert(5, ' Sam'))
    editDraft(doc, 1, insert(9, ' and all'))
    editDraft(doc, 1, { at: 9, remove: 4, insert: '' })
    expect(readDraft(doc)).toBe('Hello Sam all')
    expect(textBeyond(doc, [1], seen)).toBe(' all')
    expect(textBeyond(doc, [1], {})).toBe('Hello all')
    expect(textBeyond(doc, [3], {})).toBe('')
  })

  it('[E15] an agent sends only what own client ids wrote', () => {
    const doc = draftOf('Hello', 1)
    const edge = openDraft([])
    editDraft(doc, 2, insert(0, 'Sam: '))
    const own = admit(edge, encodeOwn(doc, [1], clocksOf(edge)), (client) => client === 1, border)
    // Sam's part is his to send, and what hangs on nothing of his arrives without it.
    expect(own.kind === 'admitted' && readDraft(own.doc)).toBe('Hello')
    const all = admit(edge, encodeBeyond(doc, {}), (client) => client === 1, border)
    expect(all).toEqual({ kind: 'refused', fault: 'not yours' })
  })

  it('bytes after a gap are not taken for the text', () => {
    const doc = draftOf('')
    editDraft(doc, 1, insert(0, 'a'))
    const later = editDraft(doc, 1, insert(1, 'b'))
    expect(() => openDraft([later])).toThrow(TornDraft)
    expect(() => mergeDraft(openDraft([]), [later])).toThrow(TornDraft)
  })
})

describe('the border', () => {
  const refusal = (doc: DraftDoc, bytes: Uint8Array, mayWrite = anybody as (client: number) => boolean) => {
    const admitted = admit(doc, bytes, mayWrite, border)
    return admitted.kind === 'refused' ? admitted.fault : null
  }
  /** What a hostile client makes with Yjs itself. */
  const made = (write: (doc: Y.Doc) => void): Uint8Array => {
    const doc = new Y.Doc()
    write(doc)
    return Y.encodeStateAsUpdate(doc)
  }

  it('[fault Y2] takes letters and deletions of the text, and nothing else', () => {
    const doc = draftOf('Hello')
    expect(
      refusal(
        doc,
        made((other) => other.getText('text').insert(0, 'x')),
      ),
    ).toBeNull()
    const bad: ((doc: Y.Doc) => void)[] = [
      (other) => other.getText('other').insert(0, 'x'),
      (other) => other.getMap('text').set('key', 'x'),
      (other) => other.getArray('text').push([1, 2]),
      (other) => other.getText('text').insertEmbed(0, { image: 'x' }),
      (other) => other.getText('text').insert(0, 'x', { bold: true }),
      (other) => other.getMap('text').set('doc', new Y.Doc()),
      (other) => other.getArray('text').push([new Y.Text('nested')]),
      (other) => other.getXmlFragment('text').push([new Y.XmlText('x')]),
    ]
    for (const write of bad) expect(refusal(doc, made(write))).toBe('malformed')
    expect(readDraft(doc)).toBe('Hello')
  })

  it('[E30] refuses an update or a document over 64 KB, and a client that wrote a million letters', () => {
    expect(limits).toMatchObject({ draftUpdate: 65_536, draftState: 65_536 })
    const long = (length: number) => made((other) => other.getText('text').insert(0, 'x'.repeat(length)))
    expect(refusal(draftOf(''), long(65_600))).toBe('too large')
    expect(refusal(draftOf(''), long(60_000))).toBeNull()
    expect(refusal(draftOf('y'.repeat(10_000)), long(60_000))).toBe('too large')
    const tall = new Y.Doc()
    const text = tall.getText('text')
    for (let round = 0; round < 101; round++) {
      text.insert(0, 'x'.repeat(10_000))
      text.delete(0, 10_000)
    }
    expect(refusal(draftOf(''), Y.encodeStateAsUpdate(tall))).toBe('malformed')
    const foreign = new Y.Doc()
    foreign.clientID = 2 ** 37
    foreign.getText('text').insert(0, 'x')
    expect(refusal(draftOf(''), Y.encodeStateAsUpdate(foreign))).toBe('malformed')
  })

  it('[fault Y3] refuses what hangs in the air: letters after a gap, deletions of what never was', () => {
    const doc = draftOf('Hello', 1)
    const other = openDraft([])
    editDraft(other, 5, insert(0, 'a'))
    expect(refusal(doc, editDraft(other, 5, insert(1, 'b')))).toBe('gap')
    // One client, one range of deletions, from clock 100 on.
    expect(refusal(doc, Uint8Array.of(0, 1, 1, 1, 100, 5))).toBe('gap')
    expect(clocksOf(doc)).toEqual({ 1: 5 })
  })

  const cases = z
    .object({ cases: z.array(z.object({ name: z.string(), hex: z.string() })) })
    .parse(vectors).cases

  it('[fault Y1] no known malformed update throws past it, hangs, or leaves a trace', async () => {
    const outcomes = await inThread(cases.map(({ hex }) => hex))
    for (const [index, { name }] of cases.entries()) {
      expect(outcomes[index], name).toMatchObject({ text: 'Hello', clocks: { 7: 5 } })
      // Bytes of another format may read as an update that says nothing.
      expect(outcomes[index]?.outcome, name).toMatch(/^(malformed|gap|nothing new)$/)
      expect(outcomes[index]?.grown, name).toBeLessThan(32 * 1024 * 1024)
    }
    countOutside('yjs: malformed updates', cases.length)
  })

  it('[fault Y1] no mutation of real updates throws past it, hangs, or leaves a trace', () => {
    const doc = draftOf('Hello there', 1)
    const before = encodeDraft(doc)
    const other = openDraft([before])
    const real = [
      encodeDraft(doc),
      editDraft(other, 2, insert(5, ', you')),
      editDraft(other, 2, { at: 0, remove: 5, insert: 'Hi' }),
      encodeDraft(other),
    ]
    const mutated = fc
      .tuple(
        fc.constantFrom(...real),
        fc.array(fc.tuple(fc.nat(80), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
      )
      .map(([bytes, changes]) => {
        const copy = Uint8Array.from(bytes)
        for (const [at, value] of changes) if (at < copy.length) copy[at] = value
        return copy
      })
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 60 })), (bytes) => {
        const admitted = admit(doc, bytes, anybody, border)
        // What is admitted is a whole document that can be stored and read again.
        if (admitted.kind === 'admitted') readDraft(openDraft([encodeDraft(admitted.doc)]))
      }),
      { numRuns: 3000 },
    )
    expect(encodeDraft(doc)).toEqual(before)
  })
})

interface Outcome {
  outcome: string
  text: string
  clocks: Record<string, number>
  grown: number
}

/** Runs updates in a thread that a watchdog can end, since nothing else can end a loop. */
function inThread(updates: string[]): Promise<Outcome[]> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('../kit/yjs/thread.ts', import.meta.url), { workerData: updates })
    const outcomes: Outcome[] = []
    const watch = () =>
      setTimeout(() => {
        void thread.terminate()
        reject(new Error(`Update ${outcomes.length} hangs.`))
      }, 5_000)
    let watchdog = watch()
    thread.on('message', (outcome: Outcome) => {
      clearTimeout(watchdog)
      outcomes.push(outcome)
      watchdog = watch()
    })
    thread.on('error', reject)
    thread.on('exit', () => {
      clearTimeout(watchdog)
      resolve(outcomes)
    })
  })
}
