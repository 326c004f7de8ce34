import type { AgentId, ConversationId } from '#shared/base/ids.ts'
import type { DraftPlace } from '#shared/wire/draft.ts'
import type { CaretsMoved } from '#shared/wire/down.ts'
import { composerKey, type ComposerKind } from '#client/db/composer.ts'

interface Box {
  conversation: ConversationId
  kind: ComposerKind
  epoch: number
  standing: Map<AgentId, DraftPlace>
}

/** Where agents' cursors stand in drafts, as the edge told last. Nothing of it is stored. */
export class Carets {
  readonly #boxes = new Map<string, Box>()
  readonly #listeners = new Set<() => void>()

  moved({ conversation, kind, epoch, moved }: CaretsMoved): void {
    const key = composerKey(conversation, kind)
    const known = this.#boxes.get(key)
    const box = known?.epoch === epoch ? known : { conversation, kind, epoch, standing: new Map() }
    for (const { agent, at } of moved)
      if (at === null) box.standing.delete(agent)
      else box.standing.set(agent, at)
    if (box.standing.size === 0) this.#boxes.delete(key)
    else this.#boxes.set(key, box)
    this.#tell()
  }

  in(conversation: ConversationId, kind: ComposerKind): { agent: AgentId; epoch: number; at: DraftPlace }[] {
    const box = this.#boxes.get(composerKey(conversation, kind))
    return box ? [...box.standing].map(([agent, at]) => ({ agent, epoch: box.epoch, at })) : []
  }

  /** All of it, for a page that does not talk to the edge itself. */
  all(): CaretsMoved[] {
    return [...this.#boxes.values()].map(({ standing, ...box }) => ({
      t: 'carets',
      ...box,
      moved: [...standing].map(([agent, at]) => ({ agent, at })),
    }))
  }

  clear(): void {
    if (this.#boxes.size === 0) return
    this.#boxes.clear()
    this.#tell()
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
