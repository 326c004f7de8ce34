import { createMemo, Match, Show, Switch } from 'solid-js'
import type { OpenConversation } from '#client/state/parley.ts'
import { later } from '../../controls/later.tsx'
import { useDesk } from '../../shell/desk.ts'
import { painted } from '../../shell/painted.ts'
import { NotHere, NothingOpen } from './nothing-open.tsx'
import { createShown } from './shown.ts'
import { Tabs, tabId } from './tabs.tsx'

// The list is painted without it.
const fetchConversation = async () => (await import('./one-conversation.tsx')).OneConversation
const OneConversation = later(fetchConversation)
const NewConversation = later(async () => (await import('./new-conversation.tsx')).NewConversation)

/** The tabs of open conversations, and the one in front. */
export function ReadingPane(props: { open: OpenConversation | null }) {
  const desk = useDesk()
  const pane = () => desk.place().pane
  const shown = createShown(() => props.open, desk.openId)
  // The first conversation that is opened finds it here; where the address names one, it is fetched beside its thread.
  void (desk.openId() === null ? painted : Promise.resolve())
    .then(fetchConversation)
    // It is asked for again, and said where it stays away, when it is drawn.
    .catch(() => undefined)
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
                <Show when={shown()}>{(open) => <OneConversation open={open()} />}</Show>
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
