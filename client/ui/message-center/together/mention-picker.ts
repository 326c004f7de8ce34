import { createMemo, createSignal } from 'solid-js'
import type { Agent } from '#shared/rows/agent.ts'
import { mentionBefore } from '#shared/rules/mentions.ts'
import { useParley, type ComposerBox } from '#client/state/parley.ts'
import { compareNames } from '#shared/rules/search.ts'

/** What a note offers where `@` is typed, and what its box does with it. */
export interface MentionPicker {
  id: string
  options(): Agent[]
  chosen(): Agent | undefined
  take(name: string): void
  /** The box says something else now, its cursor behind what was typed. */
  typedAt(at: number | null): void
  /** Answers whether the key was the picker's. */
  key(event: KeyboardEvent): boolean
}

const most = 6
let lists = 0

/**
 * `@` in a note offers the team: arrows choose, Enter and Tab take, Escape goes on typing. The focus stays in the
 * box, which names the chosen one as its active descendant.
 */
export function createMentionPicker(
  draft: ComposerBox,
  box: () => HTMLTextAreaElement | undefined,
): MentionPicker {
  const parley = useParley()
  const id = `mentions-${++lists}`
  const [caret, setCaret] = createSignal<number | null>(null)
  const [index, setIndex] = createSignal(0)
  const typed = createMemo(() => {
    const at = caret()
    return at === null ? null : mentionBefore(draft.text(), at)
  })
  const options = createMemo(() => {
    const begun = typed()
    if (begun === null) return []
    const words = begun.typed.toLowerCase()
    return parley
      .agents()
      .filter(({ active, id, name }) => active && id !== parley.session.agent && fits(name, words))
      .sort((left, right) => compareNames(left.name, right.name))
      .slice(0, most)
  })
  const chosen = () => options()[Math.min(index(), options().length - 1)]
  const take = (name: string) => {
    const begun = typed()
    const at = caret()
    if (begun === null || at === null) return
    const before = `${draft.text().slice(0, begun.at)}@${name} `
    draft.set(before + draft.text().slice(at).replace(/^ /u, ''), before.length)
    setCaret(null)
    const element = box()
    element?.focus()
    element?.setSelectionRange(before.length, before.length)
  }
  return {
    id,
    options,
    chosen,
    take,
    typedAt(at) {
      setCaret(at)
      setIndex(0)
    },
    key(event) {
      const one = chosen()
      if (!one) return false
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
      if (step !== 0) setIndex((index() + step + options().length) % options().length)
      else if (event.key === 'Escape') setCaret(null)
      else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') take(one.name)
      else return false
      event.preventDefault()
      event.stopPropagation()
      return true
    },
  }
}

/** Whether any word of a name begins with what was typed. */
function fits(name: string, typed: string): boolean {
  const low = name.toLowerCase()
  return low.startsWith(typed) || low.split(/\s+/u).some((word) => word.startsWith(typed))
}
