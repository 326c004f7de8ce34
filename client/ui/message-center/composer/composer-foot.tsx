import { createSignal, Show } from 'solid-js'
import { useParley, type OpenConversation } from '#client/state/parley.ts'
import { useDesk } from '../../shell/desk.ts'
import { OwnerPopover } from './owner-popover.tsx'

/** Beneath the box: SET OWNER and END CONVERSATION, or the way to write again [F150, F218, F226]. */
export function ComposerFoot(props: {
  open: OpenConversation
  ownerOpen: boolean
  setOwnerOpen(open: boolean): void
}) {
  const parley = useParley()
  const desk = useDesk()
  const [error, setError] = createSignal<string | null>(null)
  const conversation = () => props.open.conversation
  const startAgain = async () => {
    const to = props.open.user?.address
    if (to === undefined) return
    const answer = await parley.start(conversation().number, to)
    if (!answer.ok) {
      setError(answer.text)
      return
    }
    desk.open(answer.conversation)
    desk.ask({ kind: 'write', box: 'reply' })
  }
  return (
    <Show when={!props.open.unsent}>
      <div class="composer-foot">
        <Show
          when={conversation().status === 'open'}
          fallback={
            <>
              <button type="button" class="button primary" onClick={() => void startAgain()}>
                Start a New Conversation
              </button>
              <span role="alert">
                <Show when={error()}>{(error) => <span class="error">{error()}</span>}</Show>
              </span>
            </>
          }
        >
          <OwnerPopover
            conversation={conversation()}
            class="button small"
            keys="a"
            placement="top-start"
            open={props.ownerOpen}
            setOpen={props.setOwnerOpen}
          >
            SET OWNER
          </OwnerPopover>
          <button
            type="button"
            class="button small danger"
            aria-keyshortcuts="e"
            onClick={() => desk.setEnding(conversation().id)}
          >
            END CONVERSATION
          </button>
        </Show>
      </div>
    </Show>
  )
}
