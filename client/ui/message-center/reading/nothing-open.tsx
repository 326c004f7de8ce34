import { createSignal, onCleanup, Show } from 'solid-js'
import { useParley } from '#client/state/parley.ts'
import { Icon } from '../../controls/icon.tsx'
import { later } from '../../controls/later.tsx'
import { useDesk } from '../../shell/desk.ts'
import { nowPainted, painted } from '../../shell/painted.ts'

const FirstSteps = later<{ canLeave: boolean }>(async () => {
  await painted
  return (await import('../../shell/first-steps.tsx')).FirstSteps
})

export function NothingOpen() {
  const desk = useDesk()
  return (
    <div class="empty nothing-open">
      <Icon name="inbox" />
      <p class="empty-title">Choose a conversation.</p>
      <p class="quiet">
        <kbd>j</kbd> and <kbd>k</kbd> move through the list, <kbd>Enter</kbd> opens, <kbd>?</kbd> shows every
        key.
      </p>
      <Show when={!desk.isPhone()}>
        <FirstSteps canLeave />
      </Show>
    </div>
  )
}

/** An address whose conversation this device does not hold: why, and what comes next. Said after it had time to be found. */
export function NotHere() {
  const parley = useParley()
  const desk = useDesk()
  const [isLate, setIsLate] = createSignal(false)
  const timer = setTimeout(() => {
    setIsLate(true)
    // What is waited for comes from the edge, if at all.
    nowPainted()
  }, 600)
  onCleanup(() => clearTimeout(timer))
  // The first copy holds every conversation that this agent may see: what is not in it is not there.
  const isCertain = () =>
    parley.firstSync() === null && ['live', 'syncing'].includes(parley.connection().kind)
  const close = () => {
    const id = desk.openId()
    if (id !== null) desk.closeTab(id)
  }
  return (
    <div class="empty" role="status">
      <Show when={isLate()}>
        <Show
          when={isCertain()}
          fallback={
            <>
              <p class="empty-title">This conversation is not on this device.</p>
              <p class="quiet">It appears here as soon as it has been fetched.</p>
            </>
          }
        >
          <p class="empty-title">There is no conversation at this address.</p>
          <p class="quiet">It was removed, the address is mistyped, or it belongs to another company.</p>
          <button type="button" class="button small" onClick={close}>
            Back to the inbox
          </button>
        </Show>
      </Show>
    </div>
  )
}
