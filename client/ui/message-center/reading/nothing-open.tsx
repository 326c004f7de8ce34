import { createSignal, onCleanup, Show } from 'solid-js'
import { Icon } from '../../controls/icon.tsx'

export function NothingOpen() {
  return (
    <div class="empty nothing-open">
      <Icon name="inbox" />
      <p class="empty-title">Choose a conversation.</p>
      <p class="quiet">
        <kbd>j</kbd> and <kbd>k</kbd> move through the list, <kbd>Enter</kbd> opens, <kbd>?</kbd> shows every
        key.
      </p>
    </div>
  )
}

/** An address whose conversation this device does not hold. Says so only after it had time to be found. */
export function NotHere() {
  const [isLate, setIsLate] = createSignal(false)
  const timer = setTimeout(() => setIsLate(true), 600)
  onCleanup(() => clearTimeout(timer))
  return (
    <div class="empty">
      <Show when={isLate()}>
        <p class="empty-title">This conversation is not on this device.</p>
        <p class="quiet">It appears here as soon as it has been fetched.</p>
      </Show>
    </div>
  )
}
