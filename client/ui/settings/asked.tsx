import { createSignal, onMount, Show, type Accessor, type JSX, type Setter } from 'solid-js'
import type { Asked } from '#client/state/ask.ts'

/** What a page asks the edge for when it is opened: null until it is there, and why it is not. */
export interface Asking<Value> {
  value: Accessor<Value | null>
  setValue: Setter<Value | null>
  trouble: Accessor<string | null>
  setTrouble: Setter<string | null>
  load(): Promise<void>
}

/** Asks at once. Needs a component around it. */
export function createAsking<Value>(read: () => Promise<Asked<Value>>): Asking<Value> {
  const [value, setValue] = createSignal<Value | null>(null)
  const [trouble, setTrouble] = createSignal<string | null>(null)
  const load = async () => {
    const answer = await read()
    setTrouble(answer.ok ? null : answer.text)
    if (answer.ok) setValue(() => answer.value)
  }
  onMount(() => void load())
  return { value, setValue, trouble, setTrouble, load }
}

/** Draws what was asked for once it is there; before, that it is being asked, or the trouble and a way to try again. */
export function WhenAsked<Value>(props: {
  asking: Asking<Value>
  children: (value: Accessor<NonNullable<Value>>) => JSX.Element
}) {
  return (
    <>
      <div role="alert">
        <Show when={props.asking.trouble()}>
          {(text) => (
            <p class="error">
              {text()}{' '}
              <button type="button" class="link-button" onClick={() => void props.asking.load()}>
                Try again
              </button>
            </p>
          )}
        </Show>
      </div>
      <Show
        when={props.asking.value()}
        fallback={
          <Show when={props.asking.trouble() === null}>
            <p class="quiet">Asking…</p>
          </Show>
        }
      >
        {(value) => props.children(value)}
      </Show>
    </>
  )
}
