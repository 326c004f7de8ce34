import { fromBase64, toBase64 } from 'lib0/buffer'
import {
  admit,
  clocksOf,
  encodeBeyond,
  encodeDraft,
  openDraft,
  readDraft,
  type Clocks,
  type DraftDoc,
} from '#shared/docs/draft.ts'
import { boxOf } from '#client/db/acks.ts'
import { parseDraftName, type DraftBox } from '#shared/wire/draft.ts'
import type { DraftKept, DraftRefused, DraftState, DraftUpdate } from '#shared/wire/down.ts'
import { limits } from '#shared/wire/limits.ts'
import type { CommandFrame, OpenDraft } from '#shared/wire/up.ts'

interface Held {
  epoch: number
  doc: DraftDoc
  writers: Map<number, string>
  closings: Map<number, Clocks>
}

/** The drafts of the fake edge: one document a box, in memory, with the contract of the real ones. */
export class FakeDrafts {
  readonly #held = new Map<string, Held>()
  /** What the next update of a device is answered with, whatever it says. */
  refuseNext: DraftRefused['code'] | null = null
  /** Bytes to answer the next opening with instead of the right ones. */
  spoilNext: string | null = null

  text(box: DraftBox): string {
    return readDraft(this.#of(box).doc)
  }

  epoch(box: DraftBox): number {
    return this.#of(box).epoch
  }

  /** As if the edge had gone back to before anything was written in this epoch. */
  forget(box: DraftBox): void {
    Object.assign(this.#of(box), { doc: openDraft([]), writers: new Map() })
  }

  /** What stands in a box now, for `putBack`. */
  copy(box: DraftBox): Uint8Array {
    return encodeDraft(this.#of(box).doc)
  }

  /** As if the edge had gone back to when it was copied, in this epoch or an earlier one. */
  putBack(box: DraftBox, copy: Uint8Array, epoch = this.epoch(box)): void {
    Object.assign(this.#of(box), { doc: openDraft([copy]), epoch })
  }

  open(asked: OpenDraft, known: boolean): DraftState | DraftRefused {
    const { conversation, kind } = asked
    if (!known) return { t: 'draft refused', conversation, kind, code: 'unknown', clocks: {} }
    const { epoch, doc, closings } = this.#of(asked)
    const seen = asked.epoch === null ? undefined : closings.get(asked.epoch)
    const update = this.spoilNext ?? toBase64(encodeBeyond(doc, asked.epoch === epoch ? asked.clocks : {}))
    this.spoilNext = null
    const closed = seen && asked.epoch !== null ? { epoch: asked.epoch, seen } : null
    return { t: 'draft', conversation, kind, epoch, update, clocks: clocksOf(doc), closed }
  }

  update(
    name: string,
    update: string,
    agent: string,
  ): { answer: DraftState | DraftKept | DraftRefused; news: DraftUpdate | null } {
    const named = parseDraftName(name)
    if (!named) throw new Error(`No draft: ${name}`)
    const { conversation, kind, epoch } = named
    const held = this.#of(named)
    if (epoch !== held.epoch)
      return { answer: this.open({ ...named, t: 'open draft', clients: [], clocks: {} }, true), news: null }
    const mayWrite = (client: number) => (held.writers.get(client) ?? agent) === agent
    const border = { update: limits.draftUpdate, state: limits.draftState, clock: limits.draftClock }
    const admitted = admit(held.doc, fromBase64(update), mayWrite, border)
    const refused = this.refuseNext ?? (admitted.kind === 'refused' ? admitted.fault : null)
    this.refuseNext = null
    if (refused !== null || admitted.kind === 'refused') {
      const code = refused ?? 'malformed'
      return {
        answer: { t: 'draft refused', conversation, kind, code, clocks: clocksOf(held.doc) },
        news: null,
      }
    }
    for (const client of admitted.writers) held.writers.set(client, agent)
    held.doc = admitted.doc
    const news = admitted.news && toBase64(admitted.news)
    return {
      answer: { t: 'draft kept', conversation, kind, epoch, clocks: clocksOf(held.doc) },
      news: news === null ? null : { t: 'draft update', conversation, kind, epoch, update: news },
    }
  }

  /** A sent text ends its epoch, if that is the open one. */
  close({ command, draft }: CommandFrame, moment: number): DraftState | null {
    const box = boxOf(command)
    const held = box && this.#of(box)
    if (!box || !held || !draft || held.epoch !== draft.epoch) return null
    held.closings.set(held.epoch, draft.seen)
    Object.assign(held, { epoch: moment, doc: openDraft([]), writers: new Map() })
    const closed = { epoch: draft.epoch, seen: draft.seen }
    return { t: 'draft', ...box, epoch: moment, update: null, clocks: {}, closed }
  }

  epochFor({ command }: CommandFrame): number | undefined {
    const box = boxOf(command)
    return box ? this.epoch(box) : undefined
  }

  #of({ conversation, kind }: DraftBox): Held {
    const key = `${conversation}:${kind}`
    const held = this.#held.get(key) ?? {
      epoch: 0,
      doc: openDraft([]),
      writers: new Map(),
      closings: new Map(),
    }
    this.#held.set(key, held)
    return held
  }
}
