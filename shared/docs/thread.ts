import * as Y from 'yjs'
import * as z from 'zod/mini'
import type { EntryId } from '../base/ids.ts'
import { delivery, type Delivery } from '../model/delivery.ts'
import { entry, media, type Entry, type Media, type Thread } from '../model/entry.ts'
import type { ThreadChange } from '../core/outcome.ts'

/**
 * A thread as a Yjs document, and the only place that knows how. One array of entries, appended and never
 * changed, and two maps from entry: to delivery, where a text's newest state stands, and to media, as their copies
 * came to stand. The edge alone writes [E3].
 */

/**
 * An empty document. Client documents never write, so their random client id is of no consequence; and as no
 * document stands inside another, none needs the random name that Yjs would make up at some cost.
 */
export function newDocument(): Y.Doc {
  return new Y.Doc({ gc: true, guid: 'thread' })
}

/** The document as a plain thread, entries in their order. It must be one that the edge itself has kept. */
export function readThread(doc: Y.Doc): Thread {
  const deliveries = doc.getMap<Delivery>('deliveries')
  const copies = doc.getMap<Media[]>('media')
  return threadOf(
    doc.getArray<Entry>('entries').toArray(),
    (id) => deliveries.get(id),
    (id) => copies.get(id),
  )
}

/**
 * The document as a device reads it: what came over the wire is believed only where the schema takes it. An entry
 * that it does not take is left out, and a delivery state that it does not take is not shown.
 */
export function readForeignThread(doc: Y.Doc): Thread {
  const deliveries = doc.getMap('deliveries')
  const copies = doc.getMap('media')
  const entries = doc
    .getArray('entries')
    .toArray()
    .flatMap((raw) => takeEntry(raw) ?? [])
  return threadOf(
    entries,
    (id) => takeDelivery(deliveries.get(id)) ?? undefined,
    (id) => takeMedia(copies.get(id)) ?? undefined,
  )
}

const takeEntry = takenBy(entry)
const takeDelivery = takenBy(delivery)
const takeMedia = takenBy(z.array(media))

/** Parses a value of a document once: values are never changed, so a thread that grew parses what is new only. */
function takenBy<Value>(schema: z.ZodMiniType<Value>): (raw: unknown) => Value | null {
  const known = new WeakMap<object, Value | null>()
  return (raw) => {
    if (typeof raw !== 'object' || raw === null) return null
    const before = known.get(raw)
    if (before !== undefined) return before
    const value = schema.safeParse(raw).data ?? null
    known.set(raw, value)
    return value
  }
}

function threadOf(
  entries: Entry[],
  stateOf: (id: EntryId) => Delivery | undefined,
  mediaOf: (id: EntryId) => Media[] | undefined,
): Thread {
  const sorted = entries
    .map((entry) => {
      if (entry.kind === 'outbound') return { ...entry, delivery: stateOf(entry.id) ?? entry.delivery }
      return entry.kind === 'inbound' ? { ...entry, media: mediaOf(entry.id) ?? entry.media } : entry
    })
    .sort((left, right) => left.order - right.order)
  return { entries: sorted, next: (sorted.at(-1)?.order ?? 0) + 1 }
}

/**
 * Whether bytes are what the edge writes into a thread and bring a reader that holds it up to `at` exactly to `to`;
 * looked at before any document takes them [fault Y1]: one writer, no gap, nothing beyond `to`, values only, at the
 * three places where values stand. Takes as long as the bytes are, whatever they claim of themselves.
 */
export function isThreadUpdate(update: Uint8Array, at: number, to: number): boolean {
  const decoded = decode(update)
  if (decoded === null) return false
  const { structs, ds } = decoded
  const first = structs[0]?.id ?? null
  // An answer to a pull may be older than what came meanwhile: what is known already does no harm.
  let clock = first === null ? at : Math.min(at, first.clock)
  for (const struct of structs) {
    if (struct.id.client !== first?.client || struct.id.clock !== clock) return false
    if (!(struct instanceof Y.GC) && !isValue(struct)) return false
    clock += struct.length
  }
  if (clock !== to) return false
  return [...ds.clients].every(
    ([client, ranges]) =>
      (first === null || client === first.client) && ranges.every(({ clock, len }) => clock + len <= to),
  )
}

/** An operation that puts plain values behind what the same writer put there before. */
function isValue(struct: Y.Item | Y.Skip): boolean {
  if (!(struct instanceof Y.Item)) return false
  const { content, parentSub, origin, rightOrigin } = struct
  // A struct that was only decoded names its parent, or takes it over from what it stands behind.
  const parent: unknown = struct.parent
  const placed =
    (parent === 'entries' && parentSub === null) ||
    ((parent === 'deliveries' || parent === 'media') && parentSub !== null) ||
    (parent === null && (origin ?? rightOrigin) !== null)
  const known = [origin, rightOrigin].every(
    (left) => left === null || (left.client === struct.id.client && left.clock < struct.id.clock),
  )
  return placed && known && (content instanceof Y.ContentAny || content instanceof Y.ContentDeleted)
}

function decode(update: Uint8Array): ReturnType<typeof Y.decodeUpdate> | null {
  try {
    return Y.decodeUpdate(update)
  } catch {
    return null
  }
}

/**
 * Writes changes in one Yjs transaction and answers the bytes of its `update` event with the clock before and
 * after. `client` is the edge's client id for this epoch; it is set anew each time because applying bytes can
 * make Yjs pick another one silently. Throws when anybody else has written here: that is a defect [E3].
 */
export function writeThread(
  doc: Y.Doc,
  client: number,
  changes: readonly ThreadChange[],
): { update: Uint8Array; from: number; to: number } {
  const from = clockOf(doc, client)
  let update: Uint8Array | null = null
  const collect = (bytes: Uint8Array) => {
    update = bytes
  }
  doc.on('update', collect)
  doc.clientID = client
  doc.transact(() => {
    for (const change of changes) {
      if (change.kind === 'entry') doc.getArray('entries').push([change.entry])
      else if (change.kind === 'media') doc.getMap('media').set(change.entry, change.media)
      else doc.getMap('deliveries').set(change.entry, change.delivery)
    }
  })
  doc.off('update', collect)
  const to = clockOf(doc, client)
  const writers = Y.decodeStateVector(Y.encodeStateVector(doc))
  if (
    update === null ||
    writers.size !== 1 ||
    doc.store.pendingStructs !== null ||
    doc.store.pendingDs !== null
  )
    throw new Error('A thread was written by somebody else than the edge.')
  return { update, from, to }
}

/** The edge's client id for an epoch of a thread: a clock is never used twice under one [E1]. */
export function clientOf(accountEpoch: number, threadEpoch: number): number {
  return accountEpoch * 2 ** 20 + threadEpoch
}

/** How many operations of this client the document holds. */
export function clockOf(doc: Y.Doc, client: number): number {
  return Y.getState(doc.store, client)
}

/** The client that alone wrote a document; null when it is empty. */
export function soleClient(doc: Y.Doc): number | null {
  const [client] = Y.decodeStateVector(Y.encodeStateVector(doc)).keys()
  return client ?? null
}

/** The clock of a document that one client alone wrote; 0 when empty. */
export function soleClock(doc: Y.Doc): number {
  const clocks = [...Y.decodeStateVector(Y.encodeStateVector(doc)).values()]
  return clocks[0] ?? 0
}

/** Applies bytes that the edge wrote. Only V1: the V2 calls and `mergeUpdates` hang on crafted input. */
export function applyUpdate(doc: Y.Doc, update: Uint8Array): void {
  Y.applyUpdate(doc, update)
}

/** The whole document as one update. */
export function encode(doc: Y.Doc): Uint8Array {
  return Y.encodeStateAsUpdate(doc)
}

/** What a reader at `clock` lacks. Carries the whole delete set, so it is for pulls, not for broadcasts [E2]. */
export function encodeSince(doc: Y.Doc, client: number, clock: number): Uint8Array {
  return Y.encodeStateAsUpdate(doc, Y.encodeStateVector(new Map([[client, clock]])))
}
