import { For } from 'solid-js'
import { enterSends, setEnterSends } from '../message-center/composer/enter-key.ts'
import { hasSingleKeys, setSingleKeys } from '../shell/single-keys.ts'
import { setTheme, theme, themes, type Theme } from '../shell/theme.ts'
import type { SectionProps } from './sections.ts'

/** What a person chooses for this browser alone: how it looks and how it is typed on. */
export function Preferences(_props: SectionProps) {
  return (
    <div class="parts">
      <section class="settings-part" aria-labelledby="preferences-title">
        <h2 class="page-title" id="preferences-title">
          Preferences
        </h2>
        <p class="quiet">Kept in this browser. Your other devices have their own.</p>
        <fieldset class="choices open">
          <legend>Theme</legend>
          <For each={themes}>
            {(name) => (
              <label class="choice">
                <input type="radio" name="theme" checked={theme() === name} onChange={() => setTheme(name)} />
                {looks[name]}
              </label>
            )}
          </For>
        </fieldset>
      </section>
      <section class="settings-part" aria-labelledby="keyboard-title">
        <h2 id="keyboard-title">Keyboard</h2>
        <fieldset class="choices open">
          <legend>In the Reply Box</legend>
          <label class="choice">
            <input type="radio" name="enter" checked={enterSends()} onChange={() => setEnterSends(true)} />
            Enter sends, Shift+Enter breaks the line
          </label>
          <label class="choice">
            <input type="radio" name="enter" checked={!enterSends()} onChange={() => setEnterSends(false)} />
            Enter breaks the line, Shift+Enter sends
          </label>
        </fieldset>
        <label class="choice">
          <input
            type="checkbox"
            checked={hasSingleKeys()}
            onChange={(event) => setSingleKeys(event.currentTarget.checked)}
          />
          Single letters are shortcuts while nobody types (? shows them)
        </label>
      </section>
    </div>
  )
}

const looks: Record<Theme, string> = {
  light: 'Light',
  dark: 'Dark',
  system: 'As the system has it',
}
