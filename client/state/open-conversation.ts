import { createComputed, createEffect, createMemo, on, onCleanup, type Accessor } from 'solid-js'
import type { ConversationId } from '#shared/base/ids.ts'
import type { Presence } from '#shared/wire/down.ts'
import { readOpenThread, type OpenThread } from '#client/db/open-thread.ts'
import type { Actions } from '#client/sync/actions.ts'
import type { Engine } from '#client/sync/engine.ts'
import type { Status } from '#client/sync/status.ts'
import { createLive, isSame, keepSame } from './live.ts'
import { titleOf } from './names.ts'
import type { OpenConversation, ThreadEntry } from './parley.ts'
import { companyAt } from './people.ts'

/**
 * Reads what opening a conversation will read. The store remembers it, so that the press which follows finds it there;
 * what fails here fails there again, in sight.
 */
export function foresee({ parts: { store, identity, device } }: Engine, id: ConversationId): void {
  store
    .read((tx) => readOpenThread(tx, identity, id, device.now()))
    .catch((fault: unknown) => console.error('A conversation could not be read ahead.', fault))
}

/** One conversation with its whole thread, kept up to date, and pulled first where bytes of it are missing. */
export function createOpenConversation(
  engine: Engine,
  actions: Actions,
  status: Accessor<Status>,
  online: Accessor<Presence['agents']>,
  id: Accessor<ConversationId | null>,
): Accessor<OpenConversation | null> {
  const { store, identity, device } = engine.parts
  const answer = createLive(store, () => {
    const asked = id()
    return asked === null
      ? null
      : async (tx) => ({ asked, thread: await readOpenThread(tx, identity, asked, device.now()) })
  })
  const thread = createMemo<OpenThread | null>(() => {
    const current = answer()
    return current && current.asked === id() ? current.thread : null
  })
  const connected = createMemo(() => status().phase === 'live' || status().phase === 'catching up')
  const missing = createMemo(() =>
    thread()?.behind && connected() ? thread()?.conversation.user : undefined,
  )
  createEffect(() => {
    const user = missing()
    if (user) engine.want(user)
  })
  const user = createMemo(() => thread()?.conversation.user)
  createEffect(() => {
    const opened = user()
    if (!opened) return
    engine.opened(opened)
    onCleanup(() => actions.shows(opened, null))
  })

  // "Unread from here" stays where it was when the conversation was opened, until it is left.
  let opened: { id: ConversationId; readUpTo: number } | null = null
  createComputed(on(id, () => (opened = null)))

  return createMemo<OpenConversation | null>((before) => {
    const current = thread()
    const asked = id()
    if (!current || asked === null) return null
    opened ??= { id: asked, readUpTo: current.readUpTo }
    const { conversation, user, company, unsent } = current
    actions.shows(conversation.user, current.confirmed.at(-1)?.order ?? 0)
    const number = company.numbers.get(conversation.number) ?? null
    const live = connected()
    const entries: ThreadEntry[] = current.confirmed.map((entry) => entry)
    for (const { entry, handed } of current.waiting)
      entries.push({ ...entry, local: handed && live ? 'sending' : 'waiting' })
    const next: OpenConversation = {
      conversation,
      user,
      title: titleOf(user, conversation.user),
      number,
      ownerName: (conversation.agent && company.agents.get(conversation.agent)?.name) || null,
      groupName: (conversation.group && company.groups.get(conversation.group)?.name) || null,
      held: current.held || unsent || live,
      entries: keepSame(before?.entries ?? [], entries, (entry) => entry.id),
      readUpTo: opened.readUpTo,
      past: keepSame(before?.past ?? [], current.past, (row) => row.id),
      ...companyAt(online(), company, identity.agent, conversation.id),
      unsent,
      carrierReachable: (number && company.channels.get(number.channel)?.reachable) ?? true,
    }
    return before && isSame(before, next) ? before : next
  }, null)
}
