import { createEffect, createSignal, For, on, onCleanup, Show } from 'solid-js'
import { createPeopleSearch } from '#client/state/people-search.ts'
import type { Reachable } from '#client/state/reachable.ts'
import { useParley } from '#client/state/parley.ts'

/** What the "To" field and its list say to each other. */
export interface Suggesting {
  /** Called with each key in the field; true where the list took it. */
  listen(keys: ((event: KeyboardEvent) => boolean) | null): void
  /** The option that arrows stand on, for the field's `aria-activedescendant`. */
  setOption(id: string | null): void
  found(people: Reachable[]): void
  take(person: Reachable): void
  leave(): void
}

const most = 6

/** People whose name or number begins like what was typed into "To" [F106]. */
export function PeopleSuggestions(props: { id: string; typed: string; open: boolean; to: Suggesting }) {
  const parley = useParley()
  const people = parley.people(createPeopleSearch, () => props.typed, most)
  const [at, setAt] = createSignal(-1)
  const optionId = (index: number) => `${props.id}-${index}`
  const isShown = () => props.open && people().length > 0
  createEffect(() => props.to.found(people()))
  createEffect(
    on(
      () => props.typed,
      () => setAt(-1),
      { defer: true },
    ),
  )
  createEffect(() => props.to.setOption(isShown() && at() >= 0 ? optionId(at()) : null))
  props.to.listen((event) => {
    if (!isShown() || event.isComposing) return false
    const last = people().length - 1
    if (event.key === 'ArrowDown') setAt((at) => (at >= last ? 0 : at + 1))
    else if (event.key === 'ArrowUp') setAt((at) => (at <= 0 ? last : at - 1))
    else if (event.key === 'Escape') props.to.leave()
    else {
      const person = people()[at()]
      if ((event.key !== 'Enter' && event.key !== 'Tab') || !person) return false
      props.to.take(person)
      return event.key === 'Enter'
    }
    return true
  })
  onCleanup(() => {
    props.to.listen(null)
    props.to.setOption(null)
    props.to.found([])
  })
  return (
    <Show when={isShown()}>
      <ul class="offers" role="listbox" id={props.id} aria-label="People">
        <For each={people()}>
          {(person, index) => (
            <li
              class="offer"
              role="option"
              id={optionId(index())}
              aria-selected={at() === index()}
              onPointerMove={() => setAt(index())}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => props.to.take(person)}
            >
              <span class="offer-text">
                {person.name}
                <Show when={person.company && person.company !== person.name}>
                  <span class="quiet">{`, ${person.company}`}</span>
                </Show>
              </span>
              <span class="quiet">{person.optedOut ? `Opted out · ${person.shown}` : person.shown}</span>
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}
