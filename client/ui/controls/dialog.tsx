import { onCleanup, onMount, type JSX } from 'solid-js'

/**
 * The platform's own modal dialog: what lies behind it is inert, the focus stays inside and returns where it was.
 * It is open as long as it is drawn. Escape asks to close it and closes nothing by itself.
 */
export function Dialog(props: {
  class: string
  role?: 'alertdialog'
  labelledBy: string
  /** Escape, or a press beside it. */
  leave(): void
  /** It is gone and the focus is back; called after both. */
  closed?: (() => void) | undefined
  children: JSX.Element
}) {
  let dialog!: HTMLDialogElement
  onMount(() => dialog.showModal())
  onCleanup(() => {
    dialog.close()
    props.closed?.()
  })
  return (
    <dialog
      ref={(element) => (dialog = element)}
      class={props.class}
      role={props.role}
      aria-labelledby={props.labelledBy}
      onCancel={(event) => {
        event.preventDefault()
        props.leave()
      }}
      // The backdrop belongs to the dialog itself, everything else lies within its children.
      onClick={(event) => event.target === dialog && props.leave()}
    >
      <div class="modal-body">{props.children}</div>
    </dialog>
  )
}
