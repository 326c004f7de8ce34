import type { InboxRow } from '#client/state/parley.ts'
import { Icon } from '../../controls/icon.tsx'
import { useDesk } from '../../shell/desk.ts'

/** Assign and end, on hover or focus; the flag stands at the left. Keys do the same, so they are no tab stops of their own. */
export function RowActions(props: { row: InboxRow }) {
  const desk = useDesk()
  const conversation = () => props.row.conversation
  return (
    <div class="row-actions">
      <button
        type="button"
        class="icon-button"
        tabindex={-1}
        aria-label={`Assign: ${props.row.title}`}
        title="Assign  A"
        onClick={() => {
          desk.open(conversation().id)
          desk.ask({ kind: 'set owner' })
        }}
      >
        <Icon name="transfer" />
      </button>
      <button
        type="button"
        class="icon-button"
        tabindex={-1}
        aria-label={`End: ${props.row.title}`}
        title="End  E"
        onClick={() => desk.setEnding(conversation().id)}
      >
        <Icon name="end" />
      </button>
    </div>
  )
}
