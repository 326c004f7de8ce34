import { createEffect, For, Show, type Component } from 'solid-js'
import '#client/styles/settings.css'
import { Icon } from '../controls/icon.tsx'
import { loaded } from '../controls/loaded.tsx'
import { settingsPath } from '../shell/address.ts'
import { useDesk } from '../shell/desk.ts'

/** What a page of Settings is given: the names behind its own in the address, and a way to change them. */
export interface SettingsPage extends Record<string, unknown> {
  rest: readonly string[]
  go(rest: readonly string[]): void
}

interface Section {
  path: string
  name: string
  page: Component<SettingsPage>
}

/** Every page of Settings in the order of the list, each loaded when somebody comes to it. */
const sections: readonly Section[] = [
  {
    path: 'lists',
    name: 'Distribution Lists',
    page: loaded(() => import('./lists/lists.tsx').then(({ DistributionLists }) => DistributionLists)),
  },
  {
    path: 'notifications',
    name: 'Notifications',
    page: loaded(() =>
      import('./notifications.tsx').then(({ NotificationSettings }) => NotificationSettings),
    ),
  },
]

/** Settings, a page of its own beside the Message Center [F16]: its sections, and the one that is open. */
export function Settings(props: { rest: readonly string[] }) {
  const desk = useDesk()
  const open = () => sections.find(({ path }) => path === props.rest[0]) ?? null
  createEffect(() => {
    document.title = `${open()?.name ?? 'Settings'} · Parley`
  })
  return (
    <div class="settings" classList={{ 'section-open': open() !== null }}>
      <nav class="settings-nav" aria-label="Settings">
        <a class="link-button" href="/inbox/open">
          <Icon name="back" />
          Message Center
        </a>
        <h1>Settings</h1>
        <ul>
          <For each={sections}>
            {(section) => (
              <li>
                <a
                  class="settings-link"
                  href={settingsPath([section.path])}
                  aria-current={open() === section ? 'page' : undefined}
                >
                  {section.name}
                </a>
              </li>
            )}
          </For>
        </ul>
      </nav>
      <main class="settings-main">
        <Show when={open()} keyed>
          {(section) => (
            <>
              <a class="link-button settings-up" href="/settings">
                <Icon name="back" />
                Settings
              </a>
              <section.page
                rest={props.rest.slice(1)}
                go={(rest: readonly string[]) => desk.goSettings([section.path, ...rest])}
              />
            </>
          )}
        </Show>
      </main>
    </div>
  )
}
