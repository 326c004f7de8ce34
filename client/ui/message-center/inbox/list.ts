import { createContext, createEffect, createMemo, createSignal, on, useContext } from 'solid-js'
import type { ConversationId } from '#shared/base/ids.ts'
import { useParley } from '#client/state/parley.ts'
import type { VirtualListHandle } from '../../controls/virtual-list.tsx'
import { useDesk } from '../../shell/desk.ts'
import { createEditing, previewOf } from './editing.ts'
import { createSelection } from './selection.ts'

/** The rows of the current view and the one among them that the keyboard stands on. */
export type InboxList = ReturnType<typeof createInboxList>

export function createInboxList() {
  const parley = useParley()
  const desk = useDesk()
  const editing = createEditing()
  // While a view is edited, the list shows what the fields take [F74].
  const shown = createMemo(() => {
    const draft = editing.draft()
    return draft === null ? desk.view() : previewOf(draft, desk.view())
  })
  const inbox = parley.inbox(shown)
  const selection = createSelection(inbox.rows, desk.view)
  const ids = createMemo(() => inbox.rows().map((row) => row.conversation.id))
  const [focused, setFocused] = createSignal<ConversationId | null>(null)
  let list: VirtualListHandle | null = null

  const has = (id: ConversationId | null) => id !== null && ids().includes(id)
  const tabStop = createMemo(() => {
    const cursor = desk.cursor()
    if (has(cursor)) return cursor
    return has(desk.openId()) ? desk.openId() : (ids()[0] ?? null)
  })

  function reveal(id: ConversationId) {
    desk.setCursor(id)
    list?.reveal(ids().indexOf(id))
  }

  function focus(id: ConversationId) {
    reveal(id)
    document.getElementById(rowId(id))?.focus({ preventScroll: true })
  }

  // A row that moves in the document, because a text came in, loses the focus it had: it gets it back.
  createEffect(
    on(ids, () => {
      const id = focused()
      if (id === null || document.activeElement !== document.body) return
      queueMicrotask(() => document.getElementById(rowId(id))?.focus({ preventScroll: true }))
    }),
  )

  return {
    ...inbox,
    editing,
    selection,
    ids,
    tabStop,
    focused,
    setFocused,
    setHandle: (handle: VirtualListHandle) => (list = handle),
    row: (id: ConversationId | null) => inbox.rows().find((row) => row.conversation.id === id) ?? null,
    reveal,
    focus,
    /** The row `step` away from where the keyboard stands, or the nearest there is. */
    next(step: number): ConversationId | null {
      const from = tabStop()
      if (from === null) return null
      const isFresh = !has(desk.cursor()) && !has(desk.openId())
      const index = isFresh ? 0 : ids().indexOf(from) + step
      return ids()[Math.max(0, Math.min(ids().length - 1, index))] ?? null
    },
  }
}

export const rowId = (id: ConversationId) => `row-${id}`

const ListContext = createContext<InboxList>()
export const ListProvider = ListContext.Provider

export function useInboxList(): InboxList {
  const list = useContext(ListContext)
  if (!list) throw new Error('useInboxList outside of ListProvider')
  return list
}
