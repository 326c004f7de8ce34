import { createSignal, For, Show } from 'solid-js'
import { createSessions, type SessionHere } from '#client/state/sessions.ts'
import { useParley } from '#client/state/parley.ts'
import { Icon } from '../controls/icon.tsx'
import { say } from '../controls/toasts.ts'
import { dateOf, isoTime, now, shortTime, stamp } from '../shell/clock.ts'
import { createAsking, WhenAsked } from './asked.tsx'
import { deviceWords } from './device-words.ts'

/** Where an agent is signed in, and how to end it from here: a phone that was lost, a computer that was left. */
export function Sessions() {
  const parley = useParley()
  const sessions = parley.open(createSessions)
  const asking = createAsking(sessions.read)
  const [ending, setEnding] = createSignal<string | null>(null)
  let heading: HTMLHeadingElement | undefined
  const end = async ({ id, device }: SessionHere) => {
    setEnding(id)
    const outcome = await sessions.end(id)
    setEnding(null)
    if (!outcome.ok) {
      asking.setTrouble(outcome.text)
      return
    }
    say(`${deviceWords(device)} was signed out. It deletes its copy as soon as it is online.`)
    heading?.focus()
    await asking.load()
  }
  return (
    <section class="settings-part" aria-labelledby="sessions-title">
      <h2 class="page-title" id="sessions-title" tabindex={-1} ref={(element) => (heading = element)}>
        Devices
      </h2>
      <p class="quiet">
        Every browser in which you are signed in. One that you end here deletes its copy of the conversations
        when it is online next.
      </p>
      <WhenAsked asking={asking}>
        {(all) => (
          <ul class="cards" role="list">
            <For each={all()}>
              {(session) => (
                <li class="card session">
                  <Icon name={/iPhone|Android|iPad/u.test(session.device) ? 'phone' : 'monitor'} />
                  <div class="session-words">
                    <h3>{deviceWords(session.device)}</h3>
                    <p class="quiet">
                      {`Signed in ${stamp(session.created)}`}
                      <Show when={!session.current}>
                        {', last seen '}
                        <time datetime={isoTime(session.seen)}>{seenWords(session.seen, now())}</time>
                      </Show>
                    </p>
                  </div>
                  <Show when={!session.current} fallback={<span class="status-pill">This device</span>}>
                    <button
                      type="button"
                      class="button small"
                      aria-label={`End: ${deviceWords(session.device)}`}
                      disabled={ending() === session.id}
                      onClick={() => void end(session)}
                    >
                      End
                    </button>
                  </Show>
                </li>
              )}
            </For>
          </ul>
        )}
      </WhenAsked>
    </section>
  )
}

/** "just now", "5m ago", "Yesterday", "3 Mar". */
function seenWords(at: number, now: number): string {
  const words = shortTime(at, now)
  if (words === 'now') return 'just now'
  return /^\d+[mh]$/u.test(words) ? `${words} ago` : words === 'Yesterday' ? 'yesterday' : dateOf(at, now)
}
