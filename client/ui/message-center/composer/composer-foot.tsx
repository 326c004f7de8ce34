import { Show } from 'solid-js'
import type { OpenConversation } from '#client/state/parley.ts'
import { useDesk } from '../../shell/desk.ts'
import { createSoon } from '../../shell/painted.ts'
import { OwnerPopover } from './owner-popover.tsx'
import { createStartAgain } from './start-again.ts'

/** Beneath the box: SET OWNER and END CONVERSATION, or the way to write again [F150, F218, F226]. */
export function ComposerFoot(props: {
  open: OpenConversation
  ownerOpen: boolean
  setOwnerOpen(open: boolean): void
}) {
  const desk = useDesk()
  const inTime = createSoon()
  const conversation = () => props.open.conversation
  const again = createStartAgain(() => props.open)
  return (
    <Show when={!props.open.unsent}>
      <Show when={inTime()} fallback={<div class="composer-foot-room" />}>
        <div class="composer-foot">
          <Show
            when={conversation().status === 'open'}
            fallback={
              <>
                <button type="button" class="button primary" onClick={() => void again.start()}>
                  Start a New Conversation
                </button>
                <Show when={again.kept()}>
                  <span class="quiet">What you wrote goes along.</span>
                </Show>
                <span role="alert">
                  <Show when={again.error()}>{(error) => <span class="error">{error()}</span>}</Show>
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
    </Show>
  )
}
