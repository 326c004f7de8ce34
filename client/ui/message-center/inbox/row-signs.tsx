import { createMemo, For } from 'solid-js'
import type { InboxRow } from '#client/state/parley.ts'
import { Icon, type IconName } from '../../controls/icon.tsx'

/** Small signs of a row, the most urgent three. */
export function RowSigns(props: { row: InboxRow }) {
  const signs = createMemo(() => signsOf(props.row))
  return (
    <span class="row-signs">
      <For each={signs()}>{(sign) => <Icon name={sign.icon} label={sign.words} class={sign.tone} />}</For>
    </span>
  )
}

interface RowSign {
  icon: IconName
  words: string
  tone: 'red' | 'amber' | 'own' | 'quiet-icon'
}

const all = {
  failed: { icon: 'failed', words: 'A text failed', tone: 'red' },
  held: { icon: 'pause', words: 'A reply is held', tone: 'amber' },
  unconfirmed: { icon: 'question', words: 'A text is not confirmed', tone: 'amber' },
  pending: { icon: 'cloudOff', words: 'Waiting for connection', tone: 'quiet-icon' },
  optedOut: { icon: 'slash', words: 'Wants no texts', tone: 'red' },
  draft: { icon: 'pencil', words: 'Draft', tone: 'own' },
} satisfies Record<string, RowSign>

function signsOf(row: InboxRow): RowSign[] {
  const { trouble } = row.conversation
  const signs: RowSign[] = []
  if (trouble !== null) signs.push(all[trouble])
  if (row.pending) signs.push(all.pending)
  if (row.user?.optedOut) signs.push(all.optedOut)
  if (row.draft) signs.push(all.draft)
  return signs.slice(0, 3)
}
