import { createComputed, createMemo, createSignal, on, type Accessor } from 'solid-js'
import type { ViewId } from '#shared/base/ids.ts'
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

/** Lists as they were last seen, so that going back to one paints in the same frame. Those being edited are not kept. */
export type ListCache = Map<string, ListedView>

/** The rows of a view as a growing window. */
export function createInbox(
  { store, identity, device }: EngineParts,
  online: Accessor<Presence['agents']>,
  cache: ListCache,
  view: Accessor<BuiltIn | ViewId | View>,
) {
  const [limit, setLimit] = createSignal(step)
  const named = createMemo(() => {
    const current = view()
    return typeof current === 'string' ? current : current.id
  })
  createComputed(on(view, () => setLimit(step), { defer: true }))
  const answer = createLive(store, () => {
    const [asked, name, most] = [view(), named(), limit()]
    return async (tx) => ({ name, list: await readView(tx, identity.agent, asked, most, device.now()) })
  })
  const list = createMemo(() => {
    const [name, current] = [named(), answer()]
    // The answer for another view is still on its way out; one for other criteria of this view stands till the next.
    if (current?.name !== name) return cache.get(name)
    if (typeof view() === 'string') cache.set(name, current.list)
    return current.list
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
