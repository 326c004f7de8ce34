import { createMemo, createSignal, Match, Show, Switch, type Accessor, type JSX } from 'solid-js'
import { listId } from '#shared/base/ids.ts'
import { createLists, type Lists } from '#client/state/lists.ts'
import { useParley } from '#client/state/parley.ts'
import '#client/styles/lists.css'
import { AllLists } from './all-lists.tsx'
import { EditList } from './edit-list.tsx'
import { NewMessage } from './new-message.tsx'
import { OneList } from './one-list.tsx'

/**
 * Settings > Distribution Lists [F261]. `rest` is what stands in the address behind this page: nothing, `new`, a
 * list, or a list with `edit` or `message`.
 */
export function DistributionLists(props: { rest: readonly string[]; go(rest: readonly string[]): void }) {
  const parley = useParley()
  const lists = parley.open(createLists)
  const named = createMemo(() => listId.safeParse(props.rest[0]).data ?? null)
  const list = createMemo(() => lists.all()?.find(({ id }) => id === named()) ?? null)
  const open = () => named() ?? null
  return (
    <section class="lists" aria-labelledby="lists-title">
      <Switch fallback={<AllLists lists={lists} go={(rest) => props.go(rest)} />}>
        <Match when={props.rest[0] === 'new'}>
          <EditList
            lists={lists}
            list={null}
            members={[]}
            done={(id) => props.go([id])}
            leave={() => props.go([])}
          />
        </Match>
        <Match when={open() !== null && lists.all() !== undefined && list() === null}>
          <Gone leave={() => props.go([])} />
        </Match>
        <Match when={list() && props.rest[1] === 'edit' && list()?.id} keyed>
          {(id) => (
            <WithMembers lists={lists} id={id}>
              {(members) => (
                <Show when={list()}>
                  {(list) => (
                    <EditList
                      lists={lists}
                      list={list()}
                      members={members()}
                      done={() => props.go([id])}
                      leave={() => props.go([id])}
                    />
                  )}
                </Show>
              )}
            </WithMembers>
          )}
        </Match>
        <Match when={list() && props.rest[1] === 'message' && list()?.id} keyed>
          {(id) => (
            <WithMembers lists={lists} id={id}>
              {(members, again) => (
                <Show when={list()}>
                  {(list) => (
                    <NewMessage
                      lists={lists}
                      list={list()}
                      members={members()}
                      again={again}
                      done={() => props.go([id])}
                      leave={() => props.go([id])}
                    />
                  )}
                </Show>
              )}
            </WithMembers>
          )}
        </Match>
        <Match when={list()}>
          {(list) => <OneList lists={lists} list={list()} go={(rest) => props.go(rest)} />}
        </Match>
      </Switch>
    </section>
  )
}

function Gone(props: { leave(): void }) {
  return (
    <div class="empty">
      <p class="empty-title" id="lists-title">
        This list does not exist.
      </p>
      <button type="button" class="button" onClick={() => props.leave()}>
        All lists
      </button>
    </div>
  )
}

type Members = Extract<Awaited<ReturnType<Lists['members']>>, { ok: true }>['users']

/** What needs to know who is on a list: brings it, or says why it cannot and offers to try again. */
function WithMembers(props: {
  lists: Lists
  id: Parameters<Lists['members']>[0]
  /** `again` reads anew who is on it, with the page as it stands. */
  children: (members: Accessor<Members>, again: () => Promise<void>) => JSX.Element
}) {
  const [answer, setAnswer] = createSignal<Awaited<ReturnType<Lists['members']>> | null>(null)
  const refetch = async () => {
    const next = await props.lists.members(props.id)
    // A page that stands already is not taken away for want of an answer.
    setAnswer((before) => (next.ok || !before?.ok ? next : before))
  }
  void refetch()
  const found = () => {
    const current = answer()
    return current?.ok ? current.users : null
  }
  const problem = () => {
    const current = answer()
    return current && !current.ok ? current.text : null
  }
  return (
    <Switch fallback={<p class="quiet">Reading who is on this list…</p>}>
      <Match when={problem()}>
        {(text) => (
          <div class="empty" role="alert">
            <p class="empty-title" id="lists-title">
              {text()}
            </p>
            <button type="button" class="button" onClick={() => void refetch()}>
              Try again
            </button>
          </div>
        )}
      </Match>
      <Match when={found()}>{(users) => props.children(users, refetch)}</Match>
    </Switch>
  )
}
