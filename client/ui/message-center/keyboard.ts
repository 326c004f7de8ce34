import type { ConversationId } from '#shared/base/ids.ts'
import { builtIn } from '#shared/rules/views.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { ManyAct, OpenConversation, Parley } from '#client/state/parley.ts'
import { say } from '../controls/toasts.ts'
import type { Desk } from '../shell/desk.ts'
import type { Shortcut } from '../shell/shortcuts.ts'
import type { useActions } from './actions.ts'
import type { InboxList } from './inbox/list.ts'
import { undoLast } from './undo.ts'

/** What every key of the Message Center does. */
export function messageCenterKeys(
  desk: Desk,
  list: InboxList,
  actions: ReturnType<typeof useActions>,
  open: () => OpenConversation | null,
  parley: Parley,
): Shortcut[] {
  // A key means the row that has the focus, else the conversation that is open, else where the list stands.
  const target = (): ConversationId | null => list.focused() ?? desk.openId() ?? desk.cursor()
  const conversation = (): Conversation | null => {
    const id = target()
    const shown = open()?.conversation
    return list.row(id)?.conversation ?? (shown?.id === id ? shown : null)
  }
  /** What is chosen goes before the one row that the key would mean. */
  const onMany = (act: () => ManyAct, one: () => void) => () =>
    list.selection.size() > 0 ? void list.selection.act(act()) : one()
  const allFlagged = () => list.selection.picked().every((row) => row.conversation.followUp)
  const onOpen = (act: (conversation: Conversation) => void) => () => {
    const found = conversation()
    if (found?.status === 'open' && found.no !== null) act(found)
  }
  const bring = (act: () => void) => () => {
    const id = target()
    if (id === null) return
    if (!desk.isOpen(id)) desk.open(id)
    act()
  }
  const move = (step: number) => () => {
    const id = list.next(step)
    if (id === null) return
    const open = desk.openId()
    if (open !== null) desk.moved(open, id)
    list.focus(id)
  }
  const pick = (act: (id: ConversationId) => void) => () => {
    const id = list.focused() ?? list.tabStop()
    if (id !== null) act(id)
  }
  const nextWaiting = async () => {
    const id = await parley.nextWaiting(desk.openId())
    if (id === null) say('Nobody is waiting for a reply.')
    else desk.open(id)
  }
  return [
    { keys: 'j', words: 'Next conversation', run: move(1) },
    { keys: 'k', words: 'Previous conversation', run: move(-1) },
    {
      keys: 'Esc',
      words: 'Back to the list',
      run() {
        if (list.selection.size() > 0) return list.selection.clear()
        if (list.editing.draft() !== null) return list.editing.cancel()
        const id = desk.openId()
        if (desk.place().pane.kind !== 'empty') desk.leave()
        if (id !== null && list.ids().includes(id)) list.focus(id)
      },
    },
    { keys: 'r', words: 'Reply', run: bring(() => desk.ask({ kind: 'write', box: 'reply' })) },
    { keys: 'n', words: 'Note', run: bring(() => desk.ask({ kind: 'write', box: 'note' })) },
    { keys: 'i', words: 'Claim ownership', run: onOpen((conversation) => void actions.claim(conversation)) },
    {
      keys: 'a',
      words: 'Assign',
      also: 'Set owner, transfer',
      run: () =>
        list.selection.size() > 0
          ? list.selection.setAssigning(true)
          : bring(() => desk.ask({ kind: 'set owner' }))(),
    },
    {
      keys: 's',
      words: 'Follow-up flag',
      run: onMany(
        () => ({ do: 'follow up', on: !allFlagged() }),
        onOpen((conversation) => void actions.followUp(conversation)),
      ),
    },
    {
      keys: 'e',
      words: 'End conversation',
      run: () =>
        list.selection.size() > 0
          ? list.selection.setEnding(true)
          : onOpen((conversation) => desk.setEnding(conversation.id))(),
    },
    {
      keys: 'Shift+U',
      words: 'Mark as unread',
      run: onMany(
        () => ({ do: 'mark', as: 'unread' }),
        onOpen((conversation) => {
          // What is looked at is read, so the list comes back first.
          if (desk.isOpen(conversation.id)) desk.leave()
          void actions.mark(conversation, 'unread')
        }),
      ),
    },
    { keys: 'w', words: 'Next waiting customer', run: () => void nextWaiting() },
    { keys: 'x', words: 'Select', run: pick((id) => list.selection.toggle(id)) },
    { keys: 'Shift+X', words: 'Select up to here', run: pick((id) => list.selection.extend(id)) },
    { keys: 'z', words: 'Undo', run: () => undoLast() || say('Nothing to take back.') },
    { keys: '/', words: 'Search', run: () => desk.setSearch(desk.search() ?? '') },
    { keys: 'c', words: 'New conversation', run: () => desk.openNew() },
    { keys: 'g o', words: 'Go to Open', run: () => desk.openView(builtIn.open.id) },
    { keys: 'g m', words: 'Go to Just Mine', run: () => desk.openView(builtIn.mine.id) },
    { keys: 'g g', words: 'Go to My Groups', run: () => desk.openView(builtIn.groups.id) },
    { keys: 'g u', words: 'Go to Unassigned', run: () => desk.openView(builtIn.unassigned.id) },
    { keys: 'g w', words: 'Go to Waiting', run: () => desk.openView(builtIn.waiting.id) },
    { keys: 'g f', words: 'Go to Follow-Up', run: () => desk.openView(builtIn['follow-up'].id) },
    { keys: 'g c', words: 'Go to Closed', run: () => desk.openView(builtIn.closed.id) },
    { keys: 'g s', words: 'Go to Settings', run: () => desk.goSettings(['profile']) },
    {
      keys: '[',
      words: 'Narrow or widen the sidebar',
      run: () => desk.setSidebarNarrow(!desk.sidebarNarrow()),
    },
    {
      keys: ']',
      words: 'Show or hide Mobile User Info',
      run() {
        if (desk.isWide()) desk.setDetails(!desk.details())
        else desk.setFront(desk.front() === 'info' ? 'conversation' : 'info')
      },
    },
    { keys: '?', words: 'This sheet', run: () => desk.setSheet(true) },
  ]
}
