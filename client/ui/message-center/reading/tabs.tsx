import { createEffect, For, Show } from 'solid-js'
import type { ConversationId } from '#shared/base/ids.ts'
import { useParley, type TabItem } from '#client/state/parley.ts'
import { useAttention } from '../../attention/attention.ts'
import { Icon } from '../../controls/icon.tsx'
import { useDesk } from '../../shell/desk.ts'
import { MeMenu } from '../../shell/me-menu.tsx'

/** Conversations that are open, each a tab with the person's name [F97, F98]; New [F103]; and the agent [F36]. */
export function Tabs() {
  const parley = useParley()
  const desk = useDesk()
  const items = parley.tabs(desk.allTabs)
  createEffect(() => desk.foundTabs(new Set(items().keys())))
  const tabStop = () => desk.openId() ?? desk.tabs()[0]
  const onKeyDown = (event: KeyboardEvent, id: ConversationId) => {
    const tabs = desk.tabs()
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = step === 0 ? undefined : tabs[(tabs.indexOf(id) + step + tabs.length) % tabs.length]
    if (next) {
      event.preventDefault()
      desk.open(next, 'replace')
      document.getElementById(tabId(next))?.focus()
    } else if (event.key === 'Delete') {
      event.preventDefault()
      desk.closeTab(id)
      const open = desk.openId()
      if (open) document.getElementById(tabId(open))?.focus()
    }
  }
  return (
    <div class="tab-strip">
      <Show when={desk.tabs().length > 0} fallback={<span class="spring" />}>
        <div class="tabs" role="tablist" aria-label="Open conversations">
          <For each={desk.tabs()}>
            {(id) => (
              <Tab
                id={id}
                item={items().get(id)}
                isStop={tabStop() === id}
                onKeyDown={(event) => onKeyDown(event, id)}
              />
            )}
          </For>
        </div>
      </Show>
      <button
        type="button"
        class="button small new"
        aria-keyshortcuts="c"
        title="New conversation  C"
        onClick={() => desk.openNew()}
      >
        <Icon name="plus" />
        New
      </button>
      <MeMenu />
    </div>
  )
}

export const tabId = (id: ConversationId) => `tab-${id}`

function Tab(props: {
  id: ConversationId
  item: TabItem | undefined
  isStop: boolean
  onKeyDown(event: KeyboardEvent): void
}) {
  const desk = useDesk()
  const title = () => props.item?.title ?? 'Conversation'
  const isCurrent = () => desk.isOpen(props.id)
  const attention = useAttention()
  const news = () => attention.unseen().has(props.id) || attention.alert().has(props.id)
  let element: HTMLDivElement | undefined
  createEffect(() => {
    if (!isCurrent()) return
    queueMicrotask(() => element?.scrollIntoView({ block: 'nearest', inline: 'nearest' }))
  })
  return (
    <div
      ref={(div) => (element = div)}
      class="tab"
      role="tab"
      id={tabId(props.id)}
      classList={{ news: news() }}
      aria-selected={isCurrent()}
      aria-controls={isCurrent() ? 'reading' : undefined}
      aria-keyshortcuts="Delete"
      aria-label={news() ? `${title()}, new message` : title()}
      tabindex={props.isStop ? 0 : -1}
      title={title()}
      onClick={() => desk.open(props.id)}
      onAuxClick={(event) => event.button === 1 && desk.closeTab(props.id)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault()
          desk.open(props.id)
        } else props.onKeyDown(event)
      }}
    >
      <span class="tab-title">{title()}</span>
      {/* For the mouse; the keyboard closes a tab with Delete, as the ARIA practice for tabs has it. */}
      <span
        class="tab-close"
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation()
          desk.closeTab(props.id)
        }}
      >
        <Icon name="close" />
      </span>
    </div>
  )
}
