import { createEffect, For, on, Show } from 'solid-js'
import { Keyed } from '../ui/controls/keyed.tsx'
import { fileAddress, type Entry } from './carrier.ts'

/** A conversation as the customer's phone shows it. It follows its end unless somebody scrolled up. */
export function Talk(props: { channel: string; entries: Entry[]; name: string }) {
  let log: HTMLDivElement | undefined
  const isAtEnd = () => log !== undefined && log.scrollHeight - log.scrollTop - log.clientHeight < 60
  let follows = true
  createEffect(
    on(
      () => props.entries.length,
      () => {
        if (follows && log) log.scrollTop = log.scrollHeight
      },
    ),
  )
  return (
    <div
      class="talk"
      role="log"
      aria-label={props.name}
      tabindex="0"
      ref={(element) => (log = element)}
      onScroll={() => (follows = isAtEnd())}
    >
      <Show when={props.entries.length === 0}>
        <p class="quiet">No texts yet.</p>
      </Show>
      <Keyed each={props.entries} by={({ by, id }) => by + id}>
        {(entry, _, index) => (
          <>
            <Show when={startsAnew(props.entries, index())}>
              <p class="when">
                <time dateTime={new Date(entry().at).toISOString()}>{clock(entry().at)}</time>
              </p>
            </Show>
            <div class={`bubble ${entry().by}`}>
              <span class="hidden">{entry().by === 'company' ? 'They wrote: ' : 'You wrote: '}</span>
              <Show when={entry().text}>
                <p>{entry().text}</p>
              </Show>
              <For each={entry().media}>
                {({ url, contentType }) => (
                  <Show
                    when={!contentType.startsWith('image/')}
                    fallback={<img class="picture" src={fileAddress(props.channel, url)} alt="Picture" />}
                  >
                    <p class="media">
                      <svg viewBox="0 0 16 16" aria-hidden="true">
                        <path d="M2 3h12v10H2zM2 11l3.5-3.5L9 11l2-2 3 3M10.5 6h.01" />
                      </svg>
                      {fileOf(url)}
                    </p>
                  </Show>
                )}
              </For>
            </div>
            <Show when={entry().by === 'customer' && entry().state !== 'taken'}>
              <p class="waiting">{waitingText(entry().state)}</p>
            </Show>
          </>
        )}
      </Keyed>
    </div>
  )
}

/** A time stands above the first text and after every quarter of an hour of silence. */
function startsAnew(entries: Entry[], index: number): boolean {
  const before = entries[index - 1]
  const here = entries[index]
  return here !== undefined && (before === undefined || here.at - before.at > 15 * 60_000)
}

function clock(at: number): string {
  const today = new Date().toDateString() === new Date(at).toDateString()
  return new Intl.DateTimeFormat(
    'en-US',
    today ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' },
  ).format(at)
}

function fileOf(url: string): string {
  return URL.parse(url)?.pathname.split('/').at(-1) || 'Picture'
}

/** Where a text stands that Parley's webhook has not taken yet: `waiting` or `waiting: <status>`. */
function waitingText(state: string): string {
  const status = state.split(': ')[1]
  if (status === undefined) return 'Sending'
  return status === '0' ? 'Parley does not answer, trying again' : `Parley answered ${status}, trying again`
}
