import { createSignal, createUniqueId, Show } from 'solid-js'
import { refuseQuickReply } from '#shared/rules/quick-replies.ts'
import { useParley } from '#client/state/parley.ts'
import { say } from '../../controls/toasts.ts'

/** What "+" asks: whether the typed text becomes a quick reply for oneself or for everybody [F140, F143]. */
export function KeepQuickReply(props: { text: string; textOnly: boolean; done(): void }) {
  const parley = useParley()
  const id = createUniqueId()
  const [shared, setShared] = createSignal(false)
  const [error, setError] = createSignal<string | null>(null)
  const refusal = () => refuseQuickReply(props.text, props.textOnly)?.text ?? error()
  const keep = async (event: SubmitEvent) => {
    event.preventDefault()
    const outcome = await parley.addQuickReply(shared(), props.text, props.textOnly)
    if (!outcome.ok) return setError(outcome.text)
    props.done()
    return say(shared() ? 'Kept as a quick reply for all agents.' : 'Kept as a quick reply of yours.')
  }
  const choice = (value: boolean, words: string, more: string) => (
    <label class="choice">
      <input type="radio" name={`${id}-who`} checked={shared() === value} onChange={() => setShared(value)} />
      <span>{words}</span>
      <span class="quiet">{more}</span>
    </label>
  )
  return (
    <form class="keep-quick" aria-labelledby={`${id}-title`} onSubmit={(event) => void keep(event)}>
      <h2 class="popover-title" id={`${id}-title`}>
        Add a Quick Reply
      </h2>
      <Show when={props.text.trim() !== ''}>
        <p class="keep-text" dir="auto">
          {props.text.trim()}
        </p>
      </Show>
      <fieldset>
        <legend class="visually-hidden">Who has it</legend>
        {choice(false, 'Self only', 'nobody else sees it')}
        {choice(true, 'Share', 'with all other agents')}
      </fieldset>
      {/* Nothing was done wrong where nothing was typed yet. */}
      <p role="alert" class={props.text.trim() === '' ? 'quiet' : 'error'}>
        {refusal()}
      </p>
      <button
        type="submit"
        class="button primary wide"
        disabled={refuseQuickReply(props.text, props.textOnly) !== null}
      >
        Add
      </button>
    </form>
  )
}
