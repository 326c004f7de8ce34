import { createMemo, Show } from 'solid-js'
import { useParley, type OpenConversation } from '#client/state/parley.ts'
import { Avatar } from '../../controls/avatar.tsx'
import { Icon } from '../../controls/icon.tsx'
import { useActions } from '../actions.ts'
import { createOvertaken } from './start-again.ts'

/** Quiet lines above the composer: who owns this, who is writing, whether the carrier answers. */
export function Strips(props: { open: OpenConversation }) {
  const parley = useParley()
  const actions = useActions()
  const conversation = () => props.open.conversation
  const isOpen = () => conversation().status === 'open'
  const owner = () =>
    conversation().agent !== null && conversation().agent !== parley.session.agent
      ? props.open.ownerName
      : null
  const overtaken = createOvertaken(() => props.open)
  const writing = createMemo(() => {
    const [first, second] = props.open.writers
    if (first === undefined) return ''
    if (second === undefined) return `${first} is writing a reply`
    return props.open.writers.length === 2
      ? `${first} and ${second} are writing replies`
      : 'Several colleagues are writing replies'
  })
  return (
    <div class="strips">
      <Show when={isOpen() && !props.open.carrierReachable}>
        <p class="strip amber">
          <Icon name="failed" />
          The carrier cannot be reached. Your texts wait and are sent when it answers.
        </p>
      </Show>
      <Show when={overtaken()}>
        {(reason) => (
          <p class="strip amber" role="status">
            <Icon name="lock" />
            {`${reason()} Your text was not sent.${props.open.unsent ? ' SEND begins a new conversation.' : ''}`}
          </p>
        )}
      </Show>
      <Show when={isOpen() && owner()}>
        {(owner) => (
          <p class="strip">
            <Icon name="person" />
            {`Owned by ${owner()}:`}
            <button
              type="button"
              class="link-button"
              aria-keyshortcuts="i"
              onClick={() => void actions.claim(conversation())}
            >
              claim
            </button>
          </p>
        )}
      </Show>
      <p class="strip writing" role="status">
        <Show when={writing()}>
          <Icon name="pencil" />
          <Show when={parley.agents().find(({ name }) => name === props.open.writers[0])?.avatar}>
            {(id) => <Avatar name={props.open.writers[0] ?? ''} picture={id()} class="tiny" />}
          </Show>
          {writing()}
        </Show>
      </p>
    </div>
  )
}
