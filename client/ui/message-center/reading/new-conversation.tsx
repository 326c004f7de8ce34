import { createEffect, createMemo, createSignal, For, onCleanup, onMount, Show } from 'solid-js'
import * as z from 'zod/mini'
import { showAddress } from '#client/state/show-address.ts'
import { useParley } from '#client/state/parley.ts'
import { reachable, type Reachable } from '#client/state/reachable.ts'
import { Icon } from '../../controls/icon.tsx'
import { later } from '../../controls/later.tsx'
import { useDesk } from '../../shell/desk.ts'
import { keptForms } from '../../shell/kept-forms.ts'

const PeopleSuggestions = later(async () => (await import('./people-suggestions.tsx')).PeopleSuggestions)

/** What stands in the form after a reload. */
const typedBefore = z.object({
  picked: z.nullable(z.string()),
  to: z.string(),
  chosen: z.nullable(reachable),
})

/** "From Number", "To" and "Start" [F104-F107]. */
export function NewConversation() {
  const parley = useParley()
  const desk = useDesk()
  const numbers = createMemo(() => parley.numbers().filter((number) => number.active))
  const forms = keptForms(parley)
  const kept = forms.read('new', typedBefore)
  const [picked, setPicked] = createSignal<string | null>(kept?.picked ?? null)
  const from = () => numbers().find((number) => number.id === picked()) ?? numbers()[0]
  const [to, setTo] = createSignal(kept?.to ?? '')
  const [error, setError] = createSignal<string | null>(null)
  // Somebody chosen from the list, as long as the field says what the choice put there.
  const [chosen, setChosen] = createSignal<Reachable | null>(kept?.chosen ?? null)
  createEffect(() =>
    forms.keep(
      'new',
      to() === '' && picked() === null ? null : { picked: picked(), to: to(), chosen: chosen() },
    ),
  )
  // Who leaves it begins anew; a page that is loaded again goes on.
  onCleanup(() => forms.keep('new', null))
  const [found, setFound] = createSignal<readonly Reachable[]>([])
  const [listOpen, setListOpen] = createSignal(false)
  const [option, setOption] = createSignal<string | null>(null)
  let keys: ((event: KeyboardEvent) => boolean) | null = null
  const take = (person: Reachable) => {
    setChosen(person)
    setTo(`${person.name}, ${person.shown}`)
    setListOpen(false)
    setError(null)
  }
  /** The number that the field means, or why it means none. */
  const recipient = (): { to: string } | { error: string } => {
    const typed = to().trim()
    const person = chosen()
    if (person) return { to: person.address }
    if (typed === '') return { error: 'Enter a name or a mobile number.' }
    if (!/\p{L}/u.test(typed)) return { to: typed }
    const [first, second] = found()
    if (!first && /\d{3}/u.test(typed)) return { to: typed }
    if (!first) return { error: `Nobody here is called "${typed}". Enter their mobile number.` }
    if (second) return { error: `Several people are called "${typed}". Choose one from the list.` }
    return { to: first.address }
  }
  let toBox: HTMLInputElement | undefined
  onMount(() => toBox?.focus())

  const start = async (event: SubmitEvent) => {
    event.preventDefault()
    const number = from()
    if (!number) return setError('This account has no active number to send from.')
    const whom = recipient()
    if ('error' in whom) return setError(whom.error)
    const answer = await parley.start(number.id, whom.to)
    if (!answer.ok) return setError(answer.text)
    desk.openStarted(answer.conversation, 'replace')
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
          <div class="suggestions">
            <input
              id="new-to"
              role="combobox"
              aria-expanded={listOpen() && found().length > 0}
              aria-controls="new-people"
              aria-autocomplete="list"
              aria-activedescendant={option() ?? undefined}
              class="input"
              ref={(element) => (toBox = element)}
              type="text"
              autocomplete="off"
              placeholder="Name or (309) 555-0123"
              value={to()}
              aria-invalid={error() ? 'true' : undefined}
              aria-describedby="new-error"
              onInput={(event) => {
                setTo(event.currentTarget.value)
                setChosen(null)
                setListOpen(true)
                setError(null)
              }}
              onKeyDown={(event) => {
                if (keys?.(event)) event.preventDefault()
              }}
              onBlur={() => setListOpen(false)}
            />
            <Show when={to().trim() !== '' && chosen() === null}>
              <PeopleSuggestions
                id="new-people"
                typed={to()}
                open={listOpen()}
                to={{
                  listen: (listener) => (keys = listener),
                  setOption,
                  found: setFound,
                  take,
                  leave: () => setListOpen(false),
                }}
              />
            </Show>
          </div>
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
