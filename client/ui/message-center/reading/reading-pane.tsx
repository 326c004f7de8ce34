import { createEffect, createMemo, Match, on, onCleanup, onMount, Show, Switch } from 'solid-js'
import { useParley, type OpenConversation } from '#client/state/parley.ts'
import { later } from '../../controls/later.tsx'
import { useDesk } from '../../shell/desk.ts'
import { Composer } from '../composer/composer.tsx'
import { Details } from '../details/details.tsx'
import { Thread } from '../thread/thread.tsx'
import { FrontTabs } from './front-tabs.tsx'
import { Header } from './header.tsx'
import { NotHere, NothingOpen } from './nothing-open.tsx'
import { createShown } from './shown.ts'
import { Tabs, tabId } from './tabs.tsx'

const NewConversation = later(async () => (await import('./new-conversation.tsx')).NewConversation)

/** The tabs of open conversations, and the one in front. */
export function ReadingPane(props: { open: OpenConversation | null }) {
  const desk = useDesk()
  const pane = () => desk.place().pane
  const shown = createShown(() => props.open, desk.openId)
  const shownId = createMemo(() => shown()?.conversation.id ?? null)
  return (
    <section class="reading" aria-label="Reading pane">
      <Tabs />
      <Switch>
        <Match when={pane().kind === 'new'}>
          <NewConversation />
        </Match>
        <Match when={desk.openId()}>
          {(id) => (
            // While the one before is still drawn, nothing can be typed or pressed in it: what was meant for one
            // person must never reach another.
            <div
              class="reading-body"
              id="reading"
              role="tabpanel"
              aria-labelledby={tabId(id())}
              inert={shownId() !== null && shownId() !== id()}
            >
              <Show when={shownId()} keyed fallback={<NotHere />}>
                <Show when={shown()}>{(open) => <One open={open()} />}</Show>
              </Show>
            </div>
          )}
        </Match>
        <Match when={pane().kind === 'empty'}>
          <NothingOpen />
        </Match>
      </Switch>
    </section>
  )
}

function One(props: { open: OpenConversation }) {
  const parley = useParley()
  const desk = useDesk()
  let body: HTMLDivElement | undefined
  const { id } = props.open.conversation

  onMount(() => {
    desk.addTab(id)
    parley.look({ viewing: id, writing: null })
    if (desk.isPhone()) body?.querySelector<HTMLElement>('.reading-title')?.focus({ preventScroll: true })
  })
  onCleanup(() => parley.look({ viewing: null, writing: null }))

  // Read means seen: what arrives behind a hidden page stays unread until somebody looks.
  const newest = createMemo(
    () => `${props.open.conversation.inboundOrder} ${props.open.entries.at(-1)?.order ?? 0}`,
  )
  createEffect(on(newest, () => document.hidden || parley.markRead(props.open)))
  createEffect(() => document.hidden || parley.seeMentions(id))
  const onVisible = () => {
    if (document.hidden) return
    parley.markRead(props.open)
    parley.seeMentions(id)
  }
  document.addEventListener('visibilitychange', onVisible)
  onCleanup(() => document.removeEventListener('visibilitychange', onVisible))

  const showsInfo = () => (desk.isWide() ? desk.details() : desk.front() === 'info')
  return (
    <div class="one" ref={(element) => (body = element)} classList={{ 'with-info': showsInfo() }}>
      <Header open={props.open} />
      <FrontTabs />
      <div
        class="conversation"
        id="panel-conversation"
        role={desk.isWide() ? undefined : 'tabpanel'}
        aria-labelledby={desk.isWide() ? undefined : 'front-conversation'}
      >
        <Thread open={props.open} />
        <Composer open={props.open} />
      </div>
      <Show when={showsInfo()}>
        <Details open={props.open} />
      </Show>
    </div>
  )
}
