import { createSignal, For, Show } from 'solid-js'
import { useParley } from '#client/state/parley.ts'
import { Avatar } from '../controls/avatar.tsx'
import { useActions } from '../message-center/actions.ts'
import { Icon, type IconName } from '../controls/icon.tsx'
import { walkMenu } from '../controls/menu-keys.ts'
import { Popover } from '../controls/popover.tsx'
import { useDesk } from './desk.ts'
import { signOut } from './sign-out.ts'
import { setTheme, theme, themes, type Theme } from './theme.ts'

/**
 * The person at this screen, in the upper right corner [F36], on a phone in the bar below: Settings [F27], theme,
 * keyboard sheet, and the way out.
 */
export function MeMenu(props: { words?: boolean }) {
  const parley = useParley()
  const desk = useDesk()
  const [open, setOpen] = createSignal(false)
  const actions = useActions()
  const closing = (act: () => void) => () => {
    setOpen(false)
    act()
  }
  return (
    <Popover
      name="Me"
      role="menu"
      class="menu"
      placement={props.words ? 'top-start' : 'bottom-end'}
      open={open()}
      setOpen={setOpen}
      onKeyDown={walkMenu}
      trigger={{
        class: 'me',
        get label() {
          return `Me: ${parley.session.name()}`
        },
        get children() {
          return (
            <>
              <Avatar name={parley.session.name()} picture={parley.session.avatar()} small />
              <Show when={props.words}>
                <span aria-hidden="true">Me</span>
              </Show>
            </>
          )
        },
      }}
    >
      <div class="menu-person" role="none">
        <span class="person-name">{parley.session.name()}</span>
        <span class="person-email">{parley.session.email()}</span>
        <span class="person-email">{parley.session.accountName()}</span>
      </div>
      <hr class="menu-line" />
      <button
        type="button"
        class="menu-item"
        role="menuitemcheckbox"
        tabindex={-1}
        aria-checked={parley.away()}
        onClick={closing(() => void actions.goAway(!parley.away()))}
      >
        <Icon name="moon" />
        Away
        <Show when={parley.away()}>
          <span class="menu-check">
            <Icon name="check" />
          </span>
        </Show>
      </button>
      <hr class="menu-line" />
      <div role="group" aria-labelledby="menu-theme">
        <span class="menu-label" id="menu-theme" role="none">
          Theme
        </span>
        <For each={themes}>
          {(name) => (
            <button
              type="button"
              class="menu-item"
              role="menuitemradio"
              tabindex={-1}
              aria-checked={theme() === name}
              onClick={() => setTheme(name)}
            >
              <Icon name={looks[name].icon} />
              {looks[name].words}
              <Show when={theme() === name}>
                <span class="menu-check">
                  <Icon name="check" />
                </span>
              </Show>
            </button>
          )}
        </For>
      </div>
      <hr class="menu-line" />
      <Item icon="gear" words="Settings" press={closing(() => desk.goSettings(['profile']))} />
      <Item icon="keyboard" words="Keyboard shortcuts" press={closing(() => desk.setSheet(true))} />
      <Item icon="question" words="Help" press={closing(() => desk.goSettings(['help']))} />
      <Item icon="signOut" words="Sign out" press={closing(() => void signOut(parley))} />
    </Popover>
  )
}

function Item(props: { icon: IconName; words: string; press(): void }) {
  return (
    <button type="button" class="menu-item" role="menuitem" tabindex={-1} onClick={() => props.press()}>
      <Icon name={props.icon} />
      {props.words}
    </button>
  )
}

const looks: Record<Theme, { icon: IconName; words: string }> = {
  light: { icon: 'sun', words: 'Light' },
  dark: { icon: 'moon', words: 'Dark' },
  system: { icon: 'monitor', words: 'System' },
}
