import { createUniqueId, Show, type JSX } from 'solid-js'
import { Dialog } from './dialog.tsx'

/** A question in the guide's own words, answered with "OK" or "Cancel". */
export function Question(props: {
  open: boolean
  text: string
  /** What may be of help before the answer. */
  children?: JSX.Element
  ok(): void
  cancel(): void
  /** It was answered, and the focus is back where it was. */
  closed?: () => void
}) {
  const id = createUniqueId()
  return (
    <Show when={props.open}>
      <Dialog
        class="modal question"
        role="alertdialog"
        labelledBy={id}
        leave={() => props.cancel()}
        closed={props.closed}
      >
        <h2 class="question-text" id={id}>
          {props.text}
        </h2>
        {props.children}
        <div class="question-actions">
          <button type="button" class="button" onClick={() => props.cancel()}>
            Cancel
          </button>
          <button type="button" class="button primary" onClick={() => props.ok()}>
            OK
          </button>
        </div>
      </Dialog>
    </Show>
  )
}
