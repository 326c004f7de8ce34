import { Show } from 'solid-js'
import { nameFor } from '#client/state/names.ts'
import { useParley } from '#client/state/parley.ts'
import { Avatar } from '../controls/avatar.tsx'
import { Icon } from '../controls/icon.tsx'
import { Keyed } from '../controls/keyed.tsx'
import { Popover } from '../controls/popover.tsx'
import { settingsPath } from './address.ts'

/** Who has the Message Center open, by name and email; a name leads to the person's profile [F170-F173]. */
export function Online() {
  const parley = useParley()
  return (
    <Popover
      name="Online agents"
      placement="bottom-end"
      trigger={{
        class: 'button quiet-button online',
        get children() {
          return (
            <>
              Online
              <Icon name="chevron" class="turned" />
            </>
          )
        },
      }}
    >
      <Show
        when={parley.online().length > 0}
        fallback={<p class="quiet">Nobody else is to be seen from here.</p>}
      >
        <ul class="people" role="list">
          {/* By id: presence comes anew with every move of somebody, and the focus stays in its line. */}
          <Keyed each={parley.online()} by={({ id }) => id}>
            {(agent) => (
              <li class="person">
                <Avatar name={agent().name} picture={agent().avatar} />
                <span class="person-words">
                  <a class="person-name" href={settingsPath(['profile', agent().id])}>
                    {nameFor(parley.session.agent, agent())}
                  </a>
                  <span class="person-email">{agent().email}</span>
                </span>
                <span class="quiet">{agent().away ? 'Away' : agent().idle ? 'Idle' : 'Online'}</span>
              </li>
            )}
          </Keyed>
        </ul>
      </Show>
    </Popover>
  )
}
