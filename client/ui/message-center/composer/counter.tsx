import { Show } from 'solid-js'
import type { Verdict } from './trouble.ts'

/** Lower right: characters left, and segments once there are any [F114]. */
export function Counter(props: { verdict: Verdict }) {
  const parts = () => props.verdict.measure.parts
  const segments = () => (parts() === 1 ? '1 segment' : `${parts()} segments`)
  return (
    <span
      class="counter"
      classList={{ amber: parts() > 1, red: props.verdict.measure.remaining < 0 }}
      title="Characters left, and segments the carrier sends"
    >
      {props.verdict.measure.remaining}
      <span class="visually-hidden"> characters left</span>
      <Show when={parts() > 0}>{` · ${segments()}`}</Show>
    </span>
  )
}

/** Why a text cannot be sent, or why it takes more room than it looks, with the remedy beside it. */
export function Reason(props: { verdict: Verdict; replace(text: string): void }) {
  return (
    <div class="reason" role="status">
      <Show when={props.verdict.refusal}>{(refusal) => <span class="error">{refusal()}</span>}</Show>
      <Show when={props.verdict.hint}>{(hint) => <span>{hint()}</span>}</Show>
      <Show when={props.verdict.fix}>
        {(fix) => (
          <button type="button" class="link-button" onClick={() => props.replace(fix().text)}>
            {fix().words}
          </button>
        )}
      </Show>
    </div>
  )
}
