import { For, Show } from 'solid-js'
import type { DefaultView } from '#shared/rules/views.ts'
import { useParley, type ViewItem } from '#client/state/parley.ts'
import { Icon, type IconName } from '../controls/icon.tsx'
import { pathOf } from './address.ts'
import { useDesk } from './desk.ts'

/** The views with their bubbles of unread conversations [F66-F69], in two groups. */
export function Views(props: { picked?: () => void }) {
  const parley = useParley()
  const items = (ids: readonly DefaultView[]) =>
    ids.flatMap((id) => parley.views().find((view) => view.id === id) ?? [])
  return (
    <nav class="views" aria-label="Views">
      <For each={groups}>
        {(group) => (
          <>
            <h2 class="views-heading">{group.name}</h2>
            <ul class="views-list" role="list">
              <For each={items(group.ids).map((item) => item.id)}>
                {(id) => (
                  <Show when={parley.views().find((view) => view.id === id)}>
                    {(item) => (
                      <li>
                        <ViewLink item={item()} picked={props.picked} />
                      </li>
                    )}
                  </Show>
                )}
              </For>
            </ul>
          </>
        )}
      </For>
    </nav>
  )
}

function ViewLink(props: { item: ViewItem; picked?: () => void }) {
  const desk = useDesk()
  const isCurrent = () => desk.view() === props.item.id
  return (
    <a
      class="view"
      href={pathOf({ view: props.item.id, pane: { kind: 'empty' } })}
      aria-label={`${props.item.name}, ${props.item.unread} unread`}
      aria-current={isCurrent() ? 'page' : undefined}
      aria-keyshortcuts={keys[props.item.id]}
      title={props.item.name}
      onClick={() => props.picked?.()}
    >
      <Icon name={icons[props.item.id]} />
      <span class="view-name">{props.item.name}</span>
      <Show when={props.item.unread > 0}>
        <span class="bubble-count" data-count={props.item.unread > 99 ? '99+' : props.item.unread} />
      </Show>
    </a>
  )
}

const groups: { name: string; ids: readonly DefaultView[] }[] = [
  { name: 'My work', ids: ['mine', 'groups'] },
  { name: 'Team', ids: ['open', 'unassigned', 'closed'] },
]

const icons: Record<DefaultView, IconName> = {
  mine: 'person',
  groups: 'people',
  open: 'inbox',
  unassigned: 'unassigned',
  closed: 'lock',
}

const keys: Record<DefaultView, string> = {
  mine: 'g m',
  groups: 'g g',
  open: 'g o',
  unassigned: 'g u',
  closed: 'g c',
}
