import { createEffect, createSignal, For, onCleanup, Show } from 'solid-js'
import { Icon } from './icon.tsx'
import { closeToast, lifeOf, roomBelow, toasts, type Toast } from './toasts.ts'

/** Where toasts appear. The two regions stand from the start, so that screen readers hear what is added. */
export function Toaster() {
  return (
    <div class="toaster" style={{ '--composer': roomBelow() === null ? undefined : `${roomBelow()}px` }}>
      <div role="alert">
        <For each={toasts().filter((toast) => toast.kind === 'error')}>
          {(toast) => <Line toast={toast} />}
        </For>
      </div>
      <div role="status">
        <For each={toasts().filter((toast) => toast.kind === 'news')}>
          {(toast) => <Line toast={toast} />}
        </For>
      </div>
    </div>
  )
}

function Line(props: { toast: Toast }) {
  const [paused, setPaused] = createSignal(false)
  createEffect(() => {
    if (paused() || props.toast.kind === 'error') return
    const { id } = props.toast
    const timer = setTimeout(() => closeToast(id), lifeOf(props.toast))
    onCleanup(() => clearTimeout(timer))
  })
  return (
    <div
      class={`toast ${props.toast.kind}`}
      onMouseEnter={() => setPaused(true)}
      onMouseLeave={() => setPaused(false)}
      onFocusIn={() => setPaused(true)}
      onFocusOut={() => setPaused(false)}
    >
      <Show when={props.toast.kind === 'error'}>
        <Icon name="failed" />
      </Show>
      <span class="toast-text">{props.toast.text}</span>
      <Show when={props.toast.undo}>
        {(undo) => (
          <button
            type="button"
            class="toast-undo"
            onClick={() => {
              undo()()
              closeToast(props.toast.id)
            }}
          >
            Undo
          </button>
        )}
      </Show>
      <button
        type="button"
        class="icon-button"
        aria-label="Close message"
        onClick={() => closeToast(props.toast.id)}
      >
        <Icon name="close" />
      </button>
    </div>
  )
}
