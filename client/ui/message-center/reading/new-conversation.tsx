import { createMemo, createSignal, For, onMount, Show } from 'solid-js'
import { showAddress } from '#client/state/show-address.ts'
import { useParley } from '#client/state/parley.ts'
import { Icon } from '../../controls/icon.tsx'
import { useDesk } from '../../shell/desk.ts'

/** "From Number", "To" and "Start" [F104-F107]. */
export function NewConversation() {
  const parley = useParley()
  const desk = useDesk()
  const numbers = createMemo(() => parley.numbers().filter((number) => number.active))
  const [picked, setPicked] = createSignal<string | null>(null)
  const from = () => numbers().find((number) => number.id === picked()) ?? numbers()[0]
  const [to, setTo] = createSignal('')
  const [error, setError] = createSignal<string | null>(null)
  let toBox: HTMLInputElement | undefined
  onMount(() => toBox?.focus())

  const start = async (event: SubmitEvent) => {
    event.preventDefault()
    const number = from()
    if (!number) return setError('This account has no active number to send from.')
    if (to().trim() === '') return setError('Enter a mobile number.')
    const answer = await parley.start(number.id, to().trim())
    if (!answer.ok) return setError(answer.text)
    desk.open(answer.conversation, 'replace')
    return desk.ask({ kind: 'write', box: 'reply' })
  }

  return (
    <div class="new-conversation">
      <form class="new-form" aria-labelledby="new-title" onSubmit={(event) => void start(event)}>
        <div class="new-head">
          <button
            type="button"
            class="icon-button back"
            aria-label="Back to the inbox"
            onClick={() => desk.leave()}
          >
            <Icon name="back" />
          </button>
          <h2 class="new-title" id="new-title">
            New conversation
          </h2>
        </div>
        <div class="field">
          <label for="new-from">From Number</label>
          <select
            id="new-from"
            class="input"
            value={from()?.id}
            onChange={(event) => setPicked(event.currentTarget.value)}
          >
            <For each={numbers()}>
              {(number) => (
                <option value={number.id} selected={number.id === from()?.id}>
                  {number.name
                    ? `${number.name}, ${showAddress(number.address)}`
                    : showAddress(number.address)}
                </option>
              )}
            </For>
          </select>
        </div>
        <div class="field">
          <label for="new-to">To</label>
          <input
            id="new-to"
            class="input"
            ref={(element) => (toBox = element)}
            type="text"
            autocomplete="off"
            placeholder="(309) 555-0123"
            value={to()}
            aria-invalid={error() ? 'true' : undefined}
            aria-describedby="new-error"
            onInput={(event) => {
              setTo(event.currentTarget.value)
              setError(null)
            }}
          />
        </div>
        <div role="alert" id="new-error">
          <Show when={error()}>{(error) => <p class="error">{error()}</p>}</Show>
        </div>
        <button type="submit" class="button primary">
          Start
        </button>
      </form>
    </div>
  )
}
