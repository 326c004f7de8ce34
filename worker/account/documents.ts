import type { MobileUserId } from '#shared/base/ids.ts'
import { crc32 } from '#shared/base/crc32.ts'
import { foldThread } from '#shared/core/fold.ts'
import type { ThreadChange } from '#shared/core/outcome.ts'
import {
  applyUpdate,
  clientOf,
  clockOf,
  encode,
  encodeSince,
  newDocument,
  readThread,
  soleClient,
  writeThread,
} from '#shared/docs/thread.ts'
import type { Entry, Thread } from '#shared/model/entry.ts'
import type * as Y from 'yjs'
import { readNumber, writeMeta } from './memory.ts'
import type { Sql } from './sql.ts'

/** A thread's document in memory, with its plain reading beside it, which commits fold instead of reading anew. */
interface Open {
  epoch: number
  /** The Yjs client that wrote it: of an earlier account epoch where nothing was written since [E1]. */
  client: number
  doc: Y.Doc
  plain: Thread
  /** Updates in the log since the last snapshot. */
  logged: number
}

export interface Written {
  thread: MobileUserId
  epoch: number
  from: number
  to: number
  update: Uint8Array
}

/** Documents in memory at once: a resident one costs some 6 kB, so this is well under the object's 128 MB. */
const residents = 400
/** Updates after which a log is folded into a snapshot, on idle. */
const foldAfter = 200
/** A row holds 2 MB; pieces stay under half of it. */
const pieceBytes = 1_000_000

/**
 * The thread documents: snapshot and update log in SQLite, the newest in memory. The edge writes each under one
 * client id per epoch [E1, E3]. Memory only mirrors the store: `drop` forgets all of it, and the next reader
 * finds what is durable.
 */
export class Documents {
  #open = new Map<MobileUserId, Open>()
  readonly #sql: Sql
  readonly #accountEpoch: () => number

  constructor(sql: Sql, accountEpoch: () => number) {
    this.#sql = sql
    this.#accountEpoch = accountEpoch
  }

  /** The thread as rules see it, empty where the person has none yet. */
  read(thread: MobileUserId): Thread {
    return this.#load(thread).plain
  }

  /**
   * Writes changes into a thread and its log. The first write of an account epoch opens the thread's next epoch:
   * what stands in the document was written under clocks that a lost life may have used further [E1, E24]. Called
   * inside the commit's transaction only.
   */
  write(thread: MobileUserId, changes: readonly ThreadChange[]): Written {
    const { client, epoch, plain } = this.#load(thread)
    if (client === this.#client(epoch)) return this.#append(thread, changes)
    return this.#renew(thread, plain.entries, changes)
  }

  #append(thread: MobileUserId, changes: readonly ThreadChange[]): Written {
    const open = this.#load(thread)
    const { epoch } = open
    // A thread that begins with nothing writes nothing: its first entry is the first update of its log.
    if (changes.length === 0) return { thread, epoch, from: 0, to: 0, update: encode(open.doc) }
    const { update, from, to } = writeThread(open.doc, open.client, changes)
    this.#sql.run(
      `INSERT INTO updates (thread, epoch, clock, bytes, crc) VALUES (?, ?, ?, ?, ?)`,
      thread,
      open.epoch,
      from,
      update,
      crc32(update),
    )
    for (const change of changes) open.plain = foldThread(open.plain, change)
    open.logged++
    return { thread, epoch: open.epoch, from, to, update }
  }

  /** Threads in memory that hold more than `most` entries. */
  longer(most: number): MobileUserId[] {
    return [...this.#open].flatMap(([thread, { plain }]) => (plain.entries.length > most ? [thread] : []))
  }

  /** Opens the next epoch of a thread with its newest entries. Called inside the commit's transaction only. */
  shorten(thread: MobileUserId, keep: number): Written {
    return this.#renew(thread, this.#load(thread).plain.entries.slice(-keep), [])
  }

  /**
   * Opens the next epoch of a thread whose stored bytes are damaged, with what can be read of it: the log up to the
   * first update that is not what was stored. New entries get orders from `next` on. Called inside the commit's
   * transaction only.
   */
  mend(thread: MobileUserId, next: number): { written: Written; kept: readonly Entry[] } {
    const epoch = this.#epochOf(thread)
    const doc = newDocument()
    let logged = 0
    try {
      for (const update of this.#stored(thread, epoch)) {
        applyUpdate(doc, update)
        logged++
      }
    } catch (fault) {
      if (!(fault instanceof DamagedThread)) throw fault
    }
    const { entries, next: after } = readThread(doc)
    const plain = { entries, next: Math.max(next, after) }
    this.#open.set(thread, { epoch, client: this.#client(epoch), doc, plain, logged })
    return { written: this.#renew(thread, entries, []), kept: entries }
  }

  /** Begins a thread anew under the next epoch with these entries, and writes `more` onto them. */
  #renew(thread: MobileUserId, entries: readonly Entry[], more: readonly ThreadChange[]): Written {
    const old = this.#load(thread)
    const epoch = old.epoch + 1
    this.#sql.run(`DELETE FROM snapshots WHERE thread = ?`, thread)
    this.#sql.run(`DELETE FROM updates WHERE thread = ?`, thread)
    writeMeta(this.#sql, epochKey(thread), epoch)
    old.doc.destroy()
    this.#open.set(thread, {
      epoch,
      client: this.#client(epoch),
      doc: newDocument(),
      plain: { entries: [], next: old.plain.next },
      logged: 0,
    })
    const kept = entries.map((entry) => ({ kind: 'entry', user: thread, entry }) as const)
    return this.#append(thread, [...kept, ...more])
  }

  /** The epoch and clock at which a thread stands. */
  head(thread: MobileUserId): { epoch: number; clock: number } {
    const open = this.#load(thread)
    return { epoch: open.epoch, clock: clockOf(open.doc, open.client) }
  }

  /** What a device at this epoch and clock lacks; the whole document where it holds another epoch. */
  since(
    thread: MobileUserId,
    epoch: number,
    clock: number,
  ): { epoch: number; clock: number; update: Uint8Array } {
    const open = this.#load(thread)
    const head = this.head(thread)
    const known = epoch === open.epoch && clock <= head.clock
    return {
      ...head,
      update: known ? encodeSince(open.doc, open.client, clock) : encode(open.doc),
    }
  }

  /** Folds long logs into snapshots, each in a transaction of its own [E18]. Called when nothing else is to do. */
  compact(): void {
    for (const [thread, open] of this.#open) if (open.logged >= foldAfter) this.#snapshot(thread, open)
    if (this.#open.size > residents) this.#evict()
  }

  drop(): void {
    for (const { doc } of this.#open.values()) doc.destroy()
    this.#open.clear()
  }

  #client(epoch: number): number {
    return clientOf(this.#accountEpoch(), epoch)
  }

  #load(thread: MobileUserId): Open {
    const known = this.#open.get(thread)
    if (known) {
      // Least recently used stands first: a Map keeps the order of insertion.
      this.#open.delete(thread)
      this.#open.set(thread, known)
      return known
    }
    const epoch = this.#epochOf(thread)
    const doc = newDocument()
    let logged = 0
    for (const update of this.#stored(thread, epoch)) {
      applyUpdate(doc, update)
      logged++
    }
    const client = soleClient(doc) ?? this.#client(epoch)
    const open = { epoch, client, doc, plain: readThread(doc), logged }
    this.#open.set(thread, open)
    return open
  }

  /** What is stored of a thread, oldest first. Throws `DamagedThread` where it comes to what was not stored so. */
  *#stored(thread: MobileUserId, epoch: number): Iterable<Uint8Array> {
    const snapshot = this.#snapshotOf(thread, epoch)
    if (snapshot) yield snapshot
    const log = this.#sql.all<{ bytes: ArrayBuffer; crc: number }>(
      `SELECT bytes, crc FROM updates WHERE thread = ? AND epoch = ? ORDER BY clock`,
      thread,
      epoch,
    )
    for (const { bytes, crc } of log) yield intact(new Uint8Array(bytes), crc, thread)
  }

  #epochOf(thread: MobileUserId): number {
    return readNumber(this.#sql, epochKey(thread), 1)
  }

  #snapshotOf(thread: MobileUserId, epoch: number): Uint8Array | null {
    const pieces = this.#sql.all<{ bytes: ArrayBuffer; crc: number }>(
      `SELECT bytes, crc FROM snapshots WHERE thread = ? AND epoch = ? ORDER BY piece`,
      thread,
      epoch,
    )
    if (pieces.length === 0) return null
    const whole = new Uint8Array(pieces.reduce((sum, { bytes }) => sum + bytes.byteLength, 0))
    let offset = 0
    for (const { bytes, crc } of pieces) {
      whole.set(intact(new Uint8Array(bytes), crc, thread), offset)
      offset += bytes.byteLength
    }
    return whole
  }

  #snapshot(thread: MobileUserId, open: Open): void {
    const whole = encode(open.doc)
    this.#sql.transaction(() => {
      this.#sql.run(`DELETE FROM snapshots WHERE thread = ?`, thread)
      for (let piece = 0; piece * pieceBytes < whole.length; piece++) {
        const bytes = whole.slice(piece * pieceBytes, (piece + 1) * pieceBytes)
        this.#sql.run(
          `INSERT INTO snapshots (thread, epoch, piece, bytes, crc) VALUES (?, ?, ?, ?, ?)`,
          thread,
          open.epoch,
          piece,
          bytes,
          crc32(bytes),
        )
      }
      this.#sql.run(`DELETE FROM updates WHERE thread = ?`, thread)
    })
    open.logged = 0
  }

  #evict(): void {
    for (const [thread, { doc }] of this.#open) {
      if (this.#open.size <= residents) return
      doc.destroy()
      this.#open.delete(thread)
    }
  }
}

/** Stored bytes that are what was stored. Damage is a fault with a name, never a wrong thread [fault Y4]. */
function intact(bytes: Uint8Array, crc: number, thread: MobileUserId): Uint8Array {
  if (crc32(bytes) !== crc) throw new DamagedThread(thread)
  return bytes
}

/** Stored bytes of a thread that are not what was stored. Recovery: the door begins it anew (`mend.ts`). */
export class DamagedThread extends Error {
  readonly thread: MobileUserId

  constructor(thread: MobileUserId) {
    super(`The stored thread ${thread} is damaged.`)
    this.name = 'DamagedThread'
    this.thread = thread
  }
}

function epochKey(thread: MobileUserId): string {
  return `thread epoch ${thread}`
}
