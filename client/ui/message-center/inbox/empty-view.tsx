import type { DefaultView } from '#shared/rules/views.ts'

/** What it means that nothing is here, and what comes next. */
export function EmptyView(props: { view: DefaultView }) {
  return (
    <div class="empty">
      <p class="empty-title">{words[props.view].title}</p>
      <p class="quiet">{words[props.view].next}</p>
    </div>
  )
}

const words: Record<DefaultView, { title: string; next: string }> = {
  open: {
    title: 'No open conversations.',
    next: 'A text from a customer appears here at once. To write first, press New.',
  },
  mine: { title: 'Nothing assigned to you.', next: 'Take the next waiting customer from Unassigned.' },
  groups: {
    title: 'Nothing waits for your groups.',
    next: 'Conversations of your groups appear here, whoever owns them.',
  },
  unassigned: {
    title: 'Nobody is waiting for an owner.',
    next: 'New texts that no rule assigns appear here.',
  },
  closed: { title: 'No conversation has ended yet.', next: 'The 150 that ended last are kept in this view.' },
}
