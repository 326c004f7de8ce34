import { createEffect, createMemo, For, on, Show } from 'solid-js'
import { builtIn } from '#shared/rules/views.ts'
import { useParley } from '#client/state/parley.ts'
import '#client/styles/settings.css'
import { createTitle } from '../attention/title.ts'
import { Icon } from '../controls/icon.tsx'
import { pathOf, settingsPath } from '../shell/address.ts'
import { ConnectionDot } from '../shell/connection.tsx'
import { useDesk } from '../shell/desk.ts'
import { MeMenu } from '../shell/me-menu.tsx'
import { listenForShortcuts } from '../shell/shortcuts.ts'
import { sectionsOf, type Section } from './sections.ts'

/** Everything that is configured, a page of its own beside the Message Center [F16]. */
export function Settings(props: { rest: readonly string[] }) {
  const parley = useParley()
  const desk = useDesk()
  const sections = createMemo(() => sectionsOf(parley.session.role()))
  // A section that somebody may not see is not there, whatever the address says [F41].
  const named = createMemo(() => sections().find(({ id }) => id === props.rest[0]) ?? null)
  const section = createMemo(() => named() ?? (desk.isPhone() ? null : (sections()[0] ?? null)))
  const inbox = () => pathOf(desk.place())

  createTitle(
    () => `${section()?.name ?? 'Settings'} · Settings · Parley`,
    () => null,
  )
  listenForShortcuts([
    { keys: 'Esc', words: 'Back to the Message Center', run: () => desk.openView(desk.view()) },
    { keys: 'g o', words: 'Go to Open', run: () => desk.openView(builtIn.open.id) },
  ])
  // What reads a screen aloud hears where it is; the first page leaves the focus where it was.
  let main: HTMLElement | undefined
  createEffect(
    on(
      () => section()?.id,
      () => main?.focus({ preventScroll: true }),
      { defer: true },
    ),
  )

  // A page begins at its top, and who comes back from a part of it finds it where it was.
  let scrolled = 0
  const left = new Map<string, number>()
  createEffect(
    on(
      () => props.rest.join('/'),
      (path, before = '') => {
        left.set(before, scrolled)
        if (main) main.scrollTop = before.startsWith(`${path}/`) ? (left.get(path) ?? 0) : 0
      },
      { defer: true },
    ),
  )

  return (
    <div class="settings" classList={{ inside: named() !== null }}>
      <header class="settings-bar">
        <Show
          when={desk.isPhone() && named()}
          fallback={
            <a class="settings-back" href={inbox()}>
              <Icon name="back" />
              Message Center
            </a>
          }
        >
          <a class="settings-back" href={settingsPath([])}>
            <Icon name="back" />
            All settings
          </a>
        </Show>
        <span class="spring" />
        <ConnectionDot />
        <MeMenu />
      </header>
      <nav class="settings-nav" aria-label="Settings">
        <h1 class="settings-title">Settings</h1>
        <For each={[...new Set(sections().map(({ group }) => group))]}>
          {(group) => (
            <>
              <h2 class="views-heading">{group}</h2>
              <ul class="views-list" role="list">
                <For each={sections().filter((section) => section.group === group)}>
                  {(item) => (
                    <li>
                      <SectionLink section={item} isCurrent={item === section()} />
                    </li>
                  )}
                </For>
              </ul>
            </>
          )}
        </For>
      </nav>
      {/* A page of words alone is scrolled by keys as well. */}
      <main
        class="settings-page"
        tabindex={0}
        ref={(element) => (main = element)}
        onScroll={({ currentTarget }) => (scrolled = currentTarget.scrollTop)}
      >
        <Show when={desk.isPhone() && named()}>
          <h1 class="visually-hidden">Settings</h1>
        </Show>
        <Show when={section()} keyed>
          {(section) => (
            <section.page
              rest={named() ? props.rest.slice(1) : []}
              go={(rest: readonly string[]) => desk.goSettings([section.id, ...rest])}
            />
          )}
        </Show>
      </main>
    </div>
  )
}

function SectionLink(props: { section: Section; isCurrent: boolean }) {
  return (
    <a
      class="view"
      href={settingsPath([props.section.id])}
      aria-current={props.isCurrent ? 'page' : undefined}
    >
      <Icon name={props.section.icon} />
      <span class="view-name">{props.section.name}</span>
    </a>
  )
}
