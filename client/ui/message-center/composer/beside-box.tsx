import { Show } from 'solid-js'
import type { ComposerBox } from '#client/state/parley.ts'

/** Own text that missed a sending. It is never put into the shared draft by itself [E15]. */
export function BesideBox(props: { draft: ComposerBox }) {
  const words = (why: 'offline' | 'crossed') =>
    why === 'offline' ? 'You wrote this while offline' : 'You wrote this while the text before was sent'
  return (
    <div role="status">
      <Show when={props.draft.beside()}>
        {(beside) => (
          <div class="beside">
            <p class="beside-title">{words(beside().why)}</p>
            <p class="beside-text" dir="auto">
              {beside().text}
            </p>
            <div class="beside-actions">
              <button type="button" class="button small" onClick={() => props.draft.takeBeside(true)}>
                Insert
              </button>
              <button type="button" class="link-button" onClick={() => props.draft.takeBeside(false)}>
                Discard
              </button>
            </div>
          </div>
        )}
      </Show>
    </div>
  )
}
