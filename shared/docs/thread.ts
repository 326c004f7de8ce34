import * as Y from 'yjs'
import type { EntryId } from '../base/ids.ts'
import type { Delivery } from '../model/delivery.ts'
import type { Entry, Thread } from '../model/entry.ts'
import type { Change } from '../core/outcome.ts'

/**
 * A thread as a Yjs document, and the only place that knows how. One array of entries, appended and never
 * changed, and one map from entry to delivery, where a text's newest state stands. The edge alone writes [E3].
 */

type ThreadChange = Extract<Change, { kind: 'entry' | 'delivery' }>

/**
 * An empty document. Client documents never write, so their random client id is of no consequence; and as no
 * document stands inside another, none needs the random name that Yjs would make up at some cost.
 */
export function newDocument(): Y.Doc {
  return new Y.Doc({ gc: true, guid: 'thread' })
}

/** The document as a plain thread, entries in their order. */
export function readThread(doc: Y.Doc): Thread {
  const deliveries = doc.getMap<Delivery>('deliveries')
  const entries = doc
    .getArray<Entry>('entries')
    .toArray()
    .map((entry) =>
      entry.kind === 'outbound' ? { ...entry, delivery: deliveries.get(entry.id) ?? entry.delivery } : entry,
    )
    .sort((left, right) => left.order - right.order)
  return { entries, next: (entries.at(-1)?.order ?? 0) + 1 }
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

export function hasEntry(thread: Thread, id: EntryId): boolean {
  return thread.entries.some((entry) => entry.id === id)
}
