import { toBase64 } from 'lib0/buffer'
import type { ConversationId } from '#shared/base/ids.ts'
import { clocksOf, encodeOwn, openDraft, type Clocks } from '#shared/docs/draft.ts'
import { draftName, type DraftBox, type DraftKind } from '#shared/wire/draft.ts'
import type { DraftKept, DraftRefused, DraftState, DraftUpdate } from '#shared/wire/down.ts'
import { limits } from '#shared/wire/limits.ts'
import type { CaretReport, Up } from '#shared/wire/up.ts'
import { composerKey } from '#client/db/composer.ts'
import { forgetBox, isDirty, markKept, markRefused, takeState, takeUpdate } from '#client/db/drafts.ts'
import type { Writer } from '#client/db/frames.ts'
import { writeAsTalker } from '#client/db/meta.ts'
import type { ComposerRecord } from '#client/db/records.ts'
import type { WriteTx } from '#client/db/store.ts'
import { CaretSync } from './caret-sync.ts'
import type { Device } from './device.ts'

export type DraftMessage = DraftState | DraftUpdate | DraftKept | DraftRefused

/** An update of a draft leaves at most this often; what is typed meanwhile goes along with the next one. */
const pace = 200
/** Who leafs through the list opens no boxes on the way. */
const settle = 150
/** A box that the edge does not let in is asked for again after this, and at once when a command is answered. */
const shutFor = 20_000
/** How often a box is begun anew on one socket before it is left alone until the next. */
const mostAnew = 3

/** How a box stands with the edge, on one socket. */
interface Line {
  box: DraftBox
  /** `waiting`: for the answer to a command. `shut`: the edge will not have it on this socket. */
  state: 'asked' | 'open' | 'waiting' | 'shut'
  /** What the edge holds of the open epoch. */
  clocks: Clocks
  /** The count of edits that is under way, and the one that was too large to go. */
  sent: number | null
  tooLarge: number | null
  anew: number
  /** Runs until the next update may leave. */
  cancelWait: (() => void) | null
}

/**
 * Brings drafts between the database and the edge, in the page that talks [E15].
 *
 * 1. Open are the boxes that are on a screen, and those whose text the edge lacks.
 * 2. Of each box one update is under way at a time: what the edge lacks of this device's own text. So nothing is
 *    lost with a socket, and saying it twice does no harm.
 * 3. What comes is stored before the next message is looked at, by the page that talks and no other [E16].
 */
export class DraftSync {
  readonly #device: Device
  readonly #writer: Writer
  readonly #say: (message: Up) => void
  readonly #carets: CaretSync
  readonly #lines = new Map<string, Line>()
  readonly #records = new Map<string, ComposerRecord>()
  #viewed = new Map<string, DraftBox>()
  #running = false
  #unfollow: (() => void) | null = null
  #cancelView: (() => void) | null = null

  constructor(device: Device, writer: Writer, say: (message: Up) => void) {
    this.#device = device
    this.#writer = writer
    this.#say = say
    this.#carets = new CaretSync(device, say, (box) => {
      const key = keyOf(box)
      const isOpen = this.#lines.get(key)?.state === 'open'
      return isOpen ? (this.#records.get(key)?.held.epoch ?? null) : null
    })
  }

  /** Where a page's cursor stands in one of the boxes. */
  caret(page: string, report: CaretReport): void {
    this.#carets.saw(page, report)
  }

  /** A page closed. */
  left(page: string): void {
    this.#carets.left(page)
  }

  start(): void {
    this.#unfollow ??= this.#writer.store.live(
      (tx) => tx.all('composer'),
      (records) => {
        for (const record of records) this.#know(record)
        this.#go()
      },
    )
  }

  stop(): void {
    this.closed()
    this.#unfollow?.()
    this.#unfollow = null
    this.#cancelView?.()
  }

  /** These conversations are on screens now. */
  view(conversations: readonly ConversationId[]): void {
    const boxes = conversations.flatMap((conversation) =>
      (['reply', 'note'] as const).map((kind) => ({ conversation, kind })),
    )
    this.#cancelView?.()
    this.#cancelView = this.#device.after(settle, () => {
      this.#viewed = new Map(boxes.map((box) => [keyOf(box), box]))
      this.#go()
    })
  }

  welcomed(): void {
    this.closed()
    this.#running = true
    this.#go()
  }

  closed(): void {
    this.#running = false
    this.#carets.closed()
    for (const { cancelWait } of this.#lines.values()) cancelWait?.()
    this.#lines.clear()
  }

  /** The edge has forgotten what this socket follows. */
  again(): void {
    if (this.#running) this.welcomed()
  }

  /** Commands were answered: what the edge did not know a moment ago it may know now. */
  answered(): void {
    for (const [key, { state }] of this.#lines) if (state === 'shut') this.#drop(key)
    this.#go()
  }

  async heard(message: DraftMessage): Promise<void> {
    const key = keyOf(message)
    const line = this.#lines.get(key)
    if (!line) return
    switch (message.t) {
      case 'draft':
        return this.#state(line, message)
      case 'draft update': {
        const { epoch, update } = message
        const taken = await this.#write(line.box, (tx) => takeUpdate(tx, line.box, epoch, update))
        if (!taken && line.state === 'open') this.#ask(line, false)
        return
      }
      case 'draft kept': {
        const { sent } = line
        line.sent = null
        line.clocks = message.clocks
        if (sent !== null) await this.#write(line.box, (tx) => markKept(tx, line.box, message.epoch, sent))
        return this.#go()
      }
      case 'draft refused':
        return this.#refused(line, message)
    }
  }

  async #state(line: Line, message: DraftState): Promise<void> {
    const why = line.state === 'open' ? 'crossed' : 'offline'
    const taken = await this.#write(line.box, (tx) => takeState(tx, message, this.#random(), why))
    line.sent = null
    line.tooLarge = null
    line.clocks = message.clocks
    if (taken === 'anew') return this.#askAnew(line)
    line.state = taken === 'open' ? 'open' : 'waiting'
    this.#go()
  }

  async #refused(line: Line, { code }: DraftRefused): Promise<void> {
    const { sent } = line
    line.sent = null
    switch (code) {
      case 'unknown':
      case 'forbidden':
      case 'too many':
        line.state = 'shut'
        line.cancelWait?.()
        // It may be known by then, as where a colleague's start comes again after a restore.
        line.cancelWait = this.#device.after(shutFor, () => {
          this.#drop(keyOf(line.box))
          this.#go()
        })
        return
      case 'too large':
        line.tooLarge = sent
        return
      case 'malformed':
      case 'gap':
      case 'not yours':
        await this.#write(line.box, (tx) => markRefused(tx, line.box))
        return this.#askAnew(line)
    }
  }

  #askAnew(line: Line): void {
    if (++line.anew > mostAnew) {
      console.error('The edge does not take this draft; it stays on this device.', line.box)
      line.state = 'shut'
      return
    }
    this.#ask(line, true)
  }

  /** Opens what should be open, leaves what nobody looks at, and sends what may be sent. */
  #go(): void {
    if (!this.#running) return
    const wanted = new Map<string, DraftBox>(this.#viewed)
    for (const [key, { conversation, kind, ...record }] of this.#records)
      if (isDirty(record)) wanted.set(key, { conversation, kind })
    for (const [key, line] of this.#lines) {
      if (wanted.has(key) || line.sent !== null || line.state === 'asked') continue
      if (line.state !== 'shut') this.#say({ t: 'close draft', ...line.box })
      this.#drop(key)
      void this.#write(line.box, (tx) => forgetBox(tx, line.box)).catch(() => undefined)
    }
    for (const [key, box] of wanted) {
      const line = this.#lines.get(key)
      if (line) this.#advance(line)
      else if (this.#lines.size < limits.draftsPerSocket) this.#ask(this.#begin(key, box), false)
    }
    // Behind the text that it stands in.
    this.#carets.due()
  }

  #begin(key: string, box: DraftBox): Line {
    const line: Line = {
      box,
      state: 'asked',
      clocks: {},
      sent: null,
      tooLarge: null,
      anew: 0,
      cancelWait: null,
    }
    this.#lines.set(key, line)
    return line
  }

  #ask(line: Line, anew: boolean): void {
    const record = this.#records.get(keyOf(line.box))
    const held = record?.sent ?? record?.held
    const known = anew || !held ? null : readClocks(held.updates)
    line.state = 'asked'
    this.#say({
      t: 'open draft',
      ...line.box,
      epoch: known === null ? null : (held?.epoch ?? null),
      clients: known === null ? [] : (held?.clients.slice(-limits.draftClients) ?? []),
      clocks: known ?? {},
    })
  }

  #advance(line: Line): void {
    const record = this.#records.get(keyOf(line.box))
    if (!record) return
    if (line.state === 'waiting' && record.sent === null) return this.#ask(line, false)
    const { held } = record
    if (line.state !== 'open' || record.sent !== null) return
    // A sending was answered: the box goes on in the epoch that is open now.
    if (held.epoch === null) return this.#ask(line, false)
    if (line.sent !== null || line.cancelWait !== null) return
    if (held.edits <= held.kept || held.edits === line.tooLarge) return
    const bytes = ownBytes(record, line.clocks)
    if (bytes === null || bytes.length > limits.draftUpdate) {
      line.tooLarge = held.edits
      return
    }
    line.sent = held.edits
    line.cancelWait = this.#device.after(pace, () => {
      line.cancelWait = null
      this.#go()
    })
    this.#say({ t: 'update', doc: draftName(line.box, held.epoch), update: toBase64(bytes) })
  }

  #drop(key: string): void {
    this.#lines.get(key)?.cancelWait?.()
    this.#lines.delete(key)
  }

  /** Writes to a box, and knows at once how it stands then: a live query tells it a moment later. */
  async #write<Result>(box: DraftBox, body: (tx: WriteTx) => Promise<Result>): Promise<Result> {
    const key = keyOf(box)
    const { store, talker } = this.#writer
    const { result, record } = await writeAsTalker(store, talker, async (tx) => {
      const result = await body(tx)
      return { result, record: await tx.get('composer', key) }
    })
    if (record) this.#know(record)
    else this.#records.delete(key)
    return result
  }

  #know(record: ComposerRecord): void {
    const known = this.#records.get(record.key)
    if (!known || known.version < record.version) this.#records.set(record.key, record)
  }

  #random(): number {
    return new DataView(this.#device.randomBytes().slice().buffer).getUint32(0)
  }
}

function readClocks(updates: readonly Uint8Array[]): Clocks | null {
  try {
    return clocksOf(openDraft(updates))
  } catch {
    return null
  }
}

function ownBytes({ held }: ComposerRecord, clocks: Clocks): Uint8Array | null {
  try {
    return encodeOwn(openDraft(held.updates), held.clients, clocks)
  } catch {
    return null
  }
}

function keyOf({ conversation, kind }: { conversation: ConversationId; kind: DraftKind }): string {
  return composerKey(conversation, kind)
}
