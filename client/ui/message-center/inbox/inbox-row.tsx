import { For, Show } from 'solid-js'
import { isWaiting } from '#shared/rules/flags.ts'
import { useParley, type InboxRow } from '#client/state/parley.ts'
import { Avatar, initialsOf } from '../../controls/avatar.tsx'
import { Icon } from '../../controls/icon.tsx'
import { onLongPress } from '../../controls/long-press.ts'
import { pathOf } from '../../shell/address.ts'
import { isoTime, now, shortTime } from '../../shell/clock.ts'
import { useDesk } from '../../shell/desk.ts'
import { rowId, useInboxList } from './list.ts'
import { RowFlags, Waited } from './row-flags.tsx'
import { RowActions } from './row-actions.tsx'
import { RowSigns } from './row-signs.tsx'

/** One conversation: flag, initials, name and time over arrow, lock and preview. */
export function Row(props: { row: InboxRow; id: string }) {
  const desk = useDesk()
  const list = useInboxList()
  const parley = useParley()
  const conversation = () => props.row.conversation
  const at = () =>
    conversation().status === 'closed'
      ? (conversation().closedAt ?? conversation().lastAt)
      : conversation().lastAt
  const selected = () => list.selection.has(conversation().id)
  const waiting = () => isWaiting(conversation())
  const isOpen = () => desk.isOpen(conversation().id)
  const preview = () =>
    conversation().preview || (conversation().no === null ? 'New conversation' : 'No text')

  return (
    <div
      class="row"
      ref={(element) => onLongPress(element, () => list.selection.toggle(conversation().id))}
      classList={{ unread: props.row.unread, current: isOpen(), 'is-waiting': waiting(), picked: selected() }}
    >
      <RowFlags row={props.row} />
      <label class="row-pick">
        <Avatar name={props.row.title} />
        <input
          type="checkbox"
          class="row-check"
          tabindex={-1}
          aria-label={`Select ${props.row.title}`}
          aria-keyshortcuts="x"
          checked={selected()}
          disabled={conversation().no === null}
          onClick={(event) => {
            if (event.shiftKey) list.selection.extend(conversation().id)
            else list.selection.toggle(conversation().id)
            // The selection says what is chosen, also where it took more than this row, or none.
            event.currentTarget.checked = selected()
          }}
        />
      </label>
      {/* The link is the name alone, stretched over the row: that is what a screen reader calls it. */}
      <a
        class="row-link"
        id={rowId(conversation().id)}
        href={pathOf({ view: desk.view(), pane: { kind: 'conversation', id: conversation().id } })}
        tabindex={list.tabStop() === conversation().id ? 0 : -1}
        aria-current={isOpen() ? 'true' : undefined}
        aria-describedby={`more-${props.id}`}
        onPointerDown={() => parley.foresee(conversation().id)}
        onClick={(event) => {
          const many = event.shiftKey || (desk.isPhone() && list.selection.size() > 0)
          if (!many) return
          event.preventDefault()
          if (event.shiftKey) list.selection.extend(conversation().id)
          else list.selection.toggle(conversation().id)
        }}
        onFocus={() => {
          list.setFocused(conversation().id)
          desk.setCursor(conversation().id)
        }}
        onBlur={(event) => event.relatedTarget !== null && list.setFocused(null)}
      >
        {props.row.title}
      </a>
      <time class="row-time" datetime={isoTime(at())}>
        {shortTime(at(), now())}
      </time>
      <div class="row-line" id={`more-${props.id}`}>
        <Show when={props.row.unread}>
          <span class="visually-hidden">Unread.</span>
        </Show>
        <Show when={conversation().lastBy === 'agent' && conversation().no !== null}>
          <Icon name="arrow" label="An agent spoke last" />
        </Show>
        <Show when={conversation().status === 'closed'}>
          <Icon name="lock" label="Closed" />
        </Show>
        <span class="row-preview" dir="auto">
          {preview()}
        </span>
        <RowSigns row={props.row} />
        <Show when={waiting()}>
          <Waited row={props.row} />
        </Show>
        <Show when={props.row.owner}>
          {(owner) => <span class="visually-hidden">{`Owned by ${owner()}.`}</span>}
        </Show>
        <Viewers row={props.row} />
      </div>
      <Show when={conversation().status === 'open' && conversation().no !== null}>
        <RowActions row={props.row} />
      </Show>
    </div>
  )
}

/** Who else is here, a pencil for whoever writes. */
function Viewers(props: { row: InboxRow }) {
  const words = (name: string) =>
    props.row.writers.includes(name) ? `${name} is writing` : `${name} is looking at this`
  return (
    <For each={props.row.viewers.slice(0, 3)}>
      {(name) => (
        <span class="viewer" role="img" aria-label={words(name)}>
          {initialsOf(name)}
          <Show when={props.row.writers.includes(name)}>
            <Icon name="pencil" />
          </Show>
        </span>
      )}
    </For>
  )
}
