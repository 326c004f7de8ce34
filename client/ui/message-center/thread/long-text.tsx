import { createMemo, createSignal, Show } from 'solid-js'

/** A text as it was written; a very long one is folded until it is asked for. */
export function LongText(props: { text: string; cut?: boolean }) {
  const [whole, setWhole] = createSignal(false)
  const isLong = () => props.text.length > most
  const shown = createMemo(() =>
    isLong() && !whole() ? `${props.text.slice(0, most).toWellFormed()}…` : props.text,
  )
  return (
    <>
      <p class="text" dir="auto">
        {shown()}
      </p>
      <Show when={isLong()}>
        <button type="button" class="link-button" aria-expanded={whole()} onClick={() => setWhole(!whole())}>
          {whole() ? 'Show less' : 'Show all'}
        </button>
      </Show>
      <Show when={props.cut && (!isLong() || whole())}>
        <p class="text-cut">The text was longer than Parley keeps; the rest was cut.</p>
      </Show>
    </>
  )
}

const most = 1500
