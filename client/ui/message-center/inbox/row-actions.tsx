import type { InboxRow } from '#client/state/parley.ts'
import { Icon } from '../../controls/icon.tsx'
import { useDesk } from '../../shell/desk.ts'
import { useActions } from '../actions.ts'

/** End, assign and flag, on hover or focus. Keys do the same, so they are no tab stops of their own. */
export function RowActions(props: { row: InboxRow }) {
  const desk = useDesk()
  const actions = useActions()
  const conversation = () => props.row.conversation
  return (
    <div class="row-actions">
      <button
        type="button"
        class="icon-button"
        tabindex={-1}
        aria-label={`Follow-Up: ${props.row.title}`}
        aria-pressed={conversation().followUp}
        title="Follow-Up  S"
        onClick={() => void actions.followUp(conversation())}
      >
        <Icon name="flag" class={conversation().followUp ? 'red filled' : ''} />
      </button>
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
