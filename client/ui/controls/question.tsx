import * as AlertDialog from '@kobalte/core/alert-dialog'

/** A question in the guide's own words, answered with "OK" or "Cancel". */
export function Question(props: {
  open: boolean
  text: string
  ok(): void
  cancel(): void
  closed?: (event: Event) => void
}) {
  return (
    <AlertDialog.Root open={props.open} onOpenChange={(open) => !open && props.cancel()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay class="overlay" />
        <div class="modal-place">
          <AlertDialog.Content class="modal question" onCloseAutoFocus={(event) => props.closed?.(event)}>
            <AlertDialog.Title class="question-text">{props.text}</AlertDialog.Title>
            <div class="question-actions">
              <button type="button" class="button" onClick={() => props.cancel()}>
                Cancel
              </button>
              <button type="button" class="button primary" onClick={() => props.ok()}>
                OK
              </button>
            </div>
          </AlertDialog.Content>
        </div>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
