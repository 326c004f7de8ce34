import { createEffect, createMemo, createSignal, onCleanup, untrack, type Accessor } from 'solid-js'
import { commandId, type ConversationId } from '#shared/base/ids.ts'
import { textOnlyLimit } from '#shared/rules/content.ts'
import { defaultIdleSeconds } from '#shared/rules/profile.ts'
import { builtIn } from '#shared/rules/views.ts'
import { unknownSettings, type Company } from '#client/db/company.ts'
import { composerKey, type ComposerKind } from '#client/db/composer.ts'
import { readReplica } from '#client/db/meta.ts'
import { readUnsent } from '#client/db/leave.ts'
import { readCompanyHere } from '#client/db/overlay.ts'
import { readMentions } from '#client/db/mentions.ts'
import { readSmall } from '#client/db/rows.ts'
import { readQuickReplies } from '#client/db/quick-replies.ts'
import { readTabs } from '#client/db/tabs.ts'
import { lookAhead, readNextWaiting, readViews, type Counted } from '#client/db/views.ts'
import { readWaiting } from '#client/db/waiting.ts'
import { Actions } from '#client/sync/actions.ts'
import { pullEarlier } from '#client/sync/earlier.ts'
import type { Engine } from '#client/sync/engine.ts'
import type { BoxView } from '#client/sync/page-box.ts'
import type { Session } from '#client/sync/session-check.ts'
import type { Typing } from '#client/sync/typing.ts'
import { createCarets } from './carets.ts'
import { createConnection } from './connection.ts'
import { createInbox, type ListCache } from './inbox.ts'
import { createLive, isSame, keepSame } from './live.ts'
import { describeCommand, titleOf } from './names.ts'
import { createOpenConversation, foresee } from './open-conversation.ts'
import type { ComposerBox, MentionItem, Parley, TabItem, WaitingChange } from './parley.ts'
import { createUndoable } from './undoable.ts'
import { onlineAgents } from './people.ts'

export interface ParleyParts {
  engine: Engine
  typing: Typing
  session: Session
  /** Ends the session at the edge and on this device. */
  signOut(keep: 'nothing' | 'own work'): Promise<void>
  /** This computer is shared: nothing is kept on it. */
  shared?: boolean
  /** What nobody needs for the first rows may be read. */
  settled?: Accessor<boolean>
}

/** The screens' door to one engine. Needs a reactive owner, whose end ends it. */
export function createParley({
  engine,
  typing,
  session,
  shared = false,
  settled = () => true,
  signOut,
}: ParleyParts): Parley {
  const { store, identity, device } = engine.parts
  const me = identity.agent
  const actions = new Actions(engine, typing)
  const [status, setStatus] = createSignal(engine.status, { equals: false })
  const [online, setOnline] = createSignal(engine.online)
  const [full, setFull] = createSignal(engine.full)
  onCleanup(
    engine.onChange(() => {
      setStatus(engine.status)
      setOnline(engine.online)
      setFull(engine.full)
    }),
  )

  const readAnew = createLive(store, () => (tx) => readCompanyHere(tx, me, device.now()))
  // Every press asks for it again, and half of the screen follows it: it changes where it says something else.
  const company = createMemo<Company | undefined>((before) => {
    const next = readAnew()
    return before && next && isSame(rowsOf(before), rowsOf(next)) ? before : next
  })
  const self = () => company()?.agents.get(me)
  const health = createLive(store, () => (tx) => readSmall(tx, 'health'))
  const strays = createLive(store, () => (tx) => readSmall(tx, 'strays'))
  const replica = createLive(store, () => readReplica)
  const [counted, setCounted] = createSignal<Counted>(untrack(settled) ? 'all' : 'none')
  createEffect(() => {
    if (!settled() || untrack(counted) === 'all') return
    setCounted('plain')
    // What cannot be read ahead is read by `readViews` itself.
    const done = () => setCounted('all')
    lookAhead(store, me, device.now()).then(done, done)
  })
  const listed = createLive(store, () => {
    const now = counted()
    return (tx) => readViews(tx, me, device.now(), now)
  })
  const changes = createLive(store, () => (tx) => readWaiting(tx, me, device.now()))
  const connected = createMemo(() => status().phase === 'live' || status().phase === 'catching up')
  const waiting = createMemo<WaitingChange[]>((before) => {
    const next = (changes() ?? []).map((change): WaitingChange => {
      const { record, user, person, conversation } = change
      if (change.kind === 'unknown') return { id: record.id, at: record.at, conversation, ...unknownChange }
      const text = describeCommand(record.command, user ? titleOf(person, user) : null)
      const { command } = record
      const saved = command.name === 'SaveMobileUser' ? { saved: command } : {}
      const asks = command.name === 'AskCarrier' ? { asks: command.entry } : {}
      const common = { id: record.id, ...text, at: record.at, conversation, ...saved, ...asks }
      if (change.kind === 'refused')
        return { ...common, state: 'refused', reason: change.record.text, code: change.record.code }
      const sending = connected() && change.record.n !== null
      return { ...common, state: sending ? 'sending' : 'waiting', reason: null, code: null }
    })
    return keepSame(before, next, ({ id }) => id)
  }, [])
  const waitingSince = createMemo(() =>
    waiting().flatMap(({ state, at }) => (state === 'refused' ? [] : [at])),
  )
  const mentioned = createLive(store, () => (tx) => readMentions(tx, me, device.now()))
  const mentions = createMemo<MentionItem[]>((before) => {
    const next = (mentioned() ?? []).map(
      ({ mention: { id, conversation, at, preview, seen, by, user }, user: person }) => ({
        id,
        conversation,
        title: titleOf(person, user),
        by: company()?.agents.get(by)?.name ?? 'A former agent',
        at,
        preview,
        seen,
      }),
    )
    return keepSame(before, next, ({ id }) => id)
  }, [])
  const zone = () => self()?.timeZone ?? company()?.settings.timeZone
  const accountTimeZone = () => company()?.settings.timeZone ?? deviceTimeZone()
  const idleSeconds = () => self()?.idleSeconds ?? defaultIdleSeconds
  createEffect(() => engine.setIdleSeconds(idleSeconds()))
  const lists: ListCache = new Map()
  const undoable = createUndoable(actions, me, company)

  return {
    session: {
      account: session.account,
      accountName: () => company()?.settings.name || session.accountName,
      agent: me,
      name: () => self()?.name ?? session.name,
      email: () => self()?.email ?? session.email,
      role: () => self()?.role ?? session.role,
      avatar: () => self()?.avatar ?? null,
      idleSeconds,
    },
    inMemory: store.kind === 'memory',
    shared,
    readUnsent: () => store.read(readUnsent),
    storageFull: full,
    connection: createConnection(device, status, waitingSince),
    waiting,
    cancel: (change) => {
      const id = commandId.safeParse(change.id)
      if (id.success) void actions.cancel(id.data)
    },
    firstSync: createMemo(() => {
      const current = replica()
      // Before the first welcome there is no copy at all, and after it there is an unfinished one.
      if (!current || (current.epoch > 0 && current.boot === null)) return null
      return { done: current.boot?.done ?? 0, total: null }
    }),
    historyBehindSince: () => health()?.[0]?.behindSince ?? null,
    strays: createMemo(() => (strays() ?? []).toSorted((left, right) => right.at - left.at)),
    earlier: ({ conversation, entries }) =>
      pullEarlier(engine.parts, conversation.user, entries[0]?.order ?? 1),
    views: createMemo(() => {
      const { views = Object.values(builtIn), unread } = listed() ?? {}
      return views.map((view) => ({ id: view.id, name: view.name, view, unread: unread?.[view.id] ?? 0 }))
    }),
    unreadInbox: () => listed()?.unreadInbox ?? 0,
    inbox: (view) => createInbox(engine.parts, online, lists, view, connected),
    search: (make, question) => make(engine.parts, question),
    people: (make, question, most) => make(engine.parts, question, most),
    conversation: (id) => createOpenConversation(engine, actions, status, online, id),
    foresee: (id) => foresee(engine, id),
    tabs: (ids) => {
      const read = createLive(store, () => {
        const asked = ids()
        return (tx) => readTabs(tx, me, asked, device.now())
      })
      const items = createMemo<TabItem[]>((before) => {
        const next = (read() ?? []).map((tab) => ({ ...tab, title: titleOf(tab.person, tab.user) }))
        return keepSame(before, next, ({ id }) => id)
      }, [])
      return createMemo(() => new Map(items().map((item) => [item.id, item])))
    },
    composer: (id, kind) => {
      const box = createComposer(typing, id, kind)
      const colleagues = (at: ConversationId) =>
        online().flatMap((agent) => {
          const known = company()?.agents.get(agent.id)
          return known && agent.id !== me && agent.viewing.includes(at) ? [known] : []
        })
      return { ...box, ...createCarets(engine, typing, id, kind, box.view, colleagues) }
    },
    agents: createMemo(() => [...(company()?.agents.values() ?? [])]),
    groups: createMemo(() => [...(company()?.groups.values() ?? [])]),
    numbers: createMemo(() => [...(company()?.numbers.values() ?? [])]),
    online: createMemo(() => {
      const current = company()
      return current ? onlineAgents(online(), current) : []
    }),
    mentions,
    seeMentions: (conversation) => {
      if (mentions().some((mention) => mention.conversation === conversation && !mention.seen))
        void actions.seeMentions(conversation)
    },
    away: () => self()?.away ?? false,
    setAway: (on) => actions.away(on),
    zone,
    timeZone: () => zone() ?? deviceTimeZone(),
    accountTimeZone,
    settings: () => company()?.settings ?? unknownSettings,
    emojiRefused: () => company()?.settings.emoji === 'refuse',
    textOnlyLimit: (number) => {
      const current = company()
      const row = current?.numbers.get(number)
      return current && row ? textOnlyLimit(current.settings, row) : 0
    },
    autoAppends: () => company()?.settings.autoAppend ?? false,
    longMessages: (number) =>
      company()?.numbers.get(number)?.longMessages ?? company()?.settings.longMessages ?? 'concatenate',
    look: (at) => engine.look(at),
    show: (page) => engine.show(page === 'message center'),
    markRead: ({ conversation, entries, unsent }) => {
      if (unsent) return
      const orders = entries.flatMap((entry) =>
        entry.local === undefined && entry.conversation === conversation.id ? [entry.order] : [],
      )
      void actions.markRead(conversation.id, Math.max(conversation.inboundOrder, ...orders.slice(-1)))
    },
    send: (conversation, text, textOnly, more) => actions.send(conversation, text, textOnly, more),
    note: (conversation, text) => actions.note(conversation, text),
    claim: undoable.claim,
    transfer: undoable.transfer,
    followUp: undoable.followUp,
    mark: undoable.mark,
    many: undoable.many,
    nextWaiting: (after) => store.read((tx) => readNextWaiting(tx, me, after, device.now())),
    editView: undoable.editView,
    removeView: undoable.removeView,
    addView: async (shared, to) => {
      const view = engine.parts.ids.view()
      return { ...(await undoable.addView(view, shared, to)), view }
    },
    createQuickReplies: () => {
      const all = createLive(store, () => (tx) => readQuickReplies(tx, me, device.now()))
      return () => all() ?? []
    },
    addQuickReply: (shared, text, textOnly) =>
      actions.addQuickReply(engine.parts.ids.quickReply(), shared, text, textOnly),
    editQuickReply: (row, text) => actions.editQuickReply(row, text),
    removeQuickReply: undoable.removeQuickReply,
    end: (conversation) => actions.end(conversation),
    saveMobileUser: (user, expect, to) => actions.saveMobileUser(user, expect, to),
    consent: (user, out) => actions.consent(user, out),
    sendHeld: (conversation, entry) => actions.sendHeld(conversation, entry),
    discardHeld: (conversation, entry, edit) => actions.discardHeld(conversation, entry, edit),
    askCarrier: (conversation, entry) => actions.askCarrier(conversation, entry),
    start: (from, to) => actions.start(from, to),
    signOut,
    open: (make) => make({ engine, actions }),
  }
}

/** A company as plain values, which can be compared. */
function rowsOf({ settings, agents, groups, numbers, channels, views }: Company) {
  const tables = [agents, groups, numbers, channels].map((table) => [...table.values()])
  return [settings, tables, views]
}

/** Before the company is known: what the device's clock shows, which is most often right. */
const deviceTimeZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone

const unknownChange = {
  title: 'A change that this version of Parley does not know',
  detail: 'It waits for the newer version that made it.',
  state: 'waiting',
  reason: null,
  code: null,
} as const

/** A text box: what was typed is there at once, and what other pages, devices and agents typed follows. */
function createComposer(
  typing: Typing,
  id: Accessor<ConversationId | null>,
  kind: ComposerKind,
): Omit<ComposerBox, 'carets' | 'caret'> {
  const [version, setVersion] = createSignal(0)
  onCleanup(
    typing.onChange((key) => {
      const current = id()
      if (current !== null && key === composerKey(current, kind)) setVersion((count) => count + 1)
    }),
  )
  const view = createMemo<BoxView>(() => {
    version()
    const current = id()
    return current === null ? nothing : typing.view(current, kind)
  })
  const withId = (act: (id: ConversationId) => void) => {
    const current = id()
    if (current !== null) act(current)
  }
  return {
    text: createMemo(() => view().text),
    view,
    beside: createMemo(() => view().beside),
    set: (text, caret) => withId((id) => typing.set(id, kind, text, caret)),
    compose: (on) => withId((id) => typing.compose(id, kind, on)),
    takeBeside: (insert) => withId((id) => void typing.takeBeside(id, kind, insert)),
  }
}

const nothing: BoxView = { text: '', beside: null, move: (position) => position }
