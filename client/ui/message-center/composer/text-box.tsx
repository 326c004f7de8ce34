import { createEffect, createSignal, on, onCleanup, Show, type JSX } from 'solid-js'
import type { ComposerBox } from '#client/state/parley.ts'
import { later } from '../../controls/later.tsx'

const Carets = later(async () => (await import('../together/carets.tsx')).Carets)

/**
 * The box that Enter sends and Shift+Enter breaks. A word still being composed by an input method stays. What others
 * write into it comes in around the cursor, which stays with its letter [E15].
 */
export function TextBox(props: {
  label: string
  placeholder: string
  draft: ComposerBox
  keys: string
  input(text: string, caret?: number): void
  send(): void
  leave(): void
  ref(box: HTMLTextAreaElement): void
  invalid?: boolean
  /** What offers to finish a word here: it hears keys first, and names its list and its choice. */
  offers?:
    | { id: string; chosen: string | undefined; key(event: KeyboardEvent): boolean; left(): void }
    | undefined
}) {
  let element: HTMLTextAreaElement | undefined
  const [drawn, setDrawn] = createSignal<HTMLTextAreaElement | null>(null)
  createEffect(
    on(
      () => props.draft.view(),
      ({ text, move }) => {
        if (!element || element.value === text) return
        const { selectionStart, selectionEnd, selectionDirection } = element
        element.value = text
        // Safari scrolls to a box whose selection is set, also without focus.
        if (document.activeElement !== element) return
        element.setSelectionRange(move(selectionStart), move(selectionEnd), selectionDirection)
      },
    ),
  )
  const onKeyDown: JSX.EventHandler<HTMLTextAreaElement, KeyboardEvent> = (event) => {
    if (event.isComposing || props.offers?.key(event)) return
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault()
      props.send()
    }
    if (event.key === 'Escape') {
      event.preventDefault()
      props.leave()
    }
  }
  // Colleagues see where the cursor stands, and that it stands here no more. Its place is told again with each text:
  // what it stands behind may have become another document.
  const tellCaret = () => {
    props.draft.caret(element && document.activeElement === element ? element.selectionEnd : null)
  }
  createEffect(
    on(
      () => props.draft.view(),
      () => queueMicrotask(tellCaret),
      { defer: true },
    ),
  )
  const onSelect = () => document.activeElement === element && tellCaret()
  document.addEventListener('selectionchange', onSelect)
  onCleanup(() => document.removeEventListener('selectionchange', onSelect))
  return (
    <div class="text-frame">
      <textarea
        ref={(box) => {
          element = box
          setDrawn(box)
          props.ref(box)
        }}
        class="text-box"
        rows={2}
        dir="auto"
        aria-label={props.label}
        aria-keyshortcuts={props.keys}
        aria-autocomplete={props.offers ? 'list' : undefined}
        aria-controls={props.offers?.chosen ? props.offers.id : undefined}
        aria-activedescendant={props.offers?.chosen}
        aria-invalid={props.invalid ? 'true' : undefined}
        placeholder={props.placeholder}
        onInput={({ currentTarget }) => props.input(currentTarget.value, currentTarget.selectionEnd)}
        onCompositionStart={() => props.draft.compose(true)}
        onCompositionEnd={() => props.draft.compose(false)}
        onFocus={tellCaret}
        onKeyUp={tellCaret}
        onBlur={() => {
          props.draft.compose(false)
          props.offers?.left()
          tellCaret()
        }}
        onKeyDown={onKeyDown}
      />
      <Show when={props.draft.carets().length > 0 && drawn()}>
        {(box) => <Carets box={box()} draft={props.draft} />}
      </Show>
    </div>
  )
}
