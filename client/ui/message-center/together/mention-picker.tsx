import { createMemo, createSignal, For, Show } from 'solid-js'
import { mentionBefore } from '#shared/rules/mentions.ts'
import { useParley, type ComposerBox } from '#client/state/parley.ts'
import { Avatar } from '../../controls/avatar.tsx'
import { compareNames } from '#shared/rules/search.ts'

const most = 6
let lists = 0

/**
 * `@` in a note offers the team: arrows choose, Enter and Tab take, Escape goes on typing. The focus stays in the
 * box, which names the chosen one as its active descendant.
 */
export function createMentionPicker(draft: ComposerBox, box: () => HTMLTextAreaElement | undefined) {
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
    /** The box says something else now, its cursor behind what was typed. */
    typedAt(at: number | null) {
      setCaret(at)
      setIndex(0)
    },
    /** Answers whether the key was the picker's. */
    key(event: KeyboardEvent): boolean {
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

/** The team as far as it fits what is typed. */
export function MentionPicker(props: { picker: ReturnType<typeof createMentionPicker> }) {
  return (
    <Show when={props.picker.options().length > 0}>
      <ul class="mention-options" role="listbox" id={props.picker.id} aria-label="Name a colleague">
        <For each={props.picker.options()}>
          {(agent) => (
            <li
              class="mention-option"
              role="option"
              id={`${props.picker.id}-${agent.id}`}
              aria-selected={props.picker.chosen()?.id === agent.id}
              // The press must not take the focus out of the box.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => props.picker.take(agent.name)}
            >
              <Avatar name={agent.name} picture={agent.avatar} small />
              {agent.name}
              <Show when={agent.away}>
                <span class="quiet">Away</span>
              </Show>
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}

/** Whether any word of a name begins with what was typed. */
function fits(name: string, typed: string): boolean {
  const low = name.toLowerCase()
  return low.startsWith(typed) || low.split(/\s+/u).some((word) => word.startsWith(typed))
}
