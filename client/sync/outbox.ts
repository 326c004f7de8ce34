import type { Ids } from '#shared/base/ids.ts'
import { second } from '#shared/base/time.ts'
import { fork, numberPending, renumber } from '#client/db/pending.ts'
import { readClient } from '#client/db/meta.ts'
import type { PendingRecord } from '#client/db/records.ts'
import type { Store } from '#client/db/store.ts'
import { waitedOf } from '#client/db/waited.ts'
import type { Up } from '#shared/wire/up.ts'
import type { Device } from './device.ts'

type NumberedFrame = Extract<Up, { t: 'command' }>

/** How many commands are under way without an answer. The edge takes 200 at once after a reconnect [E30]. */
const window = 100
/** An answer is a frame of the edge; where none comes for this long, everything is said again. */
const patience = 20 * second

/**
 * Hands waiting commands over in the order of their numbers [E11].
 *
 * 1. A number is given in a transaction before the command is first sent, and is never given twice.
 * 2. Repeating is harmless: the edge answers a known id from its record.
 * 3. Nothing is removed here. Only the acknowledgement in a frame removes a command.
 */
export class Outbox {
  readonly #device: Device
  readonly #store: Store
  readonly #talker: number
  readonly #ids: Ids
  readonly #send: (frame: NumberedFrame) => void
  /** Ids that went out on this socket. */
  readonly #sent = new Set<string>()
  #open = false
  #paused = false
  /** The last number of the gap that was closed on this socket. */
  #repaired: number | null = null
  #cancelPause: (() => void) | null = null
  #cancelRepeat: (() => void) | null = null

  constructor(device: Device, store: Store, talker: number, ids: Ids, send: (frame: NumberedFrame) => void) {
    this.#device = device
    this.#store = store
    this.#talker = talker
    this.#ids = ids
    this.#send = send
  }

  /**
   * A socket was welcomed; the edge's last number of this client is `last`. Answers false where this database
   * went back in time and has to take another client id first.
   */
  async welcomed(last: number): Promise<boolean> {
    this.closed()
    const client = await this.#store.read(readClient)
    if (last >= client.nextN) return false
    await this.#closeGap(last, client.nextN)
    this.#open = true
    await this.flush()
    return true
  }

  closed(): void {
    this.#open = false
    this.#paused = false
    this.#repaired = null
    this.#cancelPause?.()
    this.#cancelRepeat?.()
    this.#cancelPause = null
    this.#cancelRepeat = null
    this.#sent.clear()
  }

  /** Sends what was not sent on this socket yet. */
  async flush(): Promise<void> {
    if (!this.#open || this.#paused) return
    const waiting = await numberPending(this.#store, this.#talker)
    const alive = new Set<string>(waiting.map(({ id }) => id))
    for (const id of this.#sent) if (!alive.has(id)) this.#sent.delete(id)
    for (const record of waiting) {
      if (this.#sent.size >= window) break
      if (!this.#open || this.#paused) return
      if (this.#sent.has(record.id) || record.n === null) continue
      this.#sent.add(record.id)
      this.#send(frameOf(record, record.n, this.#device.now()))
    }
    this.#watch(waiting.length > 0)
  }

  /** Each command above the gap is answered with one `gap`; the first of them sets everything right. */
  async gap(last: number): Promise<void> {
    if (this.#repaired === last) return
    await renumber(this.#store, this.#talker, last)
    this.#repaired = last
    await this.again()
  }

  /** Takes a new client id. The caller says hello again. */
  async fork(): Promise<void> {
    this.closed()
    await fork(this.#store, this.#talker, this.#ids)
  }

  /** The edge asked for patience: what it did not take is sent again afterwards. */
  slow(ms: number): void {
    this.#paused = true
    this.#cancelPause?.()
    this.#cancelPause = this.#device.after(ms, () => {
      this.#paused = false
      this.#repeat()
    })
  }

  async #closeGap(last: number, nextN: number): Promise<void> {
    const numbered = await this.#store.read(async (tx) =>
      (await tx.all('pending')).flatMap(({ n }) => n ?? []),
    )
    const above = numbered.filter((n) => n > last).sort((left, right) => left - right)
    const follows = above.every((n, index) => n === last + 1 + index) && nextN === last + 1 + above.length
    if (!follows) await renumber(this.#store, this.#talker, last)
  }

  /** Says everything once more, after answers may have been lost. */
  async again(): Promise<void> {
    this.#sent.clear()
    await this.flush()
  }

  #watch(waiting: boolean): void {
    this.#cancelRepeat?.()
    this.#cancelRepeat = waiting ? this.#device.after(patience, () => this.#repeat()) : null
  }

  /** A database that takes nothing at the moment, as a full one, is asked again later. */
  #repeat(): void {
    this.again().catch((fault: unknown) => {
      console.error('What waits could not be said again.', fault)
      this.#watch(this.#open)
    })
  }
}

/** A command as it goes out now, as it was pressed. `waited` is counted anew at each transmission [E13]. */
export function frameOf(record: PendingRecord, n: number, now: number): NumberedFrame {
  const { id, version, seen, synced, wroteAt, draft, at, again } = record
  return {
    t: 'command',
    n,
    id,
    version,
    command: record.pressed ?? record.command,
    seen,
    synced,
    waited: waitedOf(at, now),
    ...(wroteAt === undefined ? {} : { wroteAt }),
    ...(draft === undefined ? {} : { draft }),
    ...(again ? { again } : {}),
  }
}
