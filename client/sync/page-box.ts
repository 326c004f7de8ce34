import { editBetween, movePosition, type Step } from '#shared/base/edit.ts'
import {
  clocksOf,
  editDraft,
  mergeDraft,
  offsetOf,
  openDraft,
  placeAt,
  readDraft,
  type DraftDoc,
} from '#shared/docs/draft.ts'
import type { DraftBox, DraftPlace } from '#shared/wire/draft.ts'
import { limits } from '#shared/wire/limits.ts'
import { carry, type Typed } from '#client/db/composer.ts'
import type { Closing } from '#client/db/drafts.ts'
import type { Beside, ComposerRecord } from '#client/db/records.ts'
import type { CommandId } from '#shared/base/ids.ts'

/** Where a position in the text before a change stands after it. */
export type Move = (position: number) => number

/** One thing typed after another, in the same document. */
function join(first: Typed | null, then: Typed | null): Typed | null {
  if (!first || !then) return first ?? then
  return { ...first, to: then.to, bytes: [...first.bytes, ...then.bytes], after: then.after }
}

/** What the screen draws of a box. */
export interface BoxView {
  text: string
  beside: Beside | null
  /** Where the cursor goes that stood in the text before this one. */
  move: Move
}

/**
 * A reply or note box as one page holds it: the stored document with what was typed here since.
 *
 * 1. What is typed is on the screen and in `unsaved` before `type` returns.
 * 2. Bytes under way to the database (`saving`) stay part of the document; what the database made of them comes
 *    back through `stored`.
 * 3. While an input method composes, or a save is under way, a document that replaces this one waits.
 */
export class PageBox {
  readonly box: DraftBox
  readonly #random: () => number
  /** The name of the document of a box that is not stored yet. */
  #blank: string
  #record: ComposerRecord | null
  #doc: DraftDoc
  #text: string
  #client = 0
  #unsaved: Typed | null = null
  #saving: Typed | null = null
  /** What a press took along that is under way. */
  #pressed: Typed | null = null
  #composing = false
  /** What the database said meanwhile and nobody has looked at. */
  #later: ComposerRecord | null = null
  #view: BoxView

  constructor(box: DraftBox, record: ComposerRecord | null, random: () => number) {
    this.box = box
    this.#random = random
    this.#record = record
    this.#blank = `p${random()}`
    this.#doc = openDraft(record?.held.updates ?? [])
    this.#text = readDraft(this.#doc)
    this.#client = this.#pick()
    this.#view = { text: this.#text, beside: record?.beside ?? null, move: (position) => position }
  }

  get text(): string {
    return this.#text
  }

  get view(): BoxView {
    return this.#view
  }

  /** A cursor at this offset, as others may be told of it; null while the epoch at the edge is not known. */
  placeAt(offset: number): { epoch: number; at: DraftPlace } | null {
    const epoch = this.#record?.held.epoch ?? null
    return epoch === null ? null : { epoch, at: placeAt(this.#doc, offset) }
  }

  /** Where somebody's cursor stands in the text that is drawn; null where that cannot be told. */
  offsetOf(epoch: number, at: DraftPlace): number | null {
    return this.#record?.held.epoch === epoch ? offsetOf(this.#doc, at) : null
  }

  /** Everything that is not in the database for certain, as one. */
  get loose(): Typed | null {
    return join(join(this.#saving, this.#pressed), this.#unsaved)
  }

  /** All that stands here, for a database that has nothing of it; null where nothing does. */
  get whole(): Typed | null {
    const at = { client: this.#client, from: this.#clock(), to: this.#clock() }
    return this.#text === ''
      ? null
      : { held: this.#name(), ...at, bytes: [], base: this.#text, after: this.#text }
  }

  /** The database was emptied: nothing of this box is stored any more. */
  again(): void {
    this.#unsaved = this.whole
    this.#record = null
    this.#later = null
  }

  /** The text box says `after` now. Answers whether anything changed. */
  type(after: string, caret?: number): boolean {
    const edit = editBetween(this.#text, after, caret)
    if (edit === null) return false
    const from = this.#clock()
    const base = this.#text
    const bytes = editDraft(this.#doc, this.#client, edit)
    this.#text = readDraft(this.#doc)
    const before = this.#unsaved
    this.#unsaved = {
      held: this.#name(),
      client: this.#client,
      from: before?.from ?? from,
      to: this.#clock(),
      bytes: [...(before?.bytes ?? []), bytes],
      base: before?.base ?? base,
      after: this.#text,
    }
    this.#draw((position) => position)
    return true
  }

  /**
   * Shows what another page left and the database did not take. It is not this page's to save, and the same letters
   * from that page, if it is alive, are no others. Nothing is shown where it is of another document.
   */
  show({ held, bytes }: Typed): void {
    if (this.#record === null && this.#text === '') this.#blank = held
    if (held !== this.#name()) return
    try {
      const steps = mergeDraft(this.#doc, bytes)
      this.#text = readDraft(this.#doc)
      this.#draw((position) => movePosition(position, steps))
    } catch {
      this.#doc = openDraft(this.#record?.held.updates ?? [])
    }
  }

  /** Hands out what is to be saved; until `stored` or `failed`, and during a press, nothing more is handed out. */
  save(): Typed | null {
    if (this.#saving !== null || this.#pressed !== null || this.#unsaved === null) return null
    this.#saving = this.#unsaved
    this.#unsaved = null
    return this.#saving
  }

  /** The database has it. Where it was not taken as it was, the page follows what stands there. */
  stored(record: ComposerRecord, exact: boolean): void {
    this.#saving = null
    if (exact) this.#take(record)
    else if (this.#composing || this.#pressed !== null) this.#later = record
    else this.#replace(record)
    this.#takeLater()
  }

  /** It could not be stored: it is typed and unsaved as before. */
  failed(): void {
    if (this.#pressed === null) this.#unsaved = join(this.#saving, this.#unsaved)
    else this.#pressed = join(this.#saving, this.#pressed)
    this.#saving = null
    this.#takeLater()
  }

  /** A press that sends what stands here; `sent` or `kept` ends it. What is being saved reaches the database before. */
  press(command: CommandId): Closing {
    const at = { client: this.#client, from: this.#clock(), to: this.#clock() }
    const nothing = { held: this.#name(), ...at, bytes: [], base: this.#text, after: this.#text }
    const typed = this.#unsaved ?? nothing
    this.#pressed = typed
    this.#unsaved = null
    return { command, typed, seen: clocksOf(this.#doc) }
  }

  /** The command was kept, and the box holds another document. What was typed since the press stays. */
  sent(record: ComposerRecord): void {
    this.#pressed = null
    this.#replace(record)
    this.#takeLater()
  }

  /** The press came to nothing: the box is as it was. */
  kept(): void {
    this.#unsaved = join(this.#pressed, this.#unsaved)
    this.#pressed = null
    this.#takeLater()
  }

  /** The database has another word on this box. */
  take(record: ComposerRecord): void {
    if (record.version <= (this.#record?.version ?? -1)) return
    const same = record.held.id === this.#name()
    if (this.#composing || (this.#underWay() && !same)) {
      if (record.version > (this.#later?.version ?? -1)) this.#later = record
      return
    }
    this.#take(record)
  }

  /** While a word is being composed the text box must not be written to. */
  compose(on: boolean): void {
    this.#composing = on
    if (!on) this.#takeLater()
  }

  #takeLater(): void {
    if (this.#composing || this.#underWay()) return
    const record = this.#later
    this.#later = null
    if (record) this.take(record)
  }

  #take(record: ComposerRecord): void {
    if (record.version <= (this.#record?.version ?? -1)) return
    if (record.held.id !== this.#name()) return this.#replace(record)
    try {
      const steps = mergeDraft(this.#doc, record.held.updates)
      this.#record = record
      this.#text = readDraft(this.#doc)
      this.#draw((position) => movePosition(position, steps))
    } catch {
      this.#replace(record)
    }
  }

  /** Another document stands here: what was typed into the old one and is not stored is typed again. */
  #replace(record: ComposerRecord): void {
    const shown = this.#text
    const base = this.#unsaved?.base ?? shown
    this.#unsaved = null
    this.#record = record
    this.#doc = openDraft(record.held.updates)
    this.#text = readDraft(this.#doc)
    this.#client = this.#pick()
    const again = carry({ base, after: shown }, this.#text)
    if (again)
      this.type(this.#text.slice(0, again.at) + again.insert + this.#text.slice(again.at + again.remove))
    const change = editBetween(shown, this.#text)
    const steps: Step[] = change
      ? [{ retain: change.at }, { delete: change.remove }, { insert: change.insert }]
      : []
    this.#draw((position) => Math.min(movePosition(position, steps), this.#text.length))
  }

  #underWay(): boolean {
    return this.#saving !== null || this.#pressed !== null
  }

  #name(): string {
    return this.#record?.held.id ?? this.#blank
  }

  #clock(): number {
    return clocksOf(this.#doc)[this.#client] ?? 0
  }

  /**
   * The Yjs client id that this page writes under: a fresh one for each document, so that a database which lost its
   * last writes never uses a clock twice; once a device has used as many as it may, its last one. The database
   * takes bytes only where they continue what it holds, so two pages that share one do no harm.
   */
  #pick(): number {
    const clients = this.#record?.held.clients ?? []
    return clients.length < limits.draftClients ? this.#random() : (clients.at(-1) ?? this.#random())
  }

  #draw(move: Move): void {
    this.#view = { text: this.#text, beside: this.#record?.beside ?? null, move }
  }
}
