import * as Y from 'yjs'
import type { Edit, Step } from '../base/edit.ts'
import type { DraftPlace } from '../wire/draft.ts'

/**
 * A draft as a Yjs document, and the only place that knows how: one text, written by agents [E15]. It is what
 * stands in a reply or note box, in one epoch: a sent text ends it.
 *
 * 1. A document is written under a client id that nobody else uses in this epoch; it is set right before the
 *    write, because applying bytes can make Yjs pick another one silently [E3].
 * 2. Bytes from outside go through `admit`, which looks at them first and applies them to a copy. Only V1: the V2
 *    calls and `mergeUpdates` hang on crafted inputs of some 30 bytes.
 */
export type DraftDoc = Y.Doc

/** How many characters of each Yjs client a document holds, by the id in decimal. */
export type Clocks = Record<string, number>

export type DraftFault = 'malformed' | 'too large' | 'gap' | 'not yours'

const root = 'text'

/** The document that these updates make, in any order. Throws `TornDraft` where one of them is missing. */
export function openDraft(updates: readonly Uint8Array[]): DraftDoc {
  const doc = new Y.Doc({ gc: true, guid: 'draft' })
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update)
  })
  if (!isWhole(doc)) throw new TornDraft()
  return doc
}

export class TornDraft extends Error {
  override name = 'TornDraft'
}

export function readDraft(doc: DraftDoc): string {
  return doc.getText(root).toString()
}

export function clocksOf(doc: DraftDoc): Clocks {
  const vector = Y.decodeStateVector(Y.encodeStateVector(doc))
  return Object.fromEntries([...vector].map(([client, clock]) => [String(client), clock]))
}

/** Writes an edit under a client id and answers its bytes. Lone surrogates become U+FFFD, as they would on the wire. */
export function editDraft(doc: DraftDoc, client: number, { at, remove, insert }: Edit): Uint8Array {
  return written(doc, () => {
    doc.clientID = client
    doc.transact(() => {
      const text = doc.getText(root)
      if (remove > 0) text.delete(at, remove)
      if (insert !== '') text.insert(at, insert.toWellFormed())
    })
  })
}

/**
 * Applies bytes that the edge or this device wrote, and answers what they changed in the text. Throws `TornDraft`
 * where something before them is missing, or what Yjs throws where they are none; the document is spoilt then.
 */
export function mergeDraft(doc: DraftDoc, updates: readonly Uint8Array[]): Step[] {
  const text = doc.getText(root)
  let steps: Step[] = []
  const observe = (event: Y.YTextEvent) => {
    steps = event.delta.map(stepOf)
  }
  text.observe(observe)
  try {
    doc.transact(() => {
      for (const update of updates) Y.applyUpdate(doc, update)
    })
  } finally {
    text.unobserve(observe)
  }
  if (!isWhole(doc)) throw new TornDraft()
  return steps
}

/** The document in one update. */
export function encodeDraft(doc: DraftDoc): Uint8Array {
  return Y.encodeStateAsUpdate(doc)
}

/** What a reader who holds `clocks` lacks, with every deletion. */
export function encodeBeyond(doc: DraftDoc, clocks: Clocks): Uint8Array {
  return Y.encodeStateAsUpdate(doc, vectorOf(clocks))
}

/** How many characters these bytes say are deleted, of all that were ever written: each names every one. */
export function deletionsIn(update: Uint8Array): number {
  const { clients } = Y.decodeUpdate(update).ds
  return [...clients.values()].flat().reduce((sum, { len }) => sum + len, 0)
}

/** What the edge, which holds `clocks`, lacks of these clients, with every deletion: nobody sends another's text. */
export function encodeOwn(doc: DraftDoc, own: readonly number[], clocks: Clocks): Uint8Array {
  const mine = new Set(own.map(String))
  const all = Object.entries(clocksOf(doc))
  return encodeBeyond(
    doc,
    Object.fromEntries(
      all.map(([client, clock]) => [client, mine.has(client) ? (clocks[client] ?? 0) : clock]),
    ),
  )
}

/** What these clients wrote that `clocks` do not hold and that still stands, in the order of the text. */
export function textBeyond(doc: DraftDoc, own: readonly number[], clocks: Clocks): string {
  const mine = new Set(own)
  let found = ''
  for (let item = doc.getText(root)._start; item !== null; item = item.right) {
    if (item.deleted || !mine.has(item.id.client) || !(item.content instanceof Y.ContentString)) continue
    const known = (clocks[String(item.id.client)] ?? 0) - item.id.clock
    found += item.content.str.slice(Math.max(0, known))
  }
  return found
}

/** The place of an offset in UTF-16 units: behind the character before it, so that what others write there follows. */
export function placeAt(doc: DraftDoc, offset: number): DraftPlace {
  let left = offset
  let place: DraftPlace = 'start'
  for (let item = doc.getText(root)._start; item !== null && left > 0; item = item.right) {
    if (item.deleted) continue
    const taken = Math.min(left, item.length)
    place = [item.id.client, item.id.clock + taken - 1]
    left -= taken
  }
  return place
}

/**
 * Where a place stands now; where its character was deleted, where that was. Null while the document does not hold
 * the character yet.
 */
export function offsetOf(doc: DraftDoc, place: DraftPlace): number | null {
  if (place === 'start') return 0
  const [client, clock] = place
  let offset = 0
  for (let item = doc.getText(root)._start; item !== null; item = item.right) {
    const { id, length, deleted } = item
    if (id.client === client && id.clock <= clock && clock < id.clock + length)
      return deleted ? offset : offset + clock - id.clock + 1
    if (!deleted) offset += length
  }
  return null
}

/** What became of bytes from outside: a fault, or the document after them with what was new in them. */
export type Admitted =
  | { kind: 'refused'; fault: DraftFault }
  | { kind: 'admitted'; doc: DraftDoc; news: Uint8Array | null; writers: number[] }

export interface AdmitLimits {
  /** Bytes of an update, and of the document with it. */
  update: number
  state: number
  /** Characters that one client id may ever have written. */
  clock: number
}

/**
 * Judges bytes that an agent sent for a document. They must be V1 and nothing but characters of this text and
 * deletions, from client ids that `mayWrite`, without a gap. Applied to a copy, so that what is refused leaves no
 * trace; `doc` is never touched. Never throws for any bytes.
 */
export function admit(
  doc: DraftDoc,
  bytes: Uint8Array,
  mayWrite: (client: number) => boolean,
  limits: AdmitLimits,
): Admitted {
  const refused = (fault: DraftFault): Admitted => ({ kind: 'refused', fault })
  if (bytes.length > limits.update) return refused('too large')
  try {
    const writers = writersOf(bytes, limits.clock)
    if (writers === null) return refused('malformed')
    if (!writers.every(mayWrite)) return refused('not yours')
    const copy = openDraft([encodeDraft(doc)])
    let news: Uint8Array | null = null
    copy.on('update', (update: Uint8Array) => {
      news = update
    })
    Y.applyUpdate(copy, bytes)
    if (!isWhole(copy)) return refused('gap')
    if ([...copy.share.keys()].some((name) => name !== root)) return refused('malformed')
    if (encodeDraft(copy).length > limits.state) return refused('too large')
    return { kind: 'admitted', doc: copy, news, writers }
  } catch {
    // Yjs throws whatever its decoder stumbled over, a plain Error mostly: none of it is ours.
    return refused('malformed')
  }
}

/** Who wrote what is in these bytes; null where it is something else than characters of the text. */
function writersOf(bytes: Uint8Array, mostCharacters: number): number[] | null {
  const { structs } = Y.decodeUpdate(bytes)
  for (const struct of structs) {
    if (!(struct instanceof Y.Item)) return null
    const { content, parent, parentSub, id, length } = struct
    if (!(content instanceof Y.ContentString || content instanceof Y.ContentDeleted)) return null
    // Beside a neighbour the parent is not told; else it is named.
    if ((parent !== null && (parent as unknown) !== root) || parentSub !== null) return null
    if (length < 1 || id.clock + length > mostCharacters) return null
    // Yjs draws ids of 32 bits, and the wire names no others; its varints would carry more.
    if (id.client >= 2 ** 32) return null
  }
  return [...new Set(structs.map(({ id }) => id.client))]
}

/** Nothing waits for bytes that never came. */
function isWhole(doc: Y.Doc): boolean {
  return doc.store.pendingStructs === null && doc.store.pendingDs === null
}

function vectorOf(clocks: Clocks): Uint8Array {
  return Y.encodeStateVector(
    new Map(Object.entries(clocks).map(([client, clock]) => [Number(client), clock])),
  )
}

function written(doc: Y.Doc, write: () => void): Uint8Array {
  let update: Uint8Array | null = null
  const collect = (bytes: Uint8Array) => {
    update = bytes
  }
  doc.on('update', collect)
  try {
    write()
  } finally {
    doc.off('update', collect)
  }
  if (update === null) throw new Error('An edit of a draft that changes nothing.')
  return update
}

function stepOf(delta: { insert?: unknown; delete?: number; retain?: number }): Step {
  if (typeof delta.insert === 'string') return { insert: delta.insert }
  if (delta.delete !== undefined) return { delete: delta.delete }
  return { retain: delta.retain ?? 0 }
}
