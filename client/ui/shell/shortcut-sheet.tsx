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
        <For each={[palette, ...props.shortcuts]}>
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

/** Works while somebody types, so it is none of the single keys. */
const palette: Pick<Shortcut, 'keys' | 'words'> = {
  keys: /Mac|iPhone|iPad/u.test(navigator.platform) ? 'Cmd+K' : 'Ctrl+K',
  words: 'Command palette',
}
