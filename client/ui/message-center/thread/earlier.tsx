import { createSignal, Show } from 'solid-js'
import { useParley, type OpenConversation } from '#client/state/parley.ts'
import { whenReached } from './reached.ts'

/**
 * Brings what the device does not hold of a long thread, a page at a time [F231]: by itself when somebody scrolls up
 * to it, and by a press where that failed.
 */
export function EarlierMessages(props: { open: OpenConversation }) {
  const parley = useParley()
  const [isLoading, setIsLoading] = createSignal(false)
  const [trouble, setTrouble] = createSignal<string | null>(null)
  // Orders count from 1, so a thread that begins later has a beginning elsewhere.
  const first = () => props.open.entries[0]?.order ?? 1
  const load = async () => {
    if (isLoading()) return
    setIsLoading(true)
    setTrouble(null)
    const answer = await parley.earlier(props.open)
    if (!answer.ok) setTrouble(answer.text)
    setIsLoading(false)
  }
  return (
    <Show when={first() > 1}>
      <div class="earlier" ref={(element) => whenReached(element, () => trouble() === null && void load())}>
        <button type="button" class="button small" disabled={isLoading()} onClick={() => void load()}>
          {isLoading() ? 'Loading' : 'Show earlier messages'}
        </button>
        <p role="status" class="quiet">
          {trouble() ?? ''}
        </p>
      </div>
    </Show>
  )
}
