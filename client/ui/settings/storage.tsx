import { createSignal, For, onMount, Show } from 'solid-js'
import { grouped } from '#shared/base/grouped.ts'
import { sizeWords } from '#shared/rules/media.ts'
import { useParley } from '#client/state/parley.ts'
import { createStorage, type StorageState } from '#client/state/storage.ts'
import { Icon } from '../controls/icon.tsx'

/** What this device keeps, how safe it is there, and what waits to be sent. */
export function StorageSettings() {
  const parley = useParley()
  const storage = parley.open(createStorage)
  const [refused, setRefused] = createSignal(false)
  onMount(() => void storage.look())
  const keep = async () => setRefused(!(await storage.keep()))
  return (
    <section class="settings-part" aria-labelledby="storage-title">
      <h2 class="page-title" id="storage-title">
        Storage
      </h2>
      <Show
        when={!parley.inMemory}
        fallback={
          <p>
            {parley.shared
              ? 'This computer is shared: nothing is kept in this browser. What you see stands in the memory of this page, needs a connection, and is gone when the page closes or you sign out. To keep conversations here, sign out and log in without "This computer is shared".'
              : 'This browser keeps nothing for Parley. What was not sent yet is lost when this page closes.'}
          </p>
        }
      >
        <p class="quiet">
          Conversations are kept in this browser, so that Parley opens at once and works without a connection.
          Signing out deletes them.
        </p>
        <Show when={storage.state()}>
          {(state) => (
            <>
              <p class="storage-state">
                <Icon name={state().safe ? 'check' : 'warning'} />
                <span>
                  {state().safe
                    ? 'The browser keeps this data until you sign out.'
                    : 'The browser may delete this data when the disk gets full. Work that was not sent would go with it.'}
                </span>
              </p>
              <Show when={!state().safe}>
                <button type="button" class="button" onClick={() => void keep()}>
                  Keep this data
                </button>
              </Show>
              <div role="status">
                <Show when={refused()}>
                  <p class="quiet">
                    The browser did not agree. Most do once the site is installed as an app or visited often.
                  </p>
                </Show>
              </div>
            </>
          )}
        </Show>
      </Show>
      <Show when={storage.state()}>{(state) => <Facts state={state()} />}</Show>
    </section>
  )
}

function Facts(props: { state: StorageState }) {
  const kept = () => props.state.kept
  return (
    <dl class="facts across">
      <For
        each={[
          ['Conversations', grouped(kept().conversations)],
          ['Threads to read offline', grouped(kept().threads)],
          ['Mobile End Users', grouped(kept().people)],
          [
            'Pictures',
            kept().pictures.count === 0
              ? 'None'
              : `${grouped(kept().pictures.count)}, ${sizeWords(kept().pictures.bytes)}`,
          ],
          ['Changes not sent yet', grouped(kept().unsent.changes)],
          ['Texts begun here only', grouped(kept().unsent.drafts)],
          ['Space used', spaceWords(props.state)],
        ]}
      >
        {([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        )}
      </For>
    </dl>
  )
}

function spaceWords({ used, most }: StorageState): string {
  if (used === null) return 'The browser does not say'
  return most === null ? spaceOf(used) : `${spaceOf(used)} of ${spaceOf(most)}`
}

function spaceOf(bytes: number): string {
  return bytes >= 1e9 ? `${Math.round(bytes / 1e8) / 10} GB` : sizeWords(bytes)
}
