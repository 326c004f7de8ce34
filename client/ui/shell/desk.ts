import { createContext, createEffect, createMemo, createSignal, useContext } from 'solid-js'
import type { ConversationId, ViewId } from '#shared/base/ids.ts'
import { builtIn } from '#shared/rules/views.ts'
import { createMedia } from '../controls/media.ts'
import { createRemembered } from '../controls/remembered.ts'
import type { Place } from './address.ts'
import { forgetTabs, keepTabs, readTabs } from './kept-tabs.ts'
import { add, bringBack, close, find, move, standing } from './open-tabs.ts'
import { createRouter } from './router.ts'

/** What is open where on this screen. Nothing of it is data: losing it loses no work. */
export type Desk = ReturnType<typeof createDesk>

/** A wish that one part of the screen has of another, such as "put the cursor into the note box". */
export type Wish =
  | { kind: 'write'; box: 'reply' | 'note' }
  | { kind: 'set owner' | 'quick replies' | 'send later' }

/** A wish is for the conversation that is open when it is made; another one never grants it. */
export type AddressedWish = Wish & { conversation: ConversationId | null }

/** `whose`: for whom the tabs are kept over a reload; null on a computer that is shared, which keeps nothing. */
export function createDesk(whose: string | null) {
  const router = createRouter()
  const openId = (): ConversationId | null => {
    const { pane } = router.place()
    return pane.kind === 'conversation' ? pane.id : null
  }
  const [cursor, setCursor] = createSignal<ConversationId | null>(openId())
  const kept = readTabs(whose)
  const [open, setOpen] = createSignal(bringBack(kept.tabs))
  const tabs = createMemo(() => standing(open()))
  const allTabs = createMemo(() => open().all)
  const [front, setFront] = createSignal(kept.front)
  createEffect(() => (whose === null ? forgetTabs() : keepTabs(whose, { tabs: allTabs(), front: front() })))
  const [details, setDetails] = createRemembered('parley.details', (text) =>
    text === 'shut' ? 'shut' : 'open',
  )
  const [sidebar, setSidebar] = createRemembered('parley.sidebar', (text) =>
    text === 'narrow' ? 'narrow' : 'wide',
  )
  const [wish, setWish] = createSignal<AddressedWish | null>(null)
  const [search, setSearch] = createSignal<string | null>(null)
  const [palette, setPalette] = createSignal(false)
  const [mentions, setMentions] = createSignal(false)
  const [sheet, setSheet] = createSignal(false)
  const [ending, setEnding] = createSignal<ConversationId | null>(null)

  const go = (pane: Place['pane'], how?: 'push' | 'replace') =>
    router.go({ view: router.place().view, pane }, how)

  return {
    place: router.place,
    view: (): ViewId => router.place().view,
    openId,
    isOpen: (id: ConversationId) => openId() === id,
    openView: (view: ViewId) => router.go({ view, pane: { kind: 'empty' } }),
    open: (id: ConversationId, how?: 'push' | 'replace') => go({ kind: 'conversation', id }, how),
    openNew: () => go({ kind: 'new' }),
    /** Opens what was just started, beside the view that lists whatever is open [F58]. */
    openStarted: (id: ConversationId, how?: 'push' | 'replace') =>
      router.go({ view: builtIn.open.id, pane: { kind: 'conversation', id } }, how),
    leave: router.leave,
    settings: router.settings,
    goSettings: router.goSettings,

    /** The row that has the list's one tab stop. */
    cursor,
    setCursor,

    /** Conversations open as tabs, in the order they were opened [F97]. */
    tabs,
    /** Those too that were open before a reload and were not found again. */
    allTabs,
    foundTabs: (found: ReadonlySet<ConversationId>) => setOpen((tabs) => find(tabs, found)),
    addTab: (id: ConversationId) => setOpen((tabs) => add(tabs, id)),
    /** Goes on in the same tab, as one does who reads through a list; or when a conversation joined another [DC24]. */
    moved(from: ConversationId, to: ConversationId) {
      setOpen((tabs) => move(tabs, from, to))
      if (openId() === from) go({ kind: 'conversation', id: to }, 'replace')
    },
    closeTab(id: ConversationId) {
      const { tabs, next } = close(open(), id)
      setOpen(tabs)
      if (openId() === id) go(next ? { kind: 'conversation', id: next } : { kind: 'empty' }, 'replace')
    },

    /** Which of the two tabs of a conversation is in front where both have no room [F100]. */
    front,
    setFront,
    details: () => details() === 'open',
    setDetails: (open: boolean) => setDetails(open ? 'open' : 'shut'),
    sidebarNarrow: () => sidebar() === 'narrow',
    setSidebarNarrow: (narrow: boolean) => setSidebar(narrow ? 'narrow' : 'wide'),

    wish,
    ask: (wish: Wish) => setWish(() => ({ ...wish, conversation: openId() })),
    granted: () => setWish(null),

    /** What is searched for, in the place of the list; null while the list stands there. */
    search,
    setSearch,

    /** The command palette. */
    palette,
    setPalette,
    /** Whether the notes that name this agent stand in the place of the list. */
    mentions,
    setMentions,

    sheet,
    setSheet,

    /** The conversation that END CONVERSATION asks about [F220]. */
    ending,
    setEnding,

    /** Room for the details beside the thread. */
    isWide: createMedia('(min-width: 1280px)'),
    /** One pane at a time. */
    isPhone: createMedia('(max-width: 639.98px)'),
  }
}

const DeskContext = createContext<Desk>()
export const DeskProvider = DeskContext.Provider

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (!desk) throw new Error('useDesk outside of DeskProvider')
  return desk
}
