import { createEffect, createSignal, on, Show } from 'solid-js'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import { useParley } from '#client/state/parley.ts'
import { say } from '../../controls/toasts.ts'
import { dateOf, now } from '../../shell/clock.ts'

/** The "Opted Out" box and the SAVE below it [F245-F247, F297]. */
export function OptedOut(props: { user: MobileUser }) {
  const parley = useParley()
  const isOut = () => props.user.optedOut !== null
  const [ticked, setTicked] = createSignal(isOut())
  const [error, setError] = createSignal<string | null>(null)
  createEffect(on(isOut, setTicked, { defer: true }))

  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    if (ticked() === isOut()) return
    const outcome = await parley.consent(props.user, ticked())
    setError(outcome.ok ? null : outcome.text)
    if (outcome.ok) say(ticked() ? 'Opted out. Nothing is sent to them any more.' : 'Opted in again.')
  }
  return (
    <form class="opted-out" onSubmit={(event) => void save(event)}>
      <label class="check">
        <input
          type="checkbox"
          checked={ticked()}
          onChange={(event) => setTicked(event.currentTarget.checked)}
        />
        <span>Opted Out</span>
      </label>
      <Show when={props.user.optedOut}>
        {(out) => <p class="quiet">{`Since ${dateOf(out().at, now())}: ${out().word}`}</p>}
      </Show>
      <div role="alert">
        <Show when={error()}>{(error) => <p class="error">{error()}</p>}</Show>
      </div>
      <button type="submit" class="button small" disabled={ticked() === isOut()}>
        SAVE
      </button>
    </form>
  )
}
