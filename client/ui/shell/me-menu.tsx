import { DropdownMenu } from '@kobalte/core/dropdown-menu'
import { For, Show } from 'solid-js'
import { useParley } from '#client/state/parley.ts'
import { Avatar } from '../controls/avatar.tsx'
import { Icon, type IconName } from '../controls/icon.tsx'
import { useDesk } from './desk.ts'
import { setTheme, theme, themes, type Theme } from './theme.ts'

/** The person at this screen: theme, keyboard sheet, and the way out. */
export function MeMenu(props: { words?: boolean }) {
  const parley = useParley()
  const desk = useDesk()
  return (
    <DropdownMenu placement="top-start" gutter={8} modal={false}>
      <DropdownMenu.Trigger class="me" aria-label={`Me: ${parley.session.name()}`}>
        <Avatar name={parley.session.name()} small />
        <Show when={props.words}>
          <span aria-hidden="true">Me</span>
        </Show>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="menu">
          <div class="menu-person">
            <span class="person-name">{parley.session.name()}</span>
            <span class="person-email">{parley.session.email()}</span>
            <span class="person-email">{parley.session.accountName()}</span>
          </div>
          <DropdownMenu.Separator class="menu-line" />
          <DropdownMenu.RadioGroup
            value={theme()}
            onChange={(value) => setTheme(themes.find((theme) => theme === value) ?? 'system')}
          >
            <DropdownMenu.GroupLabel class="menu-label">Theme</DropdownMenu.GroupLabel>
            <For each={themes}>
              {(name) => (
                <DropdownMenu.RadioItem class="menu-item" value={name} closeOnSelect={false}>
                  <Icon name={looks[name].icon} />
                  {looks[name].words}
                  <DropdownMenu.ItemIndicator class="menu-check">
                    <Icon name="check" />
                  </DropdownMenu.ItemIndicator>
                </DropdownMenu.RadioItem>
              )}
            </For>
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator class="menu-line" />
          <DropdownMenu.Item class="menu-item" onSelect={() => desk.setSheet(true)}>
            <Icon name="question" />
            Keyboard shortcuts
          </DropdownMenu.Item>
          <DropdownMenu.Item class="menu-item" onSelect={() => void parley.signOut()}>
            <Icon name="signOut" />
            Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  )
}

const looks: Record<Theme, { icon: IconName; words: string }> = {
  light: { icon: 'sun', words: 'Light' },
  dark: { icon: 'moon', words: 'Dark' },
  system: { icon: 'monitor', words: 'System' },
}
