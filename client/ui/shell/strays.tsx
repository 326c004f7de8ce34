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
  const [isOpen, setIsOpen] = createSignal(false)
  return (
    <>
      <StraysLink press={() => setIsOpen(true)} />
      <StraysDialog open={isOpen()} close={() => setIsOpen(false)} />
    </>
  )
}

export function StraysLink(props: { press(): void }) {
  const parley = useParley()
  return (
    <Show when={may(parley.session.role(), 'see strays') && parley.strays().length > 0}>
      <button type="button" class="view strays" onClick={() => props.press()}>
        <Icon name="question" />
        <span class="view-name">Texts to unknown numbers</span>
        <span class="bubble-count" data-count={parley.strays().length} />
      </button>
    </Show>
  )
}

/** Stands outside of what its link lies in: a modal dialog closes the popover that opened it, with all in it. */
export function StraysDialog(props: { open: boolean; close(): void }) {
  const parley = useParley()
  return (
    <Modal open={props.open} close={() => props.close()} title="Texts to unknown numbers">
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
  )
}
