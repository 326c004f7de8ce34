import { editBetween, movePosition, type Edit, type Step } from '#shared/base/edit.ts'
import {
  clocksOf,
  editDraft,
  encodeDraft,
  mergeDraft,
  offsetOf,
  openDraft,
  placeAt,
  readDraft,
  type DraftDoc,
} from '#shared/docs/draft.ts'
import type { DraftBox, DraftPlace } from '#shared/wire/draft.ts'
import { limits } from '#shared/wire/limits.ts'
import { carry, takenOf, type Typed } from '#client/db/composer.ts'
import type { Closing } from '#client/db/drafts.ts'
import type { Beside, ComposerRecord } from '#client/db/records.ts'
import type { CommandId } from '#shared/base/ids.ts'

/** Where a position in the text before a change stands after it. */
export type Move = (position: number) => number

/** One thing typed after another, in the same document. */
function join(first: Typed | null, then: Typed | null): Typed | null {
  if (!first || !then) return first ?? then
  const [next, ...rest] = then.edits
  if (!next) return first
  const joint = first.after === then.base ? next : { ...next, base: then.base }
  return { ...first, edits: [...first.edits, joint, ...rest], after: then.after }
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
  readonly #page: number
  readonly #random: () => number
  /** The document of a box that is not stored yet: all pages begin it as the same, so that none has to be carried. */
  #blank = 'blank'
  /** Edits made here so far: each has its number, whatever document it is made in [E15]. */
  #edits = 0
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

  constructor(box: DraftBox, page: number, record: ComposerRecord | null, random: () => number) {
    this.box = box
    this.#page = page
    this.#random = random
    this.#record = record
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
    const typed = join(join(this.#saving, this.#pressed), this.#unsaved)
    return typed && this.#withWhole(typed)
  }

  /** All that stands here, for a database that has nothing of it; null where nothing does. */
  get whole(): Typed | null {
    return this.#text === ''
      ? null
      : this.#withWhole({ ...this.#nothing(), edits: join(this.#nothing(), this.loose)?.edits ?? [] })
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
    this.#make(edit, ++this.#edits)
    this.#draw((position) => position)
    return true
  }

  /**
   * Shows what another page left and the database did not take. It is not this page's to save, and the same letters
   * from that page, if it is alive, are no others. Nothing is shown where it is of another document.
   */
  show({ held, edits }: Typed): void {
    if (this.#record === null && this.#text === '') this.#blank = held
    if (held !== this.#name()) return
    try {
      const steps = mergeDraft(
        this.#doc,
        edits.map(({ bytes }) => bytes),
      )
      this.#text = readDraft(this.#doc)
      this.#draw((position) => movePosition(position, steps))
    } catch {
      this.#doc = openDraft(this.#record?.held.updates ?? [])
    }
  }

  /** Hands out what is to be saved; until `stored` or `failed`, and during a press, nothing more is handed out. */
  save(): Typed | null {
    if (this.#saving !== null || this.#pressed !== null || this.#unsaved === null) return null
    this.#saving = this.#withWhole(this.#unsaved)
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
    const typed = this.#unsaved ? this.#withWhole(this.#unsaved) : this.#nothing()
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
    if (this.#composing || (this.#underWay() && !this.#continues(record))) {
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
    if (!this.#continues(record)) return this.#replace(record)
    try {
      const steps = mergeDraft(this.#doc, record.held.updates)
      this.#record = record
      this.#text = readDraft(this.#doc)
      this.#draw((position) => movePosition(position, steps))
    } catch {
      this.#replace(record)
    }
  }

  /** Whether it is the document that stands here, and nobody else has stored what is typed here and unsaved. */
  #continues(record: ComposerRecord): boolean {
    const [first] = this.#unsaved?.edits ?? []
    return record.held.id === this.#name() && !(first && first.n <= takenOf(record, this.#page))
  }

  /** Another document stands here: what was typed into the old one and is nowhere stored is made again in it. */
  #replace(record: ComposerRecord): void {
    const shown = this.#text
    const unsaved = this.#unsaved
    this.#unsaved = null
    this.#record = record
    this.#doc = openDraft(record.held.updates)
    this.#text = readDraft(this.#doc)
    this.#client = this.#pick()
    const again = unsaved ? carry(unsaved, this.#text, takenOf(record, this.#page)) : []
    for (const { n, edit } of again) this.#make(edit, n)
    const change = editBetween(shown, this.#text)
    const steps: Step[] = change
      ? [{ retain: change.at }, { delete: change.remove }, { insert: change.insert }]
      : []
    this.#draw((position) => Math.min(movePosition(position, steps), this.#text.length))
  }

  /** Makes an edit in the document that stands here. */
  #make({ at, remove, insert }: Edit, n: number): void {
    const before = this.#nothing()
    const edit = { at, remove, insert: insert.toWellFormed() }
    const bytes = editDraft(this.#doc, this.#client, edit)
    this.#text = readDraft(this.#doc)
    const edits = [{ n, edit, bytes, to: this.#clock() }]
    this.#unsaved = join(this.#unsaved, { ...before, edits, after: this.#text })
  }

  /** Nothing typed, as it would be typed here now. */
  #nothing(): Typed {
    return {
      held: this.#name(),
      page: this.#page,
      client: this.#client,
      from: this.#clock(),
      edits: [],
      base: this.#text,
      after: this.#text,
    }
  }

  /** The document itself, where the edge knows it, for a database that turns out to have lost it. */
  #withWhole(typed: Typed): Typed {
    const held = this.#record?.held
    if (!held || held.epoch === null || held.id !== typed.held) return typed
    const mine = this.#clock() > 0 && !held.clients.includes(this.#client) ? [this.#client] : []
    const { epoch, since } = held
    const whole = { epoch, since, clients: [...held.clients, ...mine], update: encodeDraft(this.#doc) }
    return { ...typed, whole }
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
