import { createSignal, For, Show } from 'solid-js'
import type { Parked } from '#shared/wire/parked.ts'
import { createSetAside } from '#client/state/set-aside.ts'
import { useParley } from '#client/state/parley.ts'
import { showAddress } from '#client/state/show-address.ts'
import { say } from '../controls/toasts.ts'
import { LongText } from '../message-center/thread/long-text.tsx'
import { isoTime, stamp } from '../shell/clock.ts'
import { createAsking, WhenAsked } from './asked.tsx'

/** What a carrier brought and Parley could not take in, five times over: kept as it came, until somebody tries again. */
export function SetAside() {
  const parley = useParley()
  const door = parley.open(createSetAside)
  const asking = createAsking(door.read)
  const [trying, setTrying] = createSignal<string | null>(null)
  /** Why one stays, beside it. */
  const [failed, setFailed] = createSignal<{ id: string; text: string } | null>(null)
  let heading: HTMLHeadingElement | undefined
  const retry = async (arrival: Parked) => {
    setTrying(arrival.id)
    setFailed(null)
    const outcome = await door.retry(arrival)
    setTrying(null)
    if (!outcome.ok) return setFailed({ id: arrival.id, text: outcome.text })
    say(`${titleOf(arrival)} was brought in.`)
    asking.setValue((before) => before?.filter(({ id }) => id !== arrival.id) ?? null)
    heading?.focus()
  }
  return (
    <section class="settings-part" aria-labelledby="set-aside-title">
      <h2 class="page-title" id="set-aside-title" tabindex={-1} ref={(element) => (heading = element)}>
        Set Aside
      </h2>
      <p class="quiet">
        Messages and receipts that a carrier delivered and that could not be taken in, five times over. They
        are kept as they came; trying again brings each in once.
      </p>
      <WhenAsked asking={asking}>
        {(all) => (
          <Show when={all().length > 0} fallback={<p class="quiet">Nothing is set aside.</p>}>
            <ul class="cards" role="list">
              <For each={all()}>
                {(arrival) => (
                  <li class="card session">
                    <div class="session-words">
                      <h3>{titleOf(arrival)}</h3>
                      <p class="quiet">
                        {`To ${arrival.to === null ? `channel ${arrival.channel}` : showAddress(arrival.to)}, tried last `}
                        <time datetime={isoTime(arrival.at)}>{stamp(arrival.at)}</time>
                      </p>
                      <Show when={arrival.text}>{(text) => <LongText text={text()} />}</Show>
                      <div role="alert">
                        <Show when={failed()?.id === arrival.id && failed()}>
                          {(why) => <p class="error">{why().text}</p>}
                        </Show>
                      </div>
                    </div>
                    <button
                      type="button"
                      class="button small"
                      aria-label={`Try again: ${titleOf(arrival)}`}
                      disabled={trying() === arrival.id}
                      onClick={() => void retry(arrival)}
                    >
                      Try again
                    </button>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </WhenAsked>
    </section>
  )
}

function titleOf({ from }: Parked): string {
  return from === null ? 'A delivery receipt' : `A text from ${showAddress(from)}`
}
