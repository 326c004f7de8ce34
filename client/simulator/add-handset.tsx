import { createSignal, createUniqueId, onMount, Show } from 'solid-js'
import { parseAddress, showAddress } from '#shared/base/phone.ts'

/** Asks for a phone's number, in any form, and whose it is. */
export function AddHandset(props: {
  taken: string[]
  onAdd: (name: string, number: string) => void
  onCancel: () => void
}) {
  const [trouble, setTrouble] = createSignal('')
  const id = createUniqueId()
  let number: HTMLInputElement | undefined
  let name: HTMLInputElement | undefined
  onMount(() => number?.focus())
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const address = parseAddress(number?.value ?? '')
    if (address === null) return setTrouble('This is no number that can text.')
    if (props.taken.includes(address.text)) return setTrouble('This phone is already here.')
    props.onAdd(name?.value.trim() || showAddress(address.text), address.text)
  }
  return (
    <form class="add" onSubmit={submit} aria-label="Add a handset">
      <h2>A new handset</h2>
      <label for={`${id}-number`}>Number</label>
      <input
        ref={(element) => (number = element)}
        id={`${id}-number`}
        type="tel"
        autocomplete="off"
        placeholder="(309) 555-0180"
        aria-invalid={trouble() !== ''}
        aria-describedby={`${id}-trouble`}
      />
      <p class="trouble" id={`${id}-trouble`} role="alert">
        <Show when={trouble()}>{trouble()}</Show>
      </p>
      <label for={`${id}-name`}>Name</label>
      <input
        ref={(element) => (name = element)}
        id={`${id}-name`}
        autocomplete="off"
        placeholder="Whose phone it is"
      />
      <div class="buttons">
        <button type="submit" class="button strong">
          Add
        </button>
        <button type="button" class="button" onClick={() => props.onCancel()}>
          Cancel
        </button>
      </div>
    </form>
  )
}
