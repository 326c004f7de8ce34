import { Popover } from '@kobalte/core/popover'
import { For, Show } from 'solid-js'
import { useParley } from '#client/state/parley.ts'
import { Avatar } from '../controls/avatar.tsx'
import { Icon } from '../controls/icon.tsx'

/** Who has the Message Center open, by name and email [F170-F172]. */
export function Online() {
  const parley = useParley()
  return (
    <Popover placement="bottom-end" gutter={6}>
      <Popover.Trigger class="button quiet-button online">
        Online
        <Icon name="chevron" class="turned" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content class="popover" aria-label="Online agents">
          <Show
            when={parley.online().length > 0}
            fallback={<p class="quiet">Nobody else is to be seen from here.</p>}
          >
            <ul class="people" role="list">
              <For each={parley.online()}>
                {(agent) => (
                  <li class="person">
                    <Avatar name={agent.name} />
                    <span class="person-words">
                      <span class="person-name">
                        {agent.name}
                        <Show when={agent.id === parley.session.agent}> (you)</Show>
                      </span>
                      <span class="person-email">{agent.email}</span>
                    </span>
                    <span class="quiet">{agent.idle ? 'Idle' : 'Online'}</span>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        </Popover.Content>
      </Popover.Portal>
    </Popover>
  )
}
