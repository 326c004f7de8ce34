import { Match, Show, Switch } from 'solid-js'
import { useParley } from '#client/state/parley.ts'
import type { InboxRow } from '#client/state/parley.ts'
import { later } from '../../controls/later.tsx'
import { VirtualList } from '../../controls/virtual-list.tsx'
import { useDesk } from '../../shell/desk.ts'
import { hasPainted } from '../../shell/painted.ts'
import { EmptyView } from './empty-view.tsx'
import { FirstSync } from './first-sync.tsx'
import { InboxBar } from './inbox-bar.tsx'
import { Row } from './inbox-row.tsx'
import { useInboxList, type InboxList } from './list.ts'
import type { Selection } from './selection.ts'

// Neither is needed for reading and answering.
const EditView = later<{ list: InboxList }>(() => import('./edit-view.tsx').then((part) => part.EditView))
const SelectBar = later<{ selection: Selection }>(() =>
  import('./select-bar.tsx').then((part) => part.SelectBar),
)
const NotDone = later<{ selection: Selection }>(() => import('./select-bar.tsx').then((part) => part.NotDone))

/** The list of conversations of the current view. */
export function Inbox() {
  const parley = useParley()
  const desk = useDesk()
  const list = useInboxList()
  const { editing, selection } = list

  const onKeyDown = (event: KeyboardEvent) => {
    const isField = event.target instanceof HTMLElement && event.target.closest('form, .inbox-bar') !== null
    const step = isField ? undefined : steps[event.key]
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    const id = list.next(step)
    if (id === null) return
    event.preventDefault()
    list.focus(id)
  }

  return (
    <section
      class="inbox"
      classList={{ selecting: selection.size() > 0, editing: editing.draft() !== null }}
      aria-label="Inbox"
      onKeyDown={onKeyDown}
    >
      <Show when={selection.size() > 0} fallback={<InboxBar />}>
        <SelectBar selection={selection} />
      </Show>
      <Show when={selection.notDone()}>
        <NotDone selection={selection} />
      </Show>
      <Show when={editing.draft()}>
        <EditView list={list} />
        <p class="preview-count" role="status">
          {countWords(list.rows().length, list.complete())}
        </p>
      </Show>
      <Show when={parley.firstSync()}>{(progress) => <FirstSync {...progress()} />}</Show>
      <Switch>
        <Match when={list.rows().length > 0}>
          <Show when={desk.view()} keyed>
            <VirtualList<InboxRow>
              items={list.rows()}
              by={(row) => row.conversation.id}
              rowHeight={72}
              label="Conversations"
              handle={list.setHandle}
              keep={list.focused()}
              atOnce={hasPainted() ? undefined : 5}
              nearEnd={() => list.complete() || list.more()}
            >
              {(row, key) => <Row row={row()} id={key} />}
            </VirtualList>
          </Show>
        </Match>
        <Match when={list.ready() && !parley.firstSync() && list.complete()}>
          <EmptyView view={list.view()} />
        </Match>
      </Switch>
      <Show when={list.hereOnly() && parley.connection().kind !== 'live'}>
        <p class="quiet further">
          Only what is on this device was looked through. The whole history is, once there is a connection.
        </p>
      </Show>
      <Show when={list.cutShort()}>
        <div class="further">
          <button type="button" class="button small" onClick={() => list.more()}>
            Look further back
          </button>
        </div>
      </Show>
    </section>
  )
}

function countWords(count: number, complete: boolean): string {
  const words = count === 1 ? 'One conversation' : `${count} conversations`
  return complete ? words : `${words} or more`
}

const steps: Record<string, number> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 8,
  PageUp: -8,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
}
