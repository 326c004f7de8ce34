import { createEffect, createSignal, on, onCleanup, Show, type JSX } from 'solid-js'
import { grouped } from '#shared/base/grouped.ts'
import type { ComposerBox } from '#client/state/parley.ts'
import { later } from '../../controls/later.tsx'
import type { Composing } from './composing.ts'
import { meaningOf } from './enter-key.ts'
import { count } from './trouble.ts'

const EmojiMarks = later(async () => (await import('./emoji-marks.tsx')).EmojiMarks)
const Offers = later(async () => (await import('./offers.tsx')).Offers)
const Carets = later(async () => (await import('../together/carets.tsx')).Carets)

/**
 * The box that Enter sends and Shift+Enter breaks, or as the device has it. A word still being composed by an input
 * method stays. What others write into it comes in around the cursor, which stays with its letter [E15]. Over the
 * box stands what `/` and `{` offer at the cursor.
 */
export function TextBox(props: {
  label: string
  placeholder: string
  draft: ComposerBox
  keys: string
  input(text: string, caret?: number): void
  send(end: boolean): void
  leave(): void
  composing: Composing
  /** Characters that it holds at most. A paste beyond that is refused with words, and nothing is cut off. */
  most: number
  tooMuch(words: string): void
  /** Emoji in it cannot be sent and are marked. */
  marksEmoji?: boolean
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
    const meaning = meaningOf(event)
    if (props.composing.takesKey(event)) event.preventDefault()
    else if (meaning !== null) {
      event.preventDefault()
      props.send(meaning === 'send and end')
    } else if (event.key === 'Escape') {
      event.preventDefault()
      props.leave()
    }
  }
  // Colleagues see where the cursor stands, and that it stands here no more. Its place is told again with each text:
  // what it stands behind may have become another document.
  const tellCaret = () => {
    const isHere = element && document.activeElement === element
    props.composing.caretAt(
      isHere && element?.selectionStart === element?.selectionEnd ? (element?.selectionEnd ?? null) : null,
    )
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
  const onBeforeInput = (event: InputEvent & { currentTarget: HTMLTextAreaElement }) => {
    const { value, selectionStart, selectionEnd } = event.currentTarget
    const coming = event.data ?? event.dataTransfer?.getData('text/plain') ?? ''
    const length = value.length - (selectionEnd - selectionStart) + coming.length
    if (coming.length < 2 || length <= props.most) return
    event.preventDefault()
    props.tooMuch(
      `That is ${count(coming.length, 'character')}, and this box holds ${grouped(props.most)}. Nothing was put in.`,
    )
  }
  return (
    <div class="text-frame">
      <Show when={props.marksEmoji && drawn()}>
        {(box) => <EmojiMarks box={box()} text={props.draft.text()} />}
      </Show>
      <Show when={props.composing.offer()}>
        {(offer) => <Offers composing={props.composing} offer={offer()} />}
      </Show>
      <textarea
        ref={(box) => {
          element = box
          props.composing.box(box)
          setDrawn(box)
          props.ref(box)
        }}
        class="text-box"
        rows={2}
        dir="auto"
        aria-label={props.label}
        aria-keyshortcuts={props.keys}
        aria-autocomplete="list"
        aria-controls={props.offers?.chosen ? props.offers.id : undefined}
        aria-activedescendant={props.offers?.chosen ?? props.composing.option() ?? undefined}
        maxLength={props.most}
        onBeforeInput={onBeforeInput}
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
