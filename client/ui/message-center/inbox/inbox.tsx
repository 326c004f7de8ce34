import { Match, Show, Switch } from 'solid-js'
import { useParley } from '#client/state/parley.ts'
import type { InboxRow } from '#client/state/parley.ts'
import { VirtualList } from '../../controls/virtual-list.tsx'
import { useDesk } from '../../shell/desk.ts'
import { EmptyView } from './empty-view.tsx'
import { FirstSync } from './first-sync.tsx'
import { InboxBar } from './inbox-bar.tsx'
import { Row } from './inbox-row.tsx'
import { useInboxList } from './list.ts'

/** The list of conversations of the current view. */
export function Inbox() {
  const parley = useParley()
  const desk = useDesk()
  const list = useInboxList()

  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key]
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    const id = list.next(step)
    if (id === null) return
    event.preventDefault()
    list.focus(id)
  }

  return (
    <section class="inbox" aria-label="Inbox" onKeyDown={onKeyDown}>
      <InboxBar />
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
              nearEnd={() => list.complete() || list.more()}
            >
              {(row, key) => <Row row={row()} id={key} />}
            </VirtualList>
          </Show>
        </Match>
        <Match when={list.ready() && !parley.firstSync()}>
          <EmptyView view={list.view()} />
        </Match>
      </Switch>
    </section>
  )
}

const steps: Record<string, number> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 8,
  PageUp: -8,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
}
