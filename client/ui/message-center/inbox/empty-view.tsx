import { Show } from 'solid-js'
import { builtIn, type BuiltIn, type View } from '#shared/rules/views.ts'
import { useDesk } from '../../shell/desk.ts'

/** What it means that nothing is here, and what comes next. */
export function EmptyView(props: { view: View | null }) {
  const desk = useDesk()
  const said = () => {
    if (props.view === null) return removed
    if (props.view.builtIn === null || props.view.edited) return filtered
    return words[props.view.builtIn]
  }
  return (
    <div class="empty">
      <p class="empty-title">{said().title}</p>
      <p class="quiet">{said().next}</p>
      <Show when={said() === words.mine}>
        <button type="button" class="button small" onClick={() => desk.openView(builtIn.waiting.id)}>
          Who is waiting
        </button>
      </Show>
    </div>
  )
}

const removed = {
  title: 'This view was removed.',
  next: 'Its conversations are where they were. Choose another view.',
}

const filtered = {
  title: 'No conversation is in this view.',
  next: 'EDIT VIEW shows what it takes, and changes it.',
}

const words: Record<BuiltIn, { title: string; next: string }> = {
  open: {
    title: 'No open conversations.',
    next: 'A text from a customer appears here at once. To write first, press New.',
  },
  mine: { title: 'Nothing assigned to you.', next: 'Take the next customer who waits for a reply.' },
  groups: {
    title: 'Nothing waits for your groups.',
    next: 'Conversations of your groups appear here, whoever owns them.',
  },
  unassigned: {
    title: 'Nobody is waiting for an owner.',
    next: 'New texts that no rule assigns appear here.',
  },
  closed: { title: 'No conversation has ended yet.', next: 'The 150 that ended last are kept in this view.' },
  waiting: {
    title: 'Nobody waits for a reply.',
    next: 'A customer whom no agent answers in time appears here, the longest waiting first.',
  },
  'follow-up': {
    title: 'Nothing to follow up.',
    next: 'Click the gray flag of a conversation to keep it in this view.',
  },
}
