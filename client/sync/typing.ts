import { fromBase64, toBase64 } from 'lib0/buffer'
import * as z from 'zod/mini'
import { conversationId, type CommandId, type ConversationId } from '#shared/base/ids.ts'
import { draftKind, type DraftBox, type DraftPlace } from '#shared/wire/draft.ts'
import type { CaretReport } from '#shared/wire/up.ts'
import { composerKey, storeTyped, takeBeside, type ComposerKind, type Typed } from '#client/db/composer.ts'
import type { Closing } from '#client/db/drafts.ts'
import { nameOf, type Identity } from '#client/db/meta.ts'
import type { ComposerRecord } from '#client/db/records.ts'
import type { Store } from '#client/db/store.ts'
import type { Device } from './device.ts'
import { PageBox, type BoxView } from './page-box.ts'

const packed = z.pipe(
  z.string(),
  z.transform((text) => fromBase64(text)),
)

const mirrored = z.object({
  conversation: conversationId,
  kind: draftKind,
  typed: z.object({
    held: z.string(),
    page: z.int(),
    client: z.int(),
    from: z.int(),
    edits: z.array(
      z.object({
        n: z.int(),
        edit: z.object({ at: z.int(), remove: z.int(), insert: z.string() }),
        bytes: packed,
        to: z.int(),
        base: z.optional(z.string()),
      }),
    ),
    base: z.string(),
    after: z.string(),
    whole: z.optional(
      z.object({ epoch: z.int(), since: z.int(), clients: z.array(z.int()), update: packed }),
    ),
  }),
})

/** What a page left in the mirror, under its name there. */
interface Left {
  name: string
  /** What stood there: its page, if it is alive, may write more. */
  said: string
  box: DraftBox
  typed: Typed
}

/**
 * What stands in the reply and note boxes of this page, kept at every keystroke. A keystroke is in the mirror before
 * `set` returns and in the database a moment later; a page that died in between finds it in the mirror. From the
 * database the talking page brings it to the edge, and what others write comes back the same way [E15].
 */
export class Typing {
  readonly #device: Device
  readonly #store: Store
  readonly #prefix: string
  /** Pages share the mirror: each has its own name in it. */
  readonly #page: number
  readonly #records = new Map<string, ComposerRecord>()
  readonly #boxes = new Map<string, PageBox>()
  readonly #listeners = new Set<(key: string, view: BoxView) => void>()
  /** What other pages left in the mirror and the database did not take yet: it goes there before our own. */
  readonly #left = new Set<Left>()
  #saving: Promise<void> | null = null
  #unsubscribe: (() => void) | null = null

  private constructor(device: Device, store: Store, identity: Identity) {
    this.#device = device
    this.#store = store
    this.#prefix = `${nameOf(identity)}:typed:`
    this.#page = this.#random()
  }

  /** Reads what was typed before. What only the mirror has goes into the database first. */
  static async load(device: Device, store: Store, identity: Identity): Promise<Typing> {
    const typing = new Typing(device, store, identity)
    for (const left of typing.#fromMirror())
      try {
        await store.write((tx) => storeTyped(tx, left.box, left.typed))
        typing.#forget(left)
      } catch (fault) {
        console.error('What was typed before could not be stored in the database yet.', fault)
        typing.#left.add(left)
      }
    for (const record of await store.read((tx) => tx.all('composer'))) {
      typing.#records.set(record.key, record)
      if (store.kind === 'memory') typing.#mirror(typing.#box(record))
    }
    // A database without room: it stands in its box all the same, by the same bytes, for its page may be alive. What
    // is of another document waits for the database, which carries it over.
    for (const { box, typed } of typing.#left) typing.#box(box).show(typed)
    return typing
  }

  /** Follows what other pages, devices and agents type, and texts that come back from a refused command. */
  follow(): void {
    this.#unsubscribe ??= this.#store.live(
      (tx) => tx.all('composer'),
      (records) => {
        for (const record of records) this.#took(record)
      },
    )
  }

  stop(): void {
    this.#unsubscribe?.()
    this.#unsubscribe = null
    this.#listeners.clear()
  }

  read(conversation: ConversationId, kind: ComposerKind): string {
    return this.view(conversation, kind).text
  }

  view(conversation: ConversationId, kind: ComposerKind): BoxView {
    return this.#box({ conversation, kind }).view
  }

  /** The text box says `text` now; `caret` is where its cursor stands. */
  set(conversation: ConversationId, kind: ComposerKind, text: string, caret?: number): void {
    const box = this.#box({ conversation, kind })
    if (!box.type(text, caret)) return
    this.#mirror(box)
    this.#tell(box)
    this.#save()
  }

  /** While an input method composes a word in it, a box is not written to from outside. */
  compose(conversation: ConversationId, kind: ComposerKind, on: boolean): void {
    const box = this.#box({ conversation, kind })
    const before = box.view
    box.compose(on)
    if (box.view !== before) this.#tell(box)
    this.#save()
  }

  /** What colleagues are told of this page's cursor; null is "not in the box", and where nothing can be told. */
  caretAt(conversation: ConversationId, kind: ComposerKind, offset: number): CaretReport | null {
    const placed = this.#box({ conversation, kind }).placeAt(offset)
    return placed && { conversation, kind, ...placed }
  }

  /** Where a colleague's cursor stands in this page's text; null where that cannot be told yet or any more. */
  offsetOf(conversation: ConversationId, kind: ComposerKind, epoch: number, at: DraftPlace): number | null {
    return this.#box({ conversation, kind }).offsetOf(epoch, at)
  }

  /** Takes away what stands beside a box, into it or for good. */
  async takeBeside(conversation: ConversationId, kind: ComposerKind, insert: boolean): Promise<void> {
    const box = { conversation, kind }
    const client = this.#random()
    this.#took(await this.#store.write((tx) => takeBeside(tx, box, insert, client)))
  }

  /**
   * A press that sends what stands in a box: what the transaction that keeps the command closes it with. Null where
   * the box holds something else than what is sent. `sent`, or `kept` where the press failed, has to follow.
   */
  press(conversation: ConversationId, kind: ComposerKind, text: string, command: CommandId): Closing | null {
    const box = this.#box({ conversation, kind })
    return box.text === text ? box.press(command) : null
  }

  /** The command was kept and its box was closed. What was typed since the press stays. */
  sent(record: ComposerRecord): void {
    const box = this.#box(record)
    box.sent(record)
    this.#settle(box)
  }

  /** The database was emptied behind this page: what stands in boxes goes into it once more. */
  again(): void {
    for (const box of this.#boxes.values()) box.again()
    this.#save()
  }

  /** The press came to nothing: the box is as it was. */
  kept(conversation: ConversationId, kind: ComposerKind): void {
    const box = this.#box({ conversation, kind })
    box.kept()
    this.#settle(box)
  }

  onChange(listener: (key: string, view: BoxView) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Everything typed is in the database, or could not be stored there. */
  async settled(): Promise<void> {
    while (this.#saving) await this.#saving
  }

  #box(at: DraftBox): PageBox {
    const key = composerKey(at.conversation, at.kind)
    const known = this.#boxes.get(key)
    if (known) return known
    const { conversation, kind } = at
    const box = new PageBox({ conversation, kind }, this.#page, this.#records.get(key) ?? null, () =>
      this.#random(),
    )
    this.#boxes.set(key, box)
    return box
  }

  #took(record: ComposerRecord): void {
    this.#records.set(record.key, record)
    const box = this.#boxes.get(record.key)
    if (!box) return
    const before = box.view
    box.take(record)
    if (box.view !== before) this.#settle(box)
  }

  #settle(box: PageBox): void {
    this.#mirror(box)
    this.#tell(box)
    this.#save()
  }

  #tell({ box, view }: PageBox): void {
    const key = composerKey(box.conversation, box.kind)
    for (const listener of this.#listeners) listener(key, view)
  }

  #save(): void {
    if (this.#saving) return
    const due = [...this.#boxes.values()].flatMap((box) => {
      const typed = box.save()
      return typed ? [{ box, typed }] : []
    })
    const left = [...this.#left]
    if (due.length === 0 && left.length === 0) return
    this.#saving = this.#store
      .write(async (tx) => {
        // What is typed here may stand behind it in the same document.
        for (const { box, typed } of left) await storeTyped(tx, box, typed)
        const results = []
        for (const { box, typed } of due) results.push(await storeTyped(tx, box.box, typed))
        return results
      })
      .then(
        (results) => {
          for (const entry of left) {
            this.#left.delete(entry)
            this.#forget(entry)
          }
          for (const [index, { box }] of due.entries()) {
            const result = results[index]
            if (!result) continue
            this.#records.set(result.record.key, result.record)
            box.stored(result.record, result.exact)
            this.#mirror(box)
            this.#tell(box)
          }
          return true
        },
        (fault: unknown) => {
          // It stays in the mirror, which the next load reads, and goes along with the next keystroke.
          console.error('What is typed could not be stored in the database.', fault)
          for (const { box } of due) box.failed()
          return false
        },
      )
      .then((stored) => {
        this.#saving = null
        if (stored) this.#save()
      })
  }

  /** Keeps what is not in the database for certain where a page that dies leaves it. */
  #mirror(box: PageBox): void {
    const { mirror } = this.#device
    const name = `${this.#prefix}${composerKey(box.box.conversation, box.box.kind)}:${this.#page}`
    // A store in memory goes with the page: there the mirror is all that stays.
    const loose = this.#store.kind === 'memory' ? box.whole : box.loose
    if (loose === null) return mirror?.remove(name)
    const edits = loose.edits.map(({ bytes, ...edit }) => ({ ...edit, bytes: toBase64(bytes) }))
    const whole = loose.whole && { ...loose.whole, update: toBase64(loose.whole.update) }
    const typed = { ...loose, edits, whole }
    mirror?.set(name, JSON.stringify({ ...box.box, typed }))
  }

  #forget({ name, said }: Left): void {
    const { mirror } = this.#device
    if (mirror?.get(name) === said) mirror.remove(name)
  }

  #fromMirror(): Left[] {
    const { mirror } = this.#device
    if (!mirror) return []
    return mirror.keys().flatMap((name) => {
      if (!name.startsWith(this.#prefix)) return []
      try {
        const said = mirror.get(name) ?? ''
        const { conversation, kind, typed } = mirrored.parse(JSON.parse(said))
        return [{ name, said, box: { conversation, kind }, typed }]
      } catch {
        mirror.remove(name)
        return []
      }
    })
  }

  #random(): number {
    return new DataView(this.#device.randomBytes().slice().buffer).getUint32(0)
  }
}
