import { useParley } from '#client/state/parley.ts'
import { Icon } from '../controls/icon.tsx'
import { useInboxList } from '../message-center/inbox/list.ts'
import { ConnectionDot } from './connection.tsx'
import { useDesk } from './desk.ts'
import { Strays } from './strays.tsx'
import { Views } from './views.tsx'

/** Company, views and connection. Narrow, it keeps the signs and the bubbles. */
export function Sidebar() {
  const parley = useParley()
  const desk = useDesk()
  const list = useInboxList()
  const toggleName = () => (desk.sidebarNarrow() ? 'Widen the sidebar' : 'Narrow the sidebar')
  return (
    <aside class="sidebar" aria-label="Sidebar">
      <div class="sidebar-head">
        <span class="mark" aria-hidden="true">
          {parley.session.accountName().slice(0, 1)}
        </span>
        <span class="sidebar-name">{parley.session.accountName()}</span>
        <button
          type="button"
          class="icon-button sidebar-toggle"
          aria-label={toggleName()}
          aria-keyshortcuts="["
          title={`${toggleName()}  [`}
          onClick={() => desk.setSidebarNarrow(!desk.sidebarNarrow())}
        >
          <Icon name="sidebar" />
        </button>
      </div>
      <button
        type="button"
        class="sidebar-search"
        aria-label="Search"
        aria-keyshortcuts="/"
        title="Search  /"
        aria-pressed={desk.search() !== null}
        onClick={() => desk.setSearch(desk.search() ?? '')}
      >
        <Icon name="search" />
        <span aria-hidden="true">Search</span>
        <kbd aria-hidden="true">/</kbd>
      </button>
      <Views add={() => list.editing.add()} />
      <Strays />
      <div class="sidebar-foot">
        <ConnectionDot />
      </div>
    </aside>
  )
}
