import { createMemo, For, Show } from 'solid-js'
import type { AgentId, GroupId } from '#shared/base/ids.ts'
import { nameFor } from '#client/state/names.ts'
import { useParley } from '#client/state/parley.ts'
import { Icon } from '../../controls/icon.tsx'
import { Keyed } from '../../controls/keyed.tsx'
import { Modal } from '../../controls/modal.tsx'
import { Popover } from '../../controls/popover.tsx'
import { Question } from '../../controls/question.tsx'
import { targetsFrom } from '../targets.ts'
import type { Selection } from './selection.ts'

/** What can be done to the chosen conversations, in the place of the inbox bar, with their number. */
export function SelectBar(props: { selection: Selection }) {
  const selection = () => props.selection
  const open = () =>
    selection()
      .picked()
      .filter(({ conversation }) => conversation.status === 'open').length
  const flagged = () =>
    selection()
      .picked()
      .every(({ conversation }) => conversation.followUp)
  const unread = () =>
    selection()
      .picked()
      .some((row) => row.unread)
  return (
    <div class="inbox-bar select-bar" role="toolbar" aria-label="Selected conversations">
      <button
        type="button"
        class="icon-button"
        aria-label="Select none"
        title="Select none  Esc"
        onClick={() => selection().clear()}
      >
        <Icon name="close" />
      </button>
      <p class="select-count" role="status">{`${selection().size()} selected`}</p>
      <span class="spring" />
      <Show when={open() > 0}>
        <Assign selection={selection()} />
        <button
          type="button"
          class="icon-button"
          aria-label={flagged() ? 'Remove the Follow-Up flag' : 'Follow-Up'}
          title={flagged() ? 'Remove the Follow-Up flag  S' : 'Follow-Up  S'}
          onClick={() => void selection().act({ do: 'follow up', on: !flagged() })}
        >
          <Icon name="flag" class={flagged() ? 'red filled' : ''} />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={unread() ? 'Mark as read' : 'Mark as unread'}
          title={unread() ? 'Mark as read' : 'Mark as unread  Shift U'}
          onClick={() => void selection().act({ do: 'mark', as: unread() ? 'read' : 'unread' })}
        >
          <Icon name={unread() ? 'mailOpen' : 'mail'} />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label="END CONVERSATION"
          title="End  E"
          onClick={() => selection().setEnding(true)}
        >
          <Icon name="end" />
        </button>
      </Show>
      <Question
        open={selection().ending()}
        text={`Are you sure you want to CLOSE ${open() === 1 ? 'this conversation' : `these ${open()} conversations`}?`}
        ok={() => {
          selection().setEnding(false)
          void selection().act({ do: 'end' })
        }}
        cancel={() => selection().setEnding(false)}
      />
    </div>
  )
}

/** To whom the chosen conversations go [F152, F153]: any active agent or group, with who is here [F156, DC9]. */
function Assign(props: { selection: Selection }) {
  const parley = useParley()
  const { assigning: open, setAssigning: setOpen } = props.selection
  const targets = createMemo(() => targetsFrom(parley))
  const give = (to: { agent: AgentId | null; group: GroupId | null }) => {
    setOpen(false)
    void props.selection.act({ do: 'assign', to })
  }
  const choice = (name: string, mark: () => string, give: () => void) => (
    <button type="button" class="menu-item" onClick={give}>
      <span>{name}</span>
      <Show when={mark()}>{(mark) => <span class="menu-check quiet">{mark()}</span>}</Show>
    </button>
  )
  return (
    <Popover
      name="Assign"
      class="menu"
      placement="bottom-end"
      open={open()}
      setOpen={setOpen}
      trigger={{
        class: 'icon-button',
        label: 'Assign',
        title: 'Assign  A',
        get children() {
          return <Icon name="transfer" />
        },
      }}
    >
      <span class="menu-label">Agents</span>
      <Keyed each={targets().agents} by={({ agent }) => agent.id}>
        {(one) => {
          const { id } = one().agent
          return choice(
            nameFor(parley.session.agent, one().agent),
            () => one().mark,
            () => give({ agent: id, group: null }),
          )
        }}
      </Keyed>
      <Show when={targets().groups.length > 0}>
        <span class="menu-label">Groups</span>
        <Keyed each={targets().groups} by={({ group }) => group.id}>
          {(one) =>
            choice(
              one().group.name,
              () => one().mark,
              () => give({ agent: null, group: one().group.id }),
            )
          }
        </Keyed>
      </Show>
    </Popover>
  )
}

/** Which of the chosen conversations stayed as they were, and why. */
export function NotDone(props: { selection: Selection }) {
  return (
    <Show when={props.selection.notDone()}>
      {(notDone) => (
        <Modal
          open
          close={() => props.selection.dismiss()}
          title={`${notDone().reasons.length} of ${notDone().of} were not ${notDone().what}`}
        >
          <ul class="not-done" role="list">
            <For each={notDone().reasons}>
              {(reason) => (
                <li>
                  <strong>{reason.title}</strong> {reason.text}
                </li>
              )}
            </For>
          </ul>
        </Modal>
      )}
    </Show>
  )
}
