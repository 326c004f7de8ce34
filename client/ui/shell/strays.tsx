import { createSignal, For, Show } from 'solid-js'
import { showAddress } from '#client/state/show-address.ts'
import { may } from '#shared/rules/permissions.ts'
import { useParley } from '#client/state/parley.ts'
import { Icon } from '../controls/icon.tsx'
import { Modal } from '../controls/modal.tsx'
import { LongText } from '../message-center/thread/long-text.tsx'
import { isoTime, stamp } from './clock.ts'

/** Texts to numbers that their channel does not have: kept, and shown to whoever may put it right. */
export function Strays() {
  const parley = useParley()
  const [isOpen, setIsOpen] = createSignal(false)
  const isShown = () => may(parley.session.role(), 'see strays') && parley.strays().length > 0
  return (
    <Show when={isShown()}>
      <button type="button" class="view strays" onClick={() => setIsOpen(true)}>
        <Icon name="question" />
        <span class="view-name">Texts to unknown numbers</span>
        <span class="bubble-count" data-count={parley.strays().length} />
      </button>
      <Modal open={isOpen()} close={() => setIsOpen(false)} title="Texts to unknown numbers">
        <p class="quiet">
          These came in on a channel for a number that it does not have. Add the number, or tell the carrier.
        </p>
        <ul class="strays-list" role="list">
          <For each={parley.strays()}>
            {(stray) => (
              <li class="strays-item">
                <p class="quiet">
                  {`${showAddress(stray.from)} to ${showAddress(stray.to)}, channel ${stray.channel}, `}
                  <time datetime={isoTime(stray.at)}>{stamp(stray.at)}</time>
                </p>
                <LongText text={stray.text} />
              </li>
            )}
          </For>
        </ul>
      </Modal>
    </Show>
  )
}
