import { createMemo, createSignal, createUniqueId, For, onMount, Show } from 'solid-js'
import { fitLetters } from '#shared/rules/fuzzy.ts'
import { Dialog } from '../controls/dialog.tsx'
import { Keys } from './keys.tsx'
import type { Shortcut } from './shortcuts.ts'

/** Something that can be chosen by name; what has a key shows it, so that the palette teaches the keys. */
export type PaletteItem = Pick<Shortcut, 'words' | 'also' | 'run'> & { keys?: string | undefined }

const mostShown = 12

/** Everything that can be done here, by a few letters of its name (Ctrl+K, Cmd+K). */
export function Palette(props: { items: readonly PaletteItem[]; close(): void }) {
  const id = createUniqueId()
  const [typed, setTyped] = createSignal('')
  const [at, setAt] = createSignal(0)
  let input: HTMLInputElement | undefined
  onMount(() => input?.focus())
  const found = createMemo(() =>
    props.items
      .flatMap((item) => {
        const scores = [item.words, item.also ?? ''].flatMap(
          (words) => fitLetters(typed(), words)?.score ?? [],
        )
        return scores.length === 0 ? [] : [{ item, score: Math.max(...scores) }]
      })
      .sort((one, other) => other.score - one.score)
      .slice(0, mostShown)
      .map(({ item }) => item),
  )
  const optionId = (index: number) => `${id}-${index}`
  const choose = (item: PaletteItem | undefined, event: Event) => {
    if (!item) return
    props.close()
    // The dialog gives the focus back first: what is chosen may want it elsewhere.
    queueMicrotask(() => item.run(event as KeyboardEvent))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const last = found().length - 1
    if (event.key === 'ArrowDown') setAt((at) => (at >= last ? 0 : at + 1))
    else if (event.key === 'ArrowUp') setAt((at) => (at <= 0 ? Math.max(0, last) : at - 1))
    else if (event.key === 'Enter' && !event.isComposing) choose(found()[at()], event)
    else return
    event.preventDefault()
    document.getElementById(optionId(at()))?.scrollIntoView({ block: 'nearest' })
  }
  return (
    <Dialog class="modal palette" labelledBy={`${id}-title`} leave={() => props.close()}>
      <h2 class="visually-hidden" id={`${id}-title`}>
        Command palette
      </h2>
      <input
        ref={(element) => (input = element)}
        class="palette-input"
        type="text"
        role="combobox"
        aria-label="What to do"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={found().length > 0 ? optionId(at()) : undefined}
        aria-autocomplete="list"
        placeholder="What to do"
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => {
          setTyped(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <ul class="palette-list" role="listbox" id={`${id}-list`} aria-label="Commands">
        <For each={found()}>
          {(item, index) => (
            <li
              class="palette-item"
              role="option"
              id={optionId(index())}
              aria-selected={at() === index()}
              onPointerMove={() => setAt(index())}
              onClick={(event) => choose(item, event)}
            >
              <span>{item.words}</span>
              <Show when={item.keys}>{(keys) => <Keys keys={keys()} />}</Show>
            </li>
          )}
        </For>
      </ul>
      <Show when={found().length === 0}>
        <p class="palette-none" role="status">
          Nothing is called that.
        </p>
      </Show>
    </Dialog>
  )
}
