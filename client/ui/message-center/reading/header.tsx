import { For, Show } from 'solid-js'
import { showAddress } from '#client/state/show-address.ts'
import { useParley, type OpenConversation } from '#client/state/parley.ts'
import { useAttention } from '../../attention/attention.ts'
import { Avatar, initialsOf } from '../../controls/avatar.tsx'
import { Icon } from '../../controls/icon.tsx'
import { useDesk } from '../../shell/desk.ts'
import { copy } from '../actions.ts'
import { OwnerPopover } from '../composer/owner-popover.tsx'
import { FollowUpFlag } from '../inbox/row-flags.tsx'

/** Who this is, on which number, under which ID#, whose it is [F94], and its Follow-Up flag [F92, F93]. */
export function Header(props: { open: OpenConversation }) {
  const parley = useParley()
  const desk = useDesk()
  const conversation = () => props.open.conversation
  const address = () => showAddress(props.open.user?.address ?? '')
  const owner = () =>
    [props.open.ownerName, props.open.groupName].filter((name) => name !== null).join(' · ') || 'Unassigned'
  const wordsOf = (name: string) =>
    props.open.writers.includes(name) ? `${name} is writing` : `${name} is looking at this`
  const pictureOf = (name: string) => parley.agents().find((agent) => agent.name === name)?.avatar
  // A phone shows no tabs: there the way to them tells of what came in one that is out of sight [F179].
  const attention = useAttention()
  const elsewhere = () => attention.unseen().size > 0 || [...attention.alert()].some((id) => !desk.isOpen(id))
  const canTransfer = () => conversation().status === 'open' && !props.open.unsent
  return (
    <header class="reading-head">
      <button
        type="button"
        class="icon-button back"
        classList={{ news: elsewhere() }}
        aria-label={
          elsewhere() ? 'Back to the inbox, new message in another conversation' : 'Back to the inbox'
        }
        onClick={() => desk.leave()}
      >
        <Icon name="back" />
      </button>
      <Avatar name={props.open.title} />
      <div class="reading-who">
        <h2 class="reading-title" tabindex={-1}>
          {props.open.title}
        </h2>
        <p class="reading-facts">
          <Show when={address() && address() !== props.open.title}>
            <span>{address()}</span>
          </Show>
          <Show when={props.open.number}>
            {(number) => (
              <span title="Company number">{`via ${number().name || showAddress(number().address)}`}</span>
            )}
          </Show>
          <Show when={conversation().no} fallback={<span>new</span>}>
            {(no) => (
              <button
                type="button"
                class="fact-button"
                aria-label={`Conversation ID#${no()}, copy`}
                title="Copy the Conversation ID#"
                onClick={() => void copy(String(no()), 'Conversation ID# copied.')}
              >
                {`#${no()}`}
              </button>
            )}
          </Show>
        </p>
      </div>
      <span class="spring" />
      <FollowUpFlag conversation={conversation()} class="icon-button" label="Follow-Up" />
      <div class="reading-state">
        <For each={props.open.viewers.slice(0, 4)}>
          {(name) => (
            <span class="viewer large" role="img" aria-label={wordsOf(name)} title={wordsOf(name)}>
              <Show when={pictureOf(name)} fallback={initialsOf(name)}>
                {(id) => <Avatar name={name} picture={id()} class="tiny" />}
              </Show>
              <Show when={props.open.writers.includes(name)}>
                <Icon name="pencil" />
              </Show>
            </span>
          )}
        </For>
        <span class="status-pill" classList={{ closed: conversation().status === 'closed' }}>
          <Show when={conversation().status === 'closed'} fallback={props.open.unsent ? 'New' : 'Open'}>
            <Icon name="lock" />
            Closed
          </Show>
        </span>
        <Show when={canTransfer()} fallback={<span class="owner-pill">{owner()}</span>}>
          <OwnerPopover
            conversation={conversation()}
            class="owner-pill pressable"
            label={`Owner: ${owner()}`}
            placement="bottom-start"
          >
            <Icon
              name={props.open.ownerName === null && props.open.groupName === null ? 'unassigned' : 'person'}
            />
            {owner()}
          </OwnerPopover>
        </Show>
      </div>
    </header>
  )
}
