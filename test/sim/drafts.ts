import type { Box, Keyed, SeenBox } from '#test/kit/world/keys.ts'
import { isKey } from '#test/kit/world/keys.ts'

interface Key extends Box {
  device: string
  /** It may be anywhere or nowhere: it was deleted, sent, put away, or its device lost what it had. */
  free: boolean
}

/**
 * What became of each key that was pressed in a box [E15]: one that nobody deleted, sent or put away stands in its
 * draft exactly once, the same on every screen, or, where its text crossed with a sending, beside the box on the
 * device that it was typed on.
 */
export class Drafts {
  readonly #keys = new Map<string, Key>()
  readonly #break: (promise: string, what: string) => void

  constructor(blame: (promise: string, what: string) => void) {
    this.#break = blame
  }

  /** Boxes in which anything was ever typed. */
  get boxes(): Box[] {
    const all = new Map<string, Box>()
    for (const { conversation, kind } of this.#keys.values())
      all.set(`${conversation} ${kind}`, { conversation, kind })
    return [...all.values()]
  }

  keyed({ page, conversation, kind, typed, removed, press }: Keyed): void {
    for (const key of typed)
      this.#keys.set(key, { conversation, kind, device: page.browser.name, free: false })
    this.#free(removed)
    if (press?.id) this.#free(press.text ?? '')
  }

  /** A device lost what it had, and perhaps what nobody else had. */
  forgot(device: string): void {
    for (const key of this.#keys.values()) if (key.device === device) key.free = true
  }

  /** A box as everybody shows it who has opened it, when nothing is under way. */
  judge(seen: readonly SeenBox[]): void {
    const [first, ...others] = seen
    if (!first) return
    for (const other of others)
      if (other.text !== first.text)
        this.#break(
          'P6',
          `the ${first.kind} box of ${first.conversation} says "${first.text}" on ${first.page} and "${other.text}" on ${other.page}`,
        )
    for (const { text, beside, page } of seen)
      for (const letter of text + beside)
        if (isKey(letter) && !this.#keys.has(letter))
          this.#break('P7', `${page} shows "${letter}" in a box, which nobody of its company typed`)
    for (const [letter, key] of this.#keys) {
      if (key.free || key.conversation !== first.conversation || key.kind !== first.kind) continue
      const standing = count(first.text, letter)
      const beside = Math.max(
        0,
        ...seen.filter(({ device }) => device === key.device).map((box) => count(box.beside, letter)),
      )
      if (standing + beside !== 1)
        this.#break(
          'P5',
          `"${letter}", typed on ${key.device} into the ${key.kind} box of ${key.conversation}, stands there ${standing} times and ${beside} times beside it`,
        )
    }
  }

  #free(letters: string): void {
    for (const letter of letters) {
      const key = this.#keys.get(letter)
      if (key) key.free = true
    }
  }
}

function count(text: string, letter: string): number {
  return text.split(letter).length - 1
}
