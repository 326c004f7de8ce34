import { createSignal, For, Show } from 'solid-js'
import { minute, type Millis } from '#shared/base/time.ts'
import { momentOnWallClock, offers, wallClockOf } from '#shared/rules/schedule.ts'
import { dueWords } from '../thread/due.ts'

/** When a reply is to be sent, in the zone of the agent's profile, which stands beside it [DC22]. */
export function ScheduleForm(props: {
  timeZone: string
  schedule(at: Millis): Promise<string | null>
  done(): void
}) {
  const opened = Date.now()
  const found = offers(opened, props.timeZone)
  const [shown, setShown] = createSignal(wallClockOf(found[1]?.at ?? opened, props.timeZone))
  const [error, setError] = createSignal<string | null>(null)
  const choose = async (at: Millis | null) => {
    if (at === null) return setError('Choose a day and a time.')
    const reason = await props.schedule(at)
    if (reason === null) props.done()
    else setError(reason)
  }
  return (
    <form
      class="schedule"
      onSubmit={(event) => {
        event.preventDefault()
        void choose(momentOnWallClock(shown(), props.timeZone))
      }}
    >
      <div class="schedule-offers">
        <For each={found}>
          {({ words, at }) => (
            <button type="button" class="menu-item" onClick={() => void choose(at)}>
              <span>{words}</span>
              <span class="quiet">{dueWords(at, props.timeZone, opened)}</span>
            </button>
          )}
        </For>
      </div>
      <label class="field">
        <span>Day and time</span>
        <input
          class="input"
          type="datetime-local"
          required
          min={wallClockOf(opened + minute, props.timeZone)}
          value={shown()}
          onInput={({ currentTarget }) => {
            setShown(currentTarget.value)
            setError(null)
          }}
        />
      </label>
      <p class="quiet">{`Time zone of your profile: ${props.timeZone.replaceAll('_', ' ')}`}</p>
      <div role="alert">
        <Show when={error()}>{(error) => <p class="error">{error()}</p>}</Show>
      </div>
      <p class="quiet">If they write first, it is not sent and you are asked again.</p>
      <button type="submit" class="button primary">
        SCHEDULE
      </button>
    </form>
  )
}
