import { For, Show } from 'solid-js'
import { may } from '#shared/rules/permissions.ts'
import type { Lists } from '#client/state/lists.ts'
import { useParley } from '#client/state/parley.ts'
import { peopleOn } from './words.ts'

/** Every list by name, with "EDIT" on its right-hand side [F275]. */
export function AllLists(props: { lists: Lists; go(rest: readonly string[]): void }) {
  const parley = useParley()
  const mayEdit = () => may(parley.session.role(), 'edit lists')
  return (
    <>
      <header class="lists-head">
        <h2 id="lists-title">Distribution Lists</h2>
        <Show when={mayEdit()}>
          <button type="button" class="button primary" onClick={() => props.go(['new'])}>
            New Distribution List
          </button>
        </Show>
      </header>
      <Show when={props.lists.limit() === 0}>
        <p class="quiet">
          Sending to lists is restricted for this account until its service provider sets a limit. You can
          define lists already.
        </p>
      </Show>
      <Show
        when={(props.lists.all() ?? []).length > 0}
        fallback={
          <Show when={props.lists.all()}>
            <div class="empty">
              <p class="empty-title">No lists yet.</p>
              <p class="quiet">A list sends one message to many customers, each as a text of their own.</p>
            </div>
          </Show>
        }
      >
        <ul class="list-rows" aria-label="Distribution Lists">
          <For each={props.lists.all()}>
            {(list) => (
              <li class="list-row">
                <button type="button" class="list-name" onClick={() => props.go([list.id])}>
                  <span class="list-title" dir="auto">
                    {list.name}
                  </span>
                  <span class="quiet">
                    {peopleOn(list.count)}
                    {list.addToInbox ? ' · Add to Inbox' : ''}
                  </span>
                </button>
                <Show when={mayEdit()}>
                  <button
                    type="button"
                    class="button small"
                    aria-label={`EDIT ${list.name}`}
                    onClick={() => props.go([list.id, 'edit'])}
                  >
                    EDIT
                  </button>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </>
  )
}
