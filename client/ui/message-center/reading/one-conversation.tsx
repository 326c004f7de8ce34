import { createEffect, createMemo, on, onCleanup, onMount, Show } from 'solid-js'
import { useParley, type OpenConversation } from '#client/state/parley.ts'
import { afterPaint } from '../../controls/after-paint.ts'
import { createMedia } from '../../controls/media.ts'
import { later } from '../../controls/later.tsx'
import { useDesk } from '../../shell/desk.ts'
import { hasPainted, nowPainted } from '../../shell/painted.ts'
import { Composer } from '../composer/composer.tsx'
import { Thread } from '../thread/thread.tsx'
import { FrontTabs } from './front-tabs.tsx'
import { Header } from './header.tsx'

const Details = later<{ open: OpenConversation }>(
  async () => (await import('../details/details.tsx')).Details,
  () => <section class="details" id="panel-info" aria-busy="true" aria-label="Mobile User Info" />,
)

/** A conversation in front: its header, thread and boxes, and what is known of the person. */
export function OneConversation(props: { open: OpenConversation }) {
  const parley = useParley()
  const desk = useDesk()
  let body: HTMLDivElement | undefined
  const { id } = props.open.conversation

  onMount(() => {
    // Before anything is drawn anew: the focus asks for the layout of all that was.
    if (desk.isPhone()) afterPaint(focusTitle)
    nowPainted()
    desk.addTab(id)
    parley.look({ viewing: id, writing: null })
  })
  onCleanup(() => parley.look({ viewing: null, writing: null }))
  /** Unless what one writes in has the focus already, as after a start. */
  const focusTitle = () => {
    if (body?.contains(document.activeElement)) return
    body?.querySelector<HTMLElement>('.reading-title')?.focus({ preventScroll: true })
  }

  // Read means seen: what arrives behind a hidden page stays unread until somebody looks.
  const newest = createMemo(
    () => `${props.open.conversation.inboundOrder} ${props.open.entries.at(-1)?.order ?? 0}`,
  )
  createEffect(
    on(newest, () => {
      // What it leads to waits until the thread is seen.
      const { open } = props
      if (!document.hidden) afterPaint(() => parley.markRead(open))
    }),
  )
  createEffect(() => document.hidden || parley.seeMentions(id))
  const onVisible = () => {
    if (document.hidden) return
    parley.markRead(props.open)
    parley.seeMentions(id)
  }
  document.addEventListener('visibilitychange', onVisible)
  onCleanup(() => document.removeEventListener('visibilitychange', onVisible))

  const isNarrow = createMedia('(max-width: 1023.98px)')
  const showsInfo = () => (desk.isWide() ? desk.details() : desk.front() === 'info')
  return (
    <div class="one" ref={(element) => (body = element)} classList={{ 'with-info': showsInfo() }}>
      <Header open={props.open} />
      <FrontTabs />
      <div
        class="conversation"
        id="panel-conversation"
        // What the other tab covers takes no focus.
        inert={isNarrow() && showsInfo()}
        role={desk.isWide() ? undefined : 'tabpanel'}
        aria-labelledby={desk.isWide() ? undefined : 'front-conversation'}
      >
        <Thread open={props.open} />
        {/* Who opens the page for a conversation sees its thread first; the room below it is kept. */}
        <Show when={hasPainted()} fallback={<div class="composer-room" />}>
          <Composer open={props.open} />
        </Show>
      </div>
      <Show when={showsInfo()}>
        <Details open={props.open} />
      </Show>
    </div>
  )
}
