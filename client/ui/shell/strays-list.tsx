import { For } from 'solid-js'
import { showAddress } from '#client/state/show-address.ts'
import { useParley } from '#client/state/parley.ts'
import { LongText } from '../message-center/thread/long-text.tsx'
import { isoTime, stamp } from './clock.ts'

/** Texts to numbers that nobody here has: where each came from, where to, and what it says. */
export function StraysList() {
  const parley = useParley()
  return (
    <>
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
    </>
  )
}
