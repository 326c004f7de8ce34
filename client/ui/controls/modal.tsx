import * as Dialog from '@kobalte/core/dialog'
import type { JSX } from 'solid-js'
import { Icon } from './icon.tsx'

// By its parts: Kobalte's `Dialog` and `AlertDialog` objects are one, and the later import decides both roles.

/** A sheet over the page with a title and a way out; focus stays inside and returns where it was. */
export function Modal(props: { open: boolean; close(): void; title: string; children: JSX.Element }) {
  return (
    <Dialog.Root open={props.open} onOpenChange={(open) => !open && props.close()}>
      <Dialog.Portal>
        <Dialog.Overlay class="overlay" />
        <div class="modal-place">
          <Dialog.Content class="modal">
            <header class="modal-head">
              <Dialog.Title class="modal-title">{props.title}</Dialog.Title>
              <Dialog.CloseButton class="icon-button" aria-label="Close">
                <Icon name="close" />
              </Dialog.CloseButton>
            </header>
            {props.children}
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
