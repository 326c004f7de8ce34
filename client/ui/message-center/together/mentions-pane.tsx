import { Match, Show, Switch } from 'solid-js'
import { useParley, type MentionItem } from '#client/state/parley.ts'
import { Icon } from '../../controls/icon.tsx'
import { Keyed } from '../../controls/keyed.tsx'
import { pathOf } from '../../shell/address.ts'
import { fullTime, isoTime, now, shortTime } from '../../shell/clock.ts'
import { useDesk } from '../../shell/desk.ts'

/** Notes in which colleagues named this agent, in the place of the list: unread until their conversation is opened. */
export function MentionsPane() {
  const parley = useParley()
  const desk = useDesk()
  return (
    <section class="inbox mentions" aria-label="Mentions">
      <header class="inbox-bar">
        <h2 class="inbox-title">Mentions</h2>
        <span class="spring" />
        <button
          type="button"
          class="icon-button"
          aria-label="Close Mentions"
          onClick={() => desk.setMentions(false)}
        >
          <Icon name="close" />
        </button>
      </header>
      <Switch>
        <Match when={parley.mentions().length > 0}>
          <ul class="mention-list" role="list" aria-label="Notes that name you">
            <Keyed each={parley.mentions()} by={({ id }) => id}>
              {(item) => (
                <li>
                  <Row item={item()} />
                </li>
              )}
            </Keyed>
          </ul>
        </Match>
        <Match when={true}>
          <div class="empty">
            <p class="empty-title">Nobody has named you yet.</p>
            <p class="quiet">A colleague who writes @ and your name in a note finds you here.</p>
          </div>
        </Match>
      </Switch>
    </section>
  )
}

function Row(props: { item: MentionItem }) {
  const desk = useDesk()
  return (
    <a
      class="mention-row"
      classList={{ unread: !props.item.seen, current: desk.isOpen(props.item.conversation) }}
      href={pathOf({ view: desk.view(), pane: { kind: 'conversation', id: props.item.conversation } })}
      aria-current={desk.isOpen(props.item.conversation) ? 'true' : undefined}
    >
      <span class="mention-head">
        <Show when={!props.item.seen}>
          <span class="visually-hidden">Unread.</span>
        </Show>
        <span class="mention-title">{props.item.title}</span>
        <time class="row-time" datetime={isoTime(props.item.at)} title={fullTime(props.item.at)}>
          {shortTime(props.item.at, now())}
        </time>
      </span>
      <span class="mention-text" dir="auto">
        {`${props.item.by}: ${props.item.preview}`}
      </span>
    </a>
  )
}
