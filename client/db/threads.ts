import { fromBase64 } from 'lib0/buffer'
import type { MobileUserId } from '#shared/base/ids.ts'
import {
  applyUpdate,
  encode,
  isThreadUpdate,
  newDocument,
  readForeignThread,
  soleClock,
} from '#shared/docs/thread.ts'
import type { Entry, Thread } from '#shared/model/entry.ts'
import type { ThreadHead } from '#shared/rows/thread-head.ts'
import type { ThreadState, ThreadUpdate } from '#shared/wire/down.ts'
import type { ThreadRecord } from './records.ts'
import { dropThread, putHistory, putThreads } from './shelf.ts'
import type { Tx, WriteTx } from './store.ts'

/** How many updates pile up before they are written as one. */
const pile = 40

/**
 * Applies bytes to held threads, by E4: only at exactly `from` in the same epoch. What is known already or is not
 * held is left alone; everything else makes the thread stale. Bytes from the very beginning are as good as a pull,
 * so they begin a thread that is not held. `life` is the account epoch that the replica copies. All threads are read
 * at once and written at once. Answers which went on, and which became stale.
 */
export async function applyThreadUpdates(
  tx: WriteTx,
  updates: readonly ThreadUpdate[],
  life: number,
): Promise<{ applied: MobileUserId[]; stale: MobileUserId[] }> {
  const users = [...new Set(updates.map(({ thread }) => thread))]
  const records = await tx.many('threads', users)
  const held = new Map(users.map((user, index) => [user, records[index]]))
  const changed = new Map<MobileUserId, ThreadRecord>()
  for (const update of updates) {
    const after = withUpdate(held.get(update.thread), update, life)
    if (after === null) continue
    held.set(update.thread, after)
    changed.set(update.thread, after)
  }
  await putThreads(tx, [...changed.values()])
  const written = [...changed]
  return {
    applied: written.flatMap(([user, { stale }]) => (stale === 0 ? [user] : [])),
    stale: written.flatMap(([user, { stale }]) => (stale === 1 ? [user] : [])),
  }
}

/** A thread with an update; null where nothing changes. */
function withUpdate(held: ThreadRecord | undefined, update: ThreadUpdate, life: number): ThreadRecord | null {
  const { thread, epoch, to } = update
  if (!held) {
    const bytes = update.from === 0 ? intact(update.update, 0, to) : null
    return bytes && append({ id: thread, life, epoch, clock: 0, updates: [], stale: 0 }, bytes, to)
  }
  if (held.epoch === epoch && held.clock >= to) return null
  if (held.epoch > epoch || held.stale === 1) return null
  const fits = held.epoch === epoch && held.clock === update.from
  const bytes = fits ? intact(update.update, held.clock, to) : null
  return bytes === null ? { ...held, stale: 1 } : append(held, bytes, to)
}

/**
 * Compares held threads with their heads, and marks those stale that lack something or are of another epoch [E1].
 * Answers all that are stale.
 */
export async function compareWithHeads(tx: WriteTx, heads: readonly ThreadHead[]): Promise<MobileUserId[]> {
  const records = await tx.many(
    'threads',
    heads.map(({ id }) => id),
  )
  const lacking = records.flatMap((held, index) => {
    const head = heads[index]
    if (!held || !head || (held.epoch === head.epoch && held.clock >= head.clock)) return []
    return [held]
  })
  await putThreads(
    tx,
    lacking.flatMap((held) => (held.stale === 0 ? [{ ...held, stale: 1 as const }] : [])),
  )
  return lacking.map(({ id }) => id)
}

/**
 * Takes the answer to a pull. A document of another epoch replaces the held one, whose entries stay as history;
 * two epochs are never merged [E1]. Bytes that do not add up to their clock are not taken.
 */
export async function applyThreadState(tx: WriteTx, state: ThreadState, life: number): Promise<void> {
  const held = await tx.get('threads', state.thread)
  if (state.update === null) {
    if (held) await keepAsHistory(tx, held, null)
    await dropThread(tx, state.thread)
    return
  }
  const same = held?.epoch === state.epoch ? held : null
  if (same && same.clock > state.clock) return
  if (held && held.epoch > state.epoch && held.stale === 0) return
  const bytes = intact(state.update, same?.clock ?? 0, state.clock)
  if (bytes === null) return
  // Bytes that are damaged on this device were asked for as a whole: then the answer stands for itself.
  const updates = compacted([...(same?.updates ?? []), bytes], state.clock) ?? compacted([bytes], state.clock)
  if (updates === null) return
  if (held && !same) await keepAsHistory(tx, held, bytes)
  // The edge's own word: what was read of the bytes before it is not believed any more.
  decoded.get(tx.owner)?.delete(state.thread)
  const { thread, epoch, clock } = state
  await putThreads(tx, [{ id: thread, life, epoch, clock, updates, stale: 0 }])
}

/** A held thread as rules and screens see it; null where it is not held, or damaged: then it is pulled as a whole. */
export async function readHeldThread(tx: Tx, user: MobileUserId): Promise<Thread | null> {
  const record = await tx.get('threads', user)
  return record ? decode(tx, record) : null
}

/** The same of several people at once, in their order. */
export async function readHeldThreads(tx: Tx, users: readonly MobileUserId[]): Promise<(Thread | null)[]> {
  const records = await tx.many('threads', users)
  return records.map((record) => (record ? decode(tx, record) : null))
}

type Document = ReturnType<typeof newDocument>

interface Decoded {
  life: number
  epoch: number
  clock: number
  thread: Thread
  doc: Document
  /** How many updates of the record went into the document. */
  applied: number
}

/** What was decoded last, per store: a life, an epoch and a clock say exactly what a document holds [E1]. */
const decoded = new WeakMap<object, Map<string, Decoded>>()
const decodedLimit = 60

function decode(tx: Tx, record: ThreadRecord): Thread | null {
  const cache = decoded.get(tx.owner) ?? new Map<string, Decoded>()
  decoded.set(tx.owner, cache)
  const { id, life, epoch, clock } = record
  const known = cache.get(id)
  if (known?.life === life && known.epoch === epoch && known.clock === clock) return known.thread
  const doc =
    (known?.life === life && known.epoch === epoch ? continued(known, record) : null) ??
    readable(record.updates, clock)
  if (doc === null) {
    console.error(`The thread ${id} on this device is damaged and is fetched anew.`)
    return null
  }
  const thread = readForeignThread(doc)
  cache.delete(id)
  cache.set(id, { life, epoch, clock, thread, doc, applied: record.updates.length })
  const oldest = cache.keys().next()
  if (cache.size > decodedLimit && !oldest.done) cache.delete(oldest.value)
  return thread
}

/**
 * The decoded document with what the record has more. Where the pile was made one meanwhile, the bytes do not add
 * up to the clock, and the document is of no use any more: null.
 */
function continued({ doc, applied }: Decoded, { updates, clock }: ThreadRecord): Document | null {
  if (applied >= updates.length) return null
  return withUpdates(doc, updates.slice(applied), clock)
}

/** Stale where the pile does not add up. */
function append(held: ThreadRecord, bytes: Uint8Array, to: number): ThreadRecord {
  const updates = [...held.updates, bytes]
  const compact = updates.length >= pile ? compacted(updates, to) : updates
  return compact === null ? { ...held, stale: 1 } : { ...held, clock: to, updates: compact }
}

/** The bytes of an update that brings a copy from `at` to `to`; null for anything else, which nobody may store. */
function intact(base64: string, at: number, to: number): Uint8Array | null {
  const bytes = decodeBase64(base64)
  return bytes !== null && isThreadUpdate(bytes, at, to) ? bytes : null
}

function decodeBase64(text: string): Uint8Array | null {
  try {
    return fromBase64(text)
  } catch {
    return null
  }
}

/** The pile as one update; null where the bytes do not add up to the clock they claim, which a pull repairs. */
function compacted(updates: readonly Uint8Array[], clock: number): Uint8Array[] | null {
  const doc = readable(updates, clock)
  return doc && [encode(doc)]
}

/** The document of a pile that was stored. */
function readable(updates: readonly Uint8Array[], clock: number): Document | null {
  return withUpdates(newDocument(), updates, clock)
}

/** A document with updates that bring it to a clock; null where they are not what was stored, or not all of it. */
function withUpdates(doc: Document, updates: readonly Uint8Array[], clock: number): Document | null {
  try {
    for (const update of updates) applyUpdate(doc, update)
  } catch {
    // Yjs throws whatever its decoder stumbled over, and the document is spoilt.
    return null
  }
  return soleClock(doc) === clock && doc.store.pendingStructs === null ? doc : null
}

async function keepAsHistory(tx: WriteTx, held: ThreadRecord, replacement: Uint8Array | null): Promise<void> {
  const known = new Set(replacement ? entriesOf(replacement).map(({ id }) => id) : [])
  const before = await tx.get('history', held.id)
  const entries = new Map((before?.entries ?? []).map((entry) => [entry.id, entry]))
  for (const entry of decode(tx, held)?.entries ?? []) entries.set(entry.id, entry)
  const kept = [...entries.values()]
    .filter(({ id }) => !known.has(id))
    .sort((left, right) => left.order - right.order)
  await putHistory(tx, held.id, kept)
}

function entriesOf(update: Uint8Array): Entry[] {
  const doc = newDocument()
  applyUpdate(doc, update)
  return readForeignThread(doc).entries
}
