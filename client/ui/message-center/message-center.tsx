import { createEffect, createMemo, on, Show } from 'solid-js'
import { useParley } from '#client/state/parley.ts'
import { AttentionProvider, createAttention } from '../attention/attention.ts'
import { createBadge, createTitle } from '../attention/title.ts'
import { later } from '../controls/later.tsx'
import { SearchPane } from '../search/search-pane.tsx'
import { BottomBar } from '../shell/bottom-bar.tsx'
import { useDesk } from '../shell/desk.ts'
import { keepPicture } from '../shell/last-picture.ts'
import { Palette, type PaletteItem } from '../shell/palette.tsx'
import { createSoon, hasPainted, nowPainted } from '../shell/painted.ts'
import { listenForPalette, listenForShortcuts } from '../shell/shortcuts.ts'
import { setTheme, themes } from '../shell/theme.ts'
import { signOut } from '../shell/sign-out.ts'
import { viewNameOf } from '../shell/views.tsx'
import { Sidebar } from '../shell/sidebar.tsx'
import { useActions } from './actions.ts'
import { EndQuestion } from './end-question.tsx'
import { Inbox } from './inbox/inbox.tsx'
import { createInboxList, ListProvider } from './inbox/list.ts'
import { messageCenterKeys } from './keyboard.ts'
import { ReadingPane } from './reading/reading-pane.tsx'
import { Splitter } from './splitter.tsx'

// Only who asks for them needs them.
const ShortcutSheet = later(async () => (await import('../shell/shortcut-sheet.tsx')).ShortcutSheet)
const MentionsPane = later(
  async () => (await import('./together/mentions-pane.tsx')).MentionsPane,
  () => <section class="inbox" aria-busy="true" aria-label="Mentions" />,
)

/** Sidebar, inbox, thread and details, in as many columns as there is room for. */
export function MessageCenter() {
  const parley = useParley()
  const desk = useDesk()
  const list = createInboxList()
  const open = parley.conversation(desk.openId)
  const actions = useActions()
  const shortcuts = messageCenterKeys(desk, list, actions, open, parley)
  listenForShortcuts(shortcuts)
  listenForPalette(() => desk.setPalette(true))
  /** Whether it is about a conversation and there is none, or one that has ended and takes notes alone. */
  const isIdle = (keys: string) => {
    if (list.selection.size() > 0 || !/^(?:[rniase]|Shift\+U)$/u.test(keys)) return false
    const { status } = open()?.conversation ?? list.row(desk.cursor())?.conversation ?? {}
    return status !== 'open' && (!status || keys !== 'n')
  }
  const commands = (): PaletteItem[] => [
    // Moving through the list is for the keys alone, and each view is named below.
    ...shortcuts.filter(({ keys }) => !/^(?:[jkx]|Esc|Enter|g [^s])$/u.test(keys) && !isIdle(keys)),
    ...parley.views().map((view) => ({
      words: `Go to ${view.name}`,
      keys: shortcuts.find(({ words }) => words === `Go to ${view.name}`)?.keys,
      run: () => desk.openView(view.id),
    })),
    ...(open() ? [{ words: 'Quick Replies', run: () => desk.ask({ kind: 'quick replies' }) }] : []),
    ...(open()?.conversation.status === 'open'
      ? [{ words: 'Send later', also: 'Schedule', run: () => desk.ask({ kind: 'send later' }) }]
      : []),
    { words: 'Go to Mentions', run: () => (desk.setSearch(null), desk.setMentions(true)) },
    {
      words: parley.away() ? 'Be back from Away' : 'Away: take no new work',
      run: () => void actions.goAway(!parley.away()),
    },
    { words: 'Help', run: () => desk.goSettings(['help']) },
    ...themes.map((name) => ({ words: `Theme: ${name}`, run: () => setTheme(name) })),
    { words: 'Sign out', run: () => void signOut(parley) },
  ]

  // Choosing a view ends a search, and the list stands in its place again.
  createEffect(
    on(
      createMemo(desk.view),
      () => {
        desk.setSearch(null)
        desk.setMentions(false)
      },
      { defer: true },
    ),
  )
  createEffect(() => {
    const at = desk.openId()
    const id = open()?.conversation.id
    if (at !== null && id !== undefined && id !== at) desk.moved(at, id)
  })
  // Who comes for a conversation waits for that one, unless nothing is here yet.
  createEffect(() => {
    if (list.ready() && (desk.openId() === null || parley.firstSync() !== null)) nowPainted()
  })
  const [listInTime, paneInTime] = [createSoon(), createSoon()]
  // On a phone a conversation covers the list: who comes for one gets it drawn when they go back. The pane is drawn
  // behind the list likewise.
  const drawsList = createMemo<boolean>(
    (drawn) => drawn || (listInTime() && (!desk.isPhone() || desk.openId() === null)),
    false,
  )
  const drawsPane = createMemo<boolean>(
    (drawn) => drawn || (paneInTime() && (!desk.isPhone() || desk.openId() !== null || hasPainted())),
    false,
  )
  const attention = createAttention(desk)
  createTitle(
    () => {
      const name = open()?.title ?? viewNameOf(parley.views(), desk.view())
      return parley.unreadInbox() > 0 ? `(${parley.unreadInbox()}) ${name} · Parley` : `${name} · Parley`
    },
    () => (attention.isCalling() ? 'New message · Parley' : null),
  )
  createBadge(parley.unreadInbox)
  keepPicture(
    parley.shared ? null : `${parley.session.account}:${parley.session.agent}`,
    () =>
      desk.search() === null &&
      !desk.mentions() &&
      !list.editing.draft() &&
      list.selection.size() === 0 &&
      desk.place().pane.kind !== 'new' &&
      (desk.isWide() || desk.front() === 'conversation'),
  )

  return (
    <AttentionProvider value={attention}>
      <ListProvider value={list}>
        <div
          class="center"
          classList={{
            narrow: desk.sidebarNarrow(),
            'pane-empty': desk.place().pane.kind === 'empty',
            calling: attention.isCalling(),
          }}
        >
          <Show when={!desk.isPhone()}>
            <Sidebar />
          </Show>
          <main class="work">
            <h1 class="visually-hidden">Message Center</h1>
            <Show
              when={desk.search() !== null}
              fallback={
                <Show
                  when={desk.mentions()}
                  fallback={
                    <Show when={drawsList()}>
                      <Inbox />
                    </Show>
                  }
                >
                  <MentionsPane />
                </Show>
              }
            >
              <SearchPane />
            </Show>
            <Show when={!desk.isPhone()}>
              <Splitter />
            </Show>
            <Show when={drawsPane()}>
              <ReadingPane open={open()} />
            </Show>
          </main>
          <Show when={desk.isPhone() && paneInTime()}>
            <BottomBar />
          </Show>
        </div>
        <EndQuestion />
        <Show when={desk.sheet()}>
          <ShortcutSheet shortcuts={shortcuts} />
        </Show>
        <Show when={desk.palette()}>
          <Palette items={commands()} close={() => desk.setPalette(false)} />
        </Show>
      </ListProvider>
    </AttentionProvider>
  )
}
