import {
  createContext,
  createEffect,
  createMemo,
  createSignal,
  mapArray,
  on,
  onCleanup,
  untrack,
  useContext,
} from 'solid-js'
import type { ConversationId } from '#shared/base/ids.ts'
import { builtIn } from '#shared/rules/views.ts'
import { useParley } from '#client/state/parley.ts'
import type { Desk } from '../shell/desk.ts'
import { hasPainted } from '../shell/painted.ts'
import { findNews, isIdle, type Known } from './news.ts'
import { ring } from './sound.ts'

/** What an idle agent is called back for [F174-F178]. */
export type Attention = ReturnType<typeof createAttention>

/**
 * Idle Alerts: a customer's text in the inbox, or a note in a conversation that is open in a tab, while the agent
 * has been away for longer than their idle time. Rings once for each, and flashes until the agent is back.
 */
export function createAttention(desk: Desk) {
  const parley = useParley()
  const [alert, setAlert] = createSignal<ReadonlySet<ConversationId>>(new Set())
  const begun = Date.now()
  let awayAt: number | null = document.visibilityState === 'visible' && document.hasFocus() ? null : begun

  const back = () => {
    awayAt = null
    if (alert().size > 0) setAlert(new Set<ConversationId>())
  }
  const look = () => {
    if (document.visibilityState === 'visible' && document.hasFocus()) back()
    else awayAt ??= Date.now()
  }
  const stop = new AbortController()
  const { signal } = stop
  document.addEventListener('visibilitychange', look, { signal })
  for (const kind of ['focus', 'blur'] as const) addEventListener(kind, look, { signal })
  for (const kind of ['pointerdown', 'keydown'] as const)
    addEventListener(kind, back, { signal, capture: true })
  onCleanup(() => stop.abort())

  const tell = (news: readonly ConversationId[]) => {
    if (news.length === 0 || !isIdle(awayAt, Date.now(), parley.session.idleSeconds())) return
    ring()
    setAlert((alert) => new Set([...alert, ...news]))
  }

  // The whole inbox, whatever agents have made of their view of that name [F76].
  // Nobody is idle while the page opens, so it is read when what its person came for is painted.
  createEffect(() => {
    if (!hasPainted()) return
    const inbox = parley.inbox(() => builtIn.open)
    let texts: Known | null = null
    createEffect(
      on(inbox.rows, (rows) => {
        if (!inbox.ready()) return
        const now = rows.map(({ conversation }) => ({
          id: conversation.id,
          order: conversation.inboundOrder,
          at: conversation.lastAt,
        }))
        const found = findNews(texts ?? new Map(), now, begun)
        const first = texts === null
        texts = found.known
        if (!first) tell(found.news)
      }),
    )
  })

  // Notes by colleagues in the conversations that are open as tabs.
  const tabs = parley.tabs(desk.tabs)
  createEffect(
    mapArray(desk.tabs, (id) => {
      let notes: Known | null = null
      createEffect(() => {
        const tab = tabs().get(id)
        if (!tab) return
        const { order, at, by } = tab.note ?? { order: 0, at: 0, by: null }
        const found = findNews(notes ?? new Map([[id, order]]), [{ id, order, at }], begun)
        notes = found.known
        if (by !== parley.session.agent) untrack(() => tell(found.news))
      })
    }),
  )

  // A message that comes while another conversation is in front makes its tab blink until it is looked at.
  const [unseen, setUnseen] = createSignal<ReadonlySet<ConversationId>>(new Set())
  const put = (id: ConversationId, isUnseen: boolean) => {
    if (untrack(unseen).has(id) === isUnseen) return
    setUnseen((ids) => new Set(isUnseen ? [...ids, id] : [...ids].filter((other) => other !== id)))
  }
  createEffect(
    mapArray(desk.tabs, (id) => {
      const inbound = createMemo(() => tabs().get(id)?.inboundOrder ?? null)
      createEffect(
        on(inbound, (order, before) => {
          if (order !== null && before != null && order > before && !desk.isOpen(id)) put(id, true)
        }),
      )
      createEffect(() => desk.isOpen(id) && put(id, false))
      onCleanup(() => put(id, false))
    }),
  )

  return {
    /** Conversations that somebody is called back for; empty while there is no alert. */
    alert,
    /** Open conversations, not in front, with a message that came meanwhile [F179], however short one was away [F180]. */
    unseen,
    isCalling: () => alert().size > 0,
  }
}

const AttentionContext = createContext<Attention>()
export const AttentionProvider = AttentionContext.Provider

export function useAttention(): Attention {
  const attention = useContext(AttentionContext)
  if (!attention) throw new Error('useAttention outside of AttentionProvider')
  return attention
}
