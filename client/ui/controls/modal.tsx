import { createUniqueId, Show, type JSX } from 'solid-js'
import { Dialog } from './dialog.tsx'
import { Icon } from './icon.tsx'

/** A sheet over the page with a title and a way out; focus stays inside and returns where it was. */
export function Modal(props: { open: boolean; close(): void; title: string; children: JSX.Element }) {
  const id = createUniqueId()
  return (
    <Show when={props.open}>
      <Dialog class="modal" labelledBy={id} leave={() => props.close()}>
        <header class="modal-head">
          <h2 class="modal-title" id={id}>
            {props.title}
          </h2>
          <button type="button" class="icon-button" aria-label="Close" onClick={() => props.close()}>
            <Icon name="close" />
          </button>
        </header>
        {props.children}
      </Dialog>
    </Show>
  )
}
