import { For, Show } from 'solid-js'
import { grouped } from '#shared/base/grouped.ts'
import { count, type Fix, type Verdict } from './trouble.ts'

/** Lower right: characters left, and segments once there are any [F114]. */
export function Counter(props: { verdict: Verdict }) {
  const measure = () => props.verdict.measure
  const kind = () => (measure().encoding === 'MMS' ? '1 MMS' : count(measure().parts, 'segment'))
  return (
    <span
      class="counter"
      classList={{ amber: measure().parts > 1, red: measure().remaining < 0 }}
      title="Characters left, and segments the carrier sends"
    >
      {grouped(measure().remaining)}
      <span class="visually-hidden"> characters left</span>
      <Show when={measure().parts > 0}>{` · ${kind()}`}</Show>
    </span>
  )
}

/** Why a text cannot be sent, or why it takes more room than it looks, with the remedies beside it. */
export function Reason(props: { verdict: Verdict; warning: string | null; fix(fix: Fix): void }) {
  return (
    <div class="reason" role="status">
      <Show when={props.verdict.refusal}>{(refusal) => <span class="error">{refusal()}</span>}</Show>
      <Show when={props.warning}>{(warning) => <span class="warning">{warning()}</span>}</Show>
      <Show when={props.verdict.hint}>{(hint) => <span>{hint()}</span>}</Show>
      <For each={props.verdict.fixes}>
        {(fix) => (
          <button type="button" class="link-button" onClick={() => props.fix(fix)}>
            {fix.words}
          </button>
        )}
      </For>
      <Show when={props.verdict.refusal === null && props.verdict.reads}>
        {(reads) => (
          <span class="reads" dir="auto">
            {'They read: '}
            <q>{reads()}</q>
          </span>
        )}
      </Show>
    </div>
  )
}
