import { For } from 'solid-js'
import { showAddress } from '#client/state/show-address.ts'
import { useParley } from '#client/state/parley.ts'
import { Modal } from '../controls/modal.tsx'
import { LongText } from '../message-center/thread/long-text.tsx'
import { isoTime, stamp } from './clock.ts'

/** Texts to numbers that nobody here has: where each came from, where to, and what it says. */
export function StraysDialog(props: { close(): void }) {
  const parley = useParley()
  return (
    <Modal open close={() => props.close()} title="Texts to unknown numbers">
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
