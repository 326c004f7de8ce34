import { createUniqueId, Show } from 'solid-js'
import { showAddress } from '#shared/base/phone.ts'
import { Keyed } from '../ui/controls/keyed.tsx'
import { readSent, report, type Sent } from './carrier.ts'
import { createLatest, type Revisions } from './live.ts'

/** Every text that the carrier accepted from Parley, newest first: the proof that none was handed over twice. */
export function SentList(props: { channel: string; byHand: boolean; revisions: Revisions }) {
  const id = createUniqueId()
  const sent = createLatest(
    () => ({ channel: props.channel, revision: props.revisions(props.channel) }),
    ({ channel }) => readSent(channel),
    [] as Sent[],
  )
  const give = (id: string, state: 'sent' | 'delivered' | 'undelivered') =>
    void report(props.channel, id, state).catch(() => undefined)
  return (
    <section class="sent" aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>
        Accepted texts <span class="count">{sent().length}</span>
      </h3>
      <Show when={sent().length > 0} fallback={<p class="quiet">Parley has handed over nothing here yet.</p>}>
        <ol>
          <Keyed each={sent().toReversed().slice(0, shown)} by={(text) => text.id}>
            {(text) => (
              <li>
                <p class="route">
                  <span>
                    {showAddress(text().from)} to {showAddress(text().to)}
                  </span>
                  <Show when={text().mms}>
                    <span>as MMS</span>
                  </Show>
                  <time dateTime={new Date(text().at).toISOString()}>{clock(text().at)}</time>
                </p>
                <p class="words">{text().text}</p>
                <p class="ref">{text().ref || text().id}</p>
                <Show when={props.byHand}>
                  <div class="buttons" role="group" aria-label={`Receipt for "${text().text.slice(0, 40)}"`}>
                    <button type="button" onClick={() => give(text().id, 'sent')}>
                      Sent
                    </button>
                    <button type="button" onClick={() => give(text().id, 'delivered')}>
                      Delivered
                    </button>
                    <button type="button" onClick={() => give(text().id, 'undelivered')}>
                      Undelivered
                    </button>
                  </div>
                </Show>
              </li>
            )}
          </Keyed>
        </ol>
      </Show>
    </section>
  )
}

/** A list for the eye; all of them are at `/simulator/api/sent`. */
const shown = 100

function clock(at: number): string {
  return new Intl.DateTimeFormat('en-US', { timeStyle: 'medium' }).format(at)
}
