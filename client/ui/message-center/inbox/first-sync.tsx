import { For, Show } from 'solid-js'
import { grouped } from '#shared/base/grouped.ts'

/** The very first copy of the account: how far it has come, and that nobody needs to wait for it. */
export function FirstSync(props: { done: number; total: number | null }) {
  const words = () =>
    props.total === null
      ? `${grouped(props.done)} so far, you can already work`
      : `${grouped(props.done)} of ${grouped(props.total)}, you can already work`
  return (
    <div class="first-sync">
      <progress
        class="first-sync-bar"
        aria-label="First copy"
        value={props.done}
        max={props.total ?? undefined}
      />
      <p class="quiet">{words()}</p>
      <Show when={props.done === 0}>
        <div class="skeleton" aria-hidden="true">
          <For each={[0, 1, 2, 3, 4, 5]}>{() => <div class="skeleton-row" />}</For>
        </div>
      </Show>
    </div>
  )
}
