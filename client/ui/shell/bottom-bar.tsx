import { useParley } from '#client/state/parley.ts'
import { Icon } from '../controls/icon.tsx'
import { pathOf } from './address.ts'
import { useDesk } from './desk.ts'
import { MeMenu } from './me-menu.tsx'

/** The phone's way around. */
export function BottomBar() {
  const parley = useParley()
  const desk = useDesk()
  const unread = () => parley.views().find((view) => view.id === 'open')?.unread ?? 0
  return (
    <nav class="bottom-bar" aria-label="Main">
      <a
        class="bottom-item"
        href={pathOf({ view: desk.view(), pane: { kind: 'empty' } })}
        aria-label="Inbox"
        onClick={() => desk.setSearch(null)}
      >
        <span class="bottom-icon" classList={{ marked: unread() > 0 }}>
          <Icon name="inbox" />
        </span>
        <span aria-hidden="true">Inbox</span>
      </a>
      <button
        type="button"
        class="bottom-item"
        aria-label="Search"
        onClick={() => {
          desk.setSearch(desk.search() ?? '')
          desk.leave()
        }}
      >
        <Icon name="search" />
        <span aria-hidden="true">Search</span>
      </button>
      <a class="bottom-item" href={pathOf({ view: desk.view(), pane: { kind: 'new' } })} aria-label="New">
        <Icon name="plus" />
        <span aria-hidden="true">New</span>
      </a>
      <MeMenu words />
    </nav>
  )
}
