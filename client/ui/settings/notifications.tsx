import { createSignal, For, Match, onMount, Show, Switch } from 'solid-js'
import { useParley } from '#client/state/parley.ts'
import { createNotifications, type NotificationChoice } from '#client/state/notifications.ts'

/** Notifications on this device: which texts, and whether their words may stand on a locked screen. */
export function NotificationSettings() {
  const parley = useParley()
  const notifications = createNotifications()
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<string | null>(null)
  const [choice, setChoice] = createSignal<NotificationChoice>({ reach: 'groups', words: false })
  onMount(() => {
    void notifications.look().then(() => {
      const state = notifications.state()
      if (state.kind === 'on') setChoice(state.choice)
    })
  })
  const run = async (work: () => Promise<string | null>) => {
    setBusy(true)
    setProblem(await work())
    setBusy(false)
  }
  const change = (next: NotificationChoice) => {
    setChoice(next)
    if (notifications.state().kind === 'on') void run(() => notifications.turnOn(next))
  }
  return (
    <section class="settings-part" aria-labelledby="notifications-title">
      <h2 class="page-title" id="notifications-title">
        Notifications
      </h2>
      <p class="quiet">
        On this device, when a customer texts and you have no Message Center in front of you. They follow
        ownership and end when you sign out.
      </p>
      <Switch>
        <Match when={parley.shared}>
          <p>This computer is shared, so it tells nobody of your texts.</p>
        </Match>
        <Match when={unavailable(notifications.state())}>{(why) => <p>{why()}</p>}</Match>
        <Match when={notifications.state().kind !== 'unknown'}>
          <fieldset class="choices open" disabled={busy()}>
            <legend>Tell me of texts</legend>
            <For each={reaches}>
              {({ reach, words }) => (
                <label class="choice">
                  <input
                    type="radio"
                    name="reach"
                    checked={choice().reach === reach}
                    onChange={() => change({ ...choice(), reach })}
                  />
                  {words}
                </label>
              )}
            </For>
            <label class="choice">
              <input
                type="checkbox"
                checked={choice().words}
                onChange={(event) => change({ ...choice(), words: event.currentTarget.checked })}
              />
              Show the customer's name and words, also on a locked screen
            </label>
          </fieldset>
          <Show
            when={notifications.state().kind === 'on'}
            fallback={
              <button
                type="button"
                class="button"
                disabled={busy()}
                onClick={() => void run(() => notifications.turnOn(choice()))}
              >
                Turn on notifications
              </button>
            }
          >
            <button
              type="button"
              class="button"
              disabled={busy()}
              onClick={() => void run(() => notifications.turnOff())}
            >
              Turn off notifications
            </button>
          </Show>
        </Match>
      </Switch>
      <p role="status" class="error">
        {problem()}
      </p>
    </section>
  )
}

const reaches = [
  { reach: 'mine', words: 'In my conversations' },
  { reach: 'groups', words: "In mine, my groups' and those nobody owns" },
  { reach: 'all', words: 'In every open conversation' },
] as const

function unavailable(state: ReturnType<ReturnType<typeof createNotifications>['state']>): string | null {
  return state.kind === 'unavailable' ? state.why : null
}
