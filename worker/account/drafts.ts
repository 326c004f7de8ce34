import type { AgentId } from '#shared/base/ids.ts'
import { crc32 } from '#shared/base/crc32.ts'
import {
  admit,
  clocksOf,
  encodeBeyond,
  encodeDraft,
  openDraft,
  type Clocks,
  type DraftDoc,
  type DraftFault,
} from '#shared/docs/draft.ts'
import type { DraftBox } from '#shared/wire/draft.ts'
import { limits } from '#shared/wire/limits.ts'
import type { Sql } from './sql.ts'

/** A draft in memory. */
interface Open {
  epoch: number
  doc: DraftDoc
  writers: Map<number, AgentId>
  /** The number of the log's last row, and how many rows it has. */
  last: number
  logged: number
}

/** A device's update: taken with what was new in it, too late for its epoch, or refused. */
export type Received =
  | { kind: 'kept'; clocks: Clocks; news: Uint8Array | null }
  | { kind: 'over' }
  | { kind: 'refused'; fault: DraftFault | 'too many'; clocks: Clocks }

/** An epoch that was closed by sending, and the one that is open now. */
export interface Closing {
  box: DraftBox
  closed: number
  seen: Clocks
  epoch: number
}

/** Drafts in memory at once. */
const residents = 100
/** Rows after which a log is folded into one. */
const foldAfter = 100

/**
 * The drafts of an account [E15]:
 *
 * 1. An update is in the log before anybody hears of it. Memory only mirrors the store: `drop` forgets all of it.
 * 2. Bytes from a device are judged on a copy; what is refused leaves no trace.
 * 3. A Yjs client id belongs to the agent who used it first in an epoch, and to nobody else.
 * 4. A closed epoch takes nothing any more, and its number never comes again.
 *
 * A document is at most 64 KB [E30], so a snapshot is one row of the log that stands for all before it.
 */
export class Drafts {
  readonly #sql: Sql
  readonly #now: () => number
  readonly #open = new Map<string, Open>()

  constructor(sql: Sql, now: () => number) {
    this.#sql = sql
    this.#now = now
  }

  /** The epoch that is open in a box. */
  epoch(box: DraftBox): number {
    return this.#load(box).epoch
  }

  /** What a device lacks, and how the epoch that it holds was closed if it is another one. */
  state(
    box: DraftBox,
    held: { epoch: number | null; clocks: Clocks },
  ): { epoch: number; update: Uint8Array; clocks: Clocks; closed: { epoch: number; seen: Clocks } | null } {
    const { epoch, doc } = this.#load(box)
    const same = held.epoch === epoch
    return {
      epoch,
      update: encodeBeyond(doc, same ? held.clocks : {}),
      clocks: clocksOf(doc),
      closed: same || held.epoch === null ? null : this.#closing(box, held.epoch),
    }
  }

  /** Whether these Yjs client ids are free or this agent's in the open epoch. */
  mayUse(box: DraftBox, clients: readonly number[], agent: AgentId): boolean {
    const { writers } = this.#load(box)
    return clients.every((client) => (writers.get(client) ?? agent) === agent)
  }

  clocks(box: DraftBox): Clocks {
    return clocksOf(this.#load(box).doc)
  }

  /** Takes an update of an agent's device: durable when this returns. Throws where the store does. */
  receive(box: DraftBox, epoch: number, bytes: Uint8Array, agent: AgentId): Received {
    const open = this.#load(box)
    if (epoch !== open.epoch) return { kind: 'over' }
    const mayWrite = (client: number) => (open.writers.get(client) ?? agent) === agent
    const admitted = admit(open.doc, bytes, mayWrite, border)
    if (admitted.kind === 'refused')
      return { kind: 'refused', fault: admitted.fault, clocks: clocksOf(open.doc) }
    const { doc, news, writers } = admitted
    const fresh = writers.filter((client) => !open.writers.has(client))
    if (open.writers.size + fresh.length > limits.draftWriters)
      return { kind: 'refused', fault: 'too many', clocks: clocksOf(open.doc) }
    if (news !== null) this.#log(box, open, doc, news, fresh, agent)
    return { kind: 'kept', clocks: clocksOf(doc), news }
  }

  /**
   * Closes the open epoch, if it is this one, and opens the next, named by the moment. Called inside a commit's
   * transaction only. Answers null where another one is open: its text is somebody else's.
   */
  close(box: DraftBox, epoch: number, seen: Clocks, moment: number): Closing | null {
    const open = this.#load(box)
    if (open.epoch !== epoch) return null
    this.#begin(box, epoch, seen, moment)
    return { box, closed: epoch, seen, epoch: this.#load(box).epoch }
  }

  drop(): void {
    for (const { doc } of this.#open.values()) doc.destroy()
    this.#open.clear()
  }

  #log(
    box: DraftBox,
    open: Open,
    doc: DraftDoc,
    news: Uint8Array,
    fresh: readonly number[],
    agent: AgentId,
  ): void {
    const key = keyOf(box)
    const fold = open.logged >= foldAfter
    const bytes = fold ? encodeDraft(doc) : news
    const n = open.last + 1
    try {
      this.#sql.transaction(() => {
        this.#sql.run(
          `INSERT INTO drafts (box, epoch) VALUES (?, ?) ON CONFLICT (box) DO NOTHING`,
          key,
          open.epoch,
        )
        for (const client of fresh)
          this.#sql.run(
            `INSERT INTO draft_writers (box, epoch, client, agent) VALUES (?, ?, ?, ?)`,
            key,
            open.epoch,
            client,
            agent,
          )
        if (fold) this.#sql.run(`DELETE FROM draft_updates WHERE box = ?`, key)
        this.#sql.run(
          `INSERT INTO draft_updates (box, epoch, n, bytes, crc) VALUES (?, ?, ?, ?, ?)`,
          key,
          open.epoch,
          n,
          bytes,
          crc32(bytes),
        )
      })
    } catch (fault) {
      this.drop()
      throw fault
    }
    for (const client of fresh) open.writers.set(client, agent)
    open.doc.destroy()
    open.doc = doc
    open.last = n
    open.logged = fold ? 1 : open.logged + 1
  }

  #load(box: DraftBox): Open {
    const key = keyOf(box)
    const known = this.#open.get(key)
    if (known) {
      // Least recently used stands first: a Map keeps the order of insertion.
      this.#open.delete(key)
      this.#open.set(key, known)
      return known
    }
    const epoch = this.#sql.one<{ epoch: number }>(`SELECT epoch FROM drafts WHERE box = ?`, key)?.epoch ?? 0
    const log = this.#sql.all<{ n: number; bytes: ArrayBuffer; crc: number }>(
      `SELECT n, bytes, crc FROM draft_updates WHERE box = ? AND epoch = ? ORDER BY n`,
      key,
      epoch,
    )
    const doc = readLog(log)
    if (doc === null) return this.#abandon(box, epoch)
    const writers = this.#sql.all<{ client: number; agent: AgentId }>(
      `SELECT client, agent FROM draft_writers WHERE box = ? AND epoch = ?`,
      key,
      epoch,
    )
    const open: Open = {
      epoch,
      doc,
      writers: new Map(writers.map(({ client, agent }) => [client, agent])),
      last: log.at(-1)?.n ?? 0,
      logged: log.length,
    }
    this.#open.set(key, open)
    this.#evict()
    return open
  }

  /** A damaged log opens the next epoch [E1]. Nobody has sent anything of it, so each device brings back its own. */
  #abandon(box: DraftBox, epoch: number): Open {
    console.error(`The stored draft ${keyOf(box)} is damaged and begins anew.`)
    this.#begin(box, epoch, {}, 0)
    return this.#load(box)
  }

  #begin(box: DraftBox, closed: number, seen: Clocks, moment: number): void {
    const key = keyOf(box)
    const epoch = Math.max(moment, closed + 1)
    for (const table of ['draft_updates', 'draft_writers'])
      this.#sql.run(`DELETE FROM ${table} WHERE box = ?`, key)
    this.#sql.run(
      `INSERT INTO drafts (box, epoch) VALUES (?, ?) ON CONFLICT (box) DO UPDATE SET epoch = excluded.epoch`,
      key,
      epoch,
    )
    this.#sql.run(
      `INSERT OR REPLACE INTO draft_closings (box, epoch, seen, at) VALUES (?, ?, ?, ?)`,
      key,
      closed,
      JSON.stringify(seen),
      this.#now(),
    )
    this.#open.get(key)?.doc.destroy()
    this.#open.delete(key)
  }

  #closing(box: DraftBox, epoch: number): { epoch: number; seen: Clocks } | null {
    const found = this.#sql.one<{ seen: string }>(
      `SELECT seen FROM draft_closings WHERE box = ? AND epoch = ?`,
      keyOf(box),
      epoch,
    )
    return found && { epoch, seen: JSON.parse(found.seen) as Clocks }
  }

  #evict(): void {
    for (const [key, { doc }] of this.#open) {
      if (this.#open.size <= residents) return
      doc.destroy()
      this.#open.delete(key)
    }
  }
}

const border = { update: limits.draftUpdate, state: limits.draftState, clock: limits.draftClock }

/** The document of a log; null where a row is not what was stored, or one is missing. */
function readLog(log: readonly { bytes: ArrayBuffer; crc: number }[]): DraftDoc | null {
  const updates = log.map(({ bytes }) => new Uint8Array(bytes))
  if (updates.some((bytes, index) => crc32(bytes) !== log[index]?.crc)) return null
  try {
    return openDraft(updates)
  } catch {
    return null
  }
}

function keyOf({ conversation, kind }: DraftBox): string {
  return `${conversation}:${kind}`
}
