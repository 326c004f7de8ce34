import { conversationId, type ConversationId } from '#shared/base/ids.ts'
import { z } from 'zod'
import { composerKey, writeComposer, type ComposerKind } from '#client/db/composer.ts'
import { nameOf, type Identity } from '#client/db/meta.ts'
import type { ComposerRecord } from '#client/db/records.ts'
import type { Store } from '#client/db/store.ts'
import type { Device } from './device.ts'

const mirrored = z.object({
  conversation: conversationId,
  kind: z.enum(['reply', 'note']),
  text: z.string(),
  at: z.number(),
})

/**
 * What stands in the reply and note boxes, kept at every keystroke. A keystroke is in the mirror before `set`
 * returns and in the database a moment later; a page that died in between finds it in the mirror.
 */
export class Typing {
  readonly #device: Device
  readonly #store: Store
  readonly #prefix: string
  readonly #texts = new Map<string, ComposerRecord>()
  readonly #unsaved = new Map<string, ComposerRecord>()
  readonly #listeners = new Set<(key: string, text: string) => void>()
  #saving: Promise<void> | null = null
  #unsubscribe: (() => void) | null = null

  private constructor(device: Device, store: Store, identity: Identity) {
    this.#device = device
    this.#store = store
    this.#prefix = `${nameOf(identity)}:typed:`
  }

  /** Reads what was typed before. Where mirror and database differ, the later keystroke counts. */
  static async load(device: Device, store: Store, identity: Identity): Promise<Typing> {
    const typing = new Typing(device, store, identity)
    for (const record of await store.read((tx) => tx.all('composer'))) typing.#texts.set(record.key, record)
    for (const record of typing.#fromMirror()) {
      if ((typing.#texts.get(record.key)?.at ?? -1) >= record.at) continue
      typing.#texts.set(record.key, record)
      typing.#unsaved.set(record.key, record)
    }
    typing.#save()
    await typing.settled()
    return typing
  }

  /** Follows what other pages of this device type, and texts that come back from a refused command. */
  follow(): void {
    this.#unsubscribe ??= this.#store.live(
      (tx) => tx.all('composer'),
      (records) => {
        for (const record of records) {
          const held = this.#texts.get(record.key)
          if (held && held.at >= record.at) continue
          this.#texts.set(record.key, record)
          this.#tell(record)
        }
      },
    )
  }

  stop(): void {
    this.#unsubscribe?.()
    this.#unsubscribe = null
    this.#listeners.clear()
  }

  read(conversation: ConversationId, kind: ComposerKind): string {
    return this.#texts.get(composerKey(conversation, kind))?.text ?? ''
  }

  set(conversation: ConversationId, kind: ComposerKind, text: string): void {
    const key = composerKey(conversation, kind)
    const held = this.#texts.get(key)
    if ((held?.text ?? '') === text) return
    const record = { key, conversation, kind, text, at: this.#next(held) }
    this.#texts.set(key, record)
    this.#unsaved.set(key, record)
    this.#device.mirror?.set(this.#prefix + key, JSON.stringify({ conversation, kind, text, at: record.at }))
    this.#tell(record)
    this.#save()
  }

  /**
   * What the box holds once `sent` has left it, to be written in the transaction that keeps the command: a page
   * that dies in between neither loses the text nor shows it twice. Null where the box held something else.
   */
  withoutSent(conversation: ConversationId, kind: ComposerKind, sent: string): ComposerRecord | null {
    const key = composerKey(conversation, kind)
    const held = this.#texts.get(key)
    return held?.text === sent ? { ...held, text: '', at: this.#next(held) } : null
  }

  /** The command was kept. What was typed since the press stays. */
  sent(record: ComposerRecord, sent: string): void {
    const held = this.#texts.get(record.key)
    const rest = held?.text.startsWith(sent) ? held.text.slice(sent.length) : (held?.text ?? '')
    this.set(record.conversation, record.kind, rest)
  }

  /** Writes everything once more, into a database that lost it. */
  again(): void {
    for (const record of this.#texts.values()) if (record.text !== '') this.#unsaved.set(record.key, record)
    this.#save()
  }

  onChange(listener: (key: string, text: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Everything typed is in the database. */
  async settled(): Promise<void> {
    while (this.#saving) await this.#saving
  }

  // A clock that went back must not make a later keystroke look older than an earlier one.
  #next(held: ComposerRecord | undefined): number {
    return Math.max(this.#device.now(), (held?.at ?? 0) + 1)
  }

  #tell({ key, text }: ComposerRecord): void {
    for (const listener of this.#listeners) listener(key, text)
  }

  #save(): void {
    if (this.#saving || this.#unsaved.size === 0) return
    const records = [...this.#unsaved.values()]
    this.#unsaved.clear()
    this.#saving = this.#store
      .write(async (tx) => {
        for (const record of records) await writeComposer(tx, record)
      })
      .then(
        () => {
          // A store in memory goes with the page: there the mirror is all that stays.
          if (this.#store.kind === 'memory') return
          for (const { key, at } of records)
            if (this.#texts.get(key)?.at === at) this.#device.mirror?.remove(this.#prefix + key)
        },
        // It stays in the mirror, which the next load reads.
        (fault: unknown) => console.error('What is typed could not be stored in the database.', fault),
      )
      .finally(() => {
        this.#saving = null
        this.#save()
      })
  }

  #fromMirror(): ComposerRecord[] {
    const { mirror } = this.#device
    if (!mirror) return []
    return mirror.keys().flatMap((name) => {
      if (!name.startsWith(this.#prefix)) return []
      const key = name.slice(this.#prefix.length)
      try {
        const parsed = mirrored.parse(JSON.parse(mirror.get(name) ?? ''))
        return [{ ...parsed, key }]
      } catch {
        mirror.remove(name)
        return []
      }
    })
  }
}
