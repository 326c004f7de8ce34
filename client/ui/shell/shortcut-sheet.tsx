import { For } from 'solid-js'
import { Modal } from '../controls/modal.tsx'
import { useDesk } from './desk.ts'
import { Keys } from './keys.tsx'
import type { Shortcut } from './shortcuts.ts'

/** Every key that does something here, on one sheet. */
export function ShortcutSheet(props: { shortcuts: Shortcut[] }) {
  const desk = useDesk()
  return (
    <Modal open={desk.sheet()} close={() => desk.setSheet(false)} title="Keyboard shortcuts">
      <dl class="keys">
        <For each={props.shortcuts}>
          {(shortcut) => (
            <div class="keys-line">
              <dt>{shortcut.words}</dt>
              <dd>
                <Keys keys={shortcut.keys} />
              </dd>
            </div>
          )}
        </For>
      </dl>
    </Modal>
  )
}
