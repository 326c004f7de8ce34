import { createComputed, createMemo, createSignal, on, onCleanup, type Accessor } from 'solid-js'
import type { ConversationId, ViewId } from '#shared/base/ids.ts'
import type { BuiltIn, View } from '#shared/rules/views.ts'
import type { Presence } from '#shared/wire/down.ts'
import { readView, type ListedView } from '#client/db/views.ts'
import type { EngineParts } from '#client/sync/engine.ts'
import { createLive, keepSame } from './live.ts'
import { titleOf } from './names.ts'
import type { InboxRow } from './parley.ts'
import { companyAt } from './people.ts'

/** Rows that a list shows before it is scrolled, and that each `more` adds. */
const step = 50
/** How long the words of a view rest before the edge is asked, in milliseconds. */
const rest = 250

/** Lists as they were last seen, so that going back to one paints in the same frame. Those being edited are not kept. */
export type ListCache = Map<string, ListedView>

/** The rows of a view as a growing window. */
export function createInbox(
  { store, identity, device }: EngineParts,
  online: Accessor<Presence['agents']>,
  cache: ListCache,
  view: Accessor<BuiltIn | ViewId | View>,
  connected: Accessor<boolean>,
) {
  const [limit, setLimit] = createSignal(step)
  const named = createMemo(() => {
    const current = view()
    return typeof current === 'string' ? current : current.id
  })
  createComputed(on(view, () => setLimit(step), { defer: true }))
  // What was said where this device does not hold it: asked of the edge, for the words that the list is asked for now.
  const [words, setWords] = createSignal('')
  const [answered, setAnswered] = createSignal<{
    words: string
    conversations: ReadonlySet<ConversationId>
  } | null>(null)
  const saidBefore = createMemo(() => (answered()?.words === words() ? answered() : null))
  createComputed(() => {
    const asked = words()
    if (asked.length < 2 || !connected()) return
    let left = false
    const cancel = device.after(rest, () => {
      void import('./said-before.ts')
        .then(({ askSaidBefore }) => askSaidBefore({ device, identity }, asked))
        .then(
          (conversations) => !left && setAnswered({ words: asked, conversations }),
          (fault: unknown) => console.error('The history was not looked through for a view.', fault),
        )
    })
    onCleanup(() => {
      left = true
      cancel()
    })
  })
  const answer = createLive(store, () => {
    const [asked, name, most, said] = [view(), named(), limit(), saidBefore()]
    return async (tx) => ({
      name,
      list: await readView(tx, identity.agent, asked, most, device.now(), said?.conversations),
    })
  })
  const list = createMemo(() => {
    const [name, current] = [named(), answer()]
    // The answer for another view is still on its way out; one for other criteria of this view stands till the next.
    if (current?.name !== name) return cache.get(name)
    if (typeof view() === 'string') cache.set(name, current.list)
    return current.list
  })
  createComputed(() => {
    const current = view()
    const shown = typeof current === 'string' ? list()?.view : current
    setWords(shown?.criteria.text.trim() ?? '')
  })
  const rows = createMemo<InboxRow[]>((before) => {
    const current = list()
    if (!current) return []
    const { company } = current
    const next = current.rows.map(({ conversation, user, unread, draft, pending }) => ({
      conversation,
      user,
      title: titleOf(user, conversation.user),
      unread,
      owner:
        (conversation.agent && company.agents.get(conversation.agent)?.name) ||
        (conversation.group && company.groups.get(conversation.group)?.name) ||
        null,
      draft,
      pending,
      ...companyAt(online(), company, identity.agent, conversation.id),
    }))
    return keepSame(before, next, (row) => row.conversation.id)
  }, [])
  return {
    view: () => list()?.view ?? null,
    rows,
    ready: () => list() !== undefined,
    /** The list goes by words and was only looked for on this device so far. */
    hereOnly: () => words() !== '' && saidBefore() === null,
    complete: () => list()?.complete ?? false,
    /** The newest were looked through without finding a window full of them: `more` looks further back. */
    cutShort: () => {
      const current = list()
      return current !== undefined && !current.complete && current.rows.length < limit()
    },
    more: () => {
      const current = list()
      if (current && !current.complete) setLimit((most) => most + step)
    },
  }
}
