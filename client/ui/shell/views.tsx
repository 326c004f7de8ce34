import { createMemo, Show, type JSX } from 'solid-js'
import type { ViewId } from '#shared/base/ids.ts'
import type { BuiltIn, View } from '#shared/rules/views.ts'
import { useParley, type ViewItem } from '#client/state/parley.ts'
import { Keyed } from '../controls/keyed.tsx'
import { Icon, type IconName } from '../controls/icon.tsx'
import { pathOf } from './address.ts'
import { useDesk } from './desk.ts'

/** The views with their bubbles of unread conversations [F66-F69], in groups. */
export function Views(props: { picked?: () => void; add?: () => void }) {
  const parley = useParley()
  const named = (ids: readonly BuiltIn[]) =>
    ids.flatMap((id) => parley.views().find(({ view }) => view.builtIn === id) ?? [])
  const saved = createMemo(() =>
    parley.views().filter(({ view }) => view.builtIn === null && view.number === null),
  )
  const numbers = createMemo(() => parley.views().filter(({ view }) => view.number !== null))
  return (
    <nav class="views" aria-label="Views">
      <Group name="My work" items={named(['mine', 'groups', 'waiting', 'follow-up'])} picked={props.picked} />
      <MentionsLink picked={props.picked} />
      <Group name="Team" items={named(['open', 'unassigned', 'closed'])} picked={props.picked} />
      <Group
        name="Saved views"
        items={saved()}
        picked={props.picked}
        more={
          <Show when={props.add}>
            {(add) => (
              <button
                type="button"
                class="icon-button"
                aria-label="Add a view"
                title="Add a view"
                onClick={() => {
                  props.picked?.()
                  add()()
                }}
              >
                <Icon name="plus" />
              </button>
            )}
          </Show>
        }
      />
      <Show when={numbers().length > 1}>
        <Group name="Numbers" items={numbers()} picked={props.picked} />
      </Show>
    </nav>
  )
}

function Group(props: {
  name: string
  items: readonly ViewItem[]
  picked?: (() => void) | undefined
  more?: JSX.Element
}) {
  return (
    <>
      <div class="views-head">
        <h2 class="views-heading">{props.name}</h2>
        {props.more}
      </div>
      <ul class="views-list" role="list">
        <Keyed each={props.items} by={({ id }) => id}>
          {(item) => (
            <li>
              <ViewLink item={item()} picked={props.picked} />
            </li>
          )}
        </Keyed>
      </ul>
    </>
  )
}

function ViewLink(props: { item: ViewItem; picked?: (() => void) | undefined }) {
  const desk = useDesk()
  const isCurrent = () => desk.view() === props.item.id && !desk.mentions()
  const own = () => (props.item.view.owner === null ? '' : ', only yours')
  return (
    <a
      class="view"
      href={pathOf({ view: props.item.id, pane: { kind: 'empty' } })}
      aria-label={`${props.item.name}, ${props.item.unread} unread${own()}`}
      aria-current={isCurrent() ? 'page' : undefined}
      aria-keyshortcuts={keysOf(props.item.view)}
      title={props.item.name}
      onClick={() => {
        desk.setMentions(false)
        props.picked?.()
      }}
    >
      <Icon name={iconOf(props.item.view)} />
      <span class="view-name">{props.item.name}</span>
      <Show when={props.item.unread > 0}>
        <span class="bubble-count" data-count={props.item.unread > 99 ? '99+' : props.item.unread} />
      </Show>
    </a>
  )
}

/** Notes that name this agent: a list of its own, with a bubble of those that were not opened yet. */
function MentionsLink(props: { picked?: (() => void) | undefined }) {
  const parley = useParley()
  const desk = useDesk()
  const unseen = () => parley.mentions().filter(({ seen }) => !seen).length
  return (
    <ul class="views-list" role="list">
      <li>
        <button
          type="button"
          class="view"
          aria-label={`Mentions, ${unseen()} unread`}
          aria-pressed={desk.mentions()}
          title="Mentions"
          onClick={() => {
            desk.setSearch(null)
            desk.setMentions(true)
            if (desk.isPhone()) desk.leave()
            props.picked?.()
          }}
        >
          <Icon name="at" />
          <span class="view-name">Mentions</span>
          <Show when={unseen() > 0}>
            <span class="bubble-count" data-count={unseen() > 99 ? '99+' : unseen()} />
          </Show>
        </button>
      </li>
    </ul>
  )
}

/** The sign of a view: personal ones wear a person, and numbers a phone. */
function iconOf(view: View): IconName {
  if (view.builtIn !== null) return icons[view.builtIn]
  if (view.number !== null) return 'phone'
  return view.owner === null ? 'filter' : 'person'
}

function keysOf(view: View): string | undefined {
  return view.builtIn === null ? undefined : keys[view.builtIn]
}

const icons: Record<BuiltIn, IconName> = {
  mine: 'person',
  groups: 'people',
  waiting: 'warning',
  'follow-up': 'flag',
  open: 'inbox',
  unassigned: 'unassigned',
  closed: 'lock',
}

const keys: Record<BuiltIn, string> = {
  mine: 'g m',
  groups: 'g g',
  waiting: 'g w',
  'follow-up': 'g f',
  open: 'g o',
  unassigned: 'g u',
  closed: 'g c',
}

/** What a view is called by its id; nothing where it is no more. */
export function viewNameOf(views: readonly ViewItem[], id: ViewId): string {
  return views.find((view) => view.id === id)?.name ?? 'Removed view'
}
