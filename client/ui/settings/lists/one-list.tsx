import { createMemo, For, Show } from 'solid-js'
import { grouped } from '#shared/base/grouped.ts'
import { may } from '#shared/rules/permissions.ts'
import { refuseList } from '#shared/rules/list-limit.ts'
import type { Broadcast } from '#shared/rows/broadcast.ts'
import type { DistributionList } from '#shared/rows/list.ts'
import type { Lists } from '#client/state/lists.ts'
import { useParley } from '#client/state/parley.ts'
import { showAddress } from '#client/state/show-address.ts'
import { Icon } from '../../controls/icon.tsx'
import { stamp } from '../../shell/clock.ts'
import { peopleOn } from './words.ts'

/** A list with what was sent to it [F277, F282]. */
export function OneList(props: { lists: Lists; list: DistributionList; go(rest: readonly string[]): void }) {
  const parley = useParley()
  const sent = createMemo(() => props.lists.broadcasts().filter(({ list }) => list === props.list.id))
  const refusal = () => refuseList(props.list, { listLimit: props.lists.limit() })
  const canSend = () => may(parley.session.role(), 'send to lists')
  return (
    <>
      <button type="button" class="link-button" onClick={() => props.go([])}>
        <Icon name="back" />
        All lists
      </button>
      <header class="lists-head">
        <div>
          <h2 id="lists-title" dir="auto">
            {props.list.name}
          </h2>
          <p class="quiet">
            {peopleOn(props.list.count)}
            {props.list.addToInbox ? ' · Add to Inbox' : ''}
          </p>
        </div>
        <div class="lists-actions">
          <Show when={may(parley.session.role(), 'edit lists')}>
            <button type="button" class="button" onClick={() => props.go([props.list.id, 'edit'])}>
              EDIT
            </button>
          </Show>
          <Show when={canSend()}>
            <button
              type="button"
              class="button primary"
              disabled={refusal() !== null}
              aria-describedby={refusal() ? 'list-refusal' : undefined}
              onClick={() => props.go([props.list.id, 'message'])}
            >
              NEW MESSAGE
            </button>
          </Show>
        </div>
      </header>
      <Show when={refusal()}>
        {(text) => (
          <p class="quiet" id="list-refusal">
            {text()}
          </p>
        )}
      </Show>
      <h3 class="lists-part" id="previous-messages">
        Previous Messages
      </h3>
      <Show when={sent().length > 0} fallback={<p class="quiet">Nothing was sent to this list yet.</p>}>
        <ul class="sent-rows" aria-labelledby="previous-messages">
          <For each={sent()}>{(broadcast) => <Sent broadcast={broadcast} />}</For>
        </ul>
      </Show>
    </>
  )
}

function Sent(props: { broadcast: Broadcast }) {
  const parley = useParley()
  const by = () => parley.agents().find(({ id }) => id === props.broadcast.by)?.name ?? 'Somebody'
  const from = () => {
    const number = parley.numbers().find(({ id }) => id === props.broadcast.number)
    return number ? `${number.name} ${showAddress(number.address)}` : ''
  }
  return (
    <li class="sent-row">
      <p class="sent-text" dir="auto">
        {props.broadcast.text}
      </p>
      <p class="quiet">
        {by()} ·{' '}
        <time datetime={new Date(props.broadcast.at).toISOString()}>{stamp(props.broadcast.at)}</time> ·{' '}
        <span class="number">{`from ${from()}`}</span>
      </p>
      <dl class="sent-counts" aria-label="What became of it">
        <For each={figures(props.broadcast)}>
          {({ name, value, bad }) => (
            <div classList={{ bad: bad && value > 0 }}>
              <dt>{name}</dt>
              <dd>{grouped(value)}</dd>
            </div>
          )}
        </For>
      </dl>
      <Show when={note(props.broadcast)}>{(text) => <p class="quiet">{text()}</p>}</Show>
    </li>
  )
}

/** The counts as people read them: what was handed over and came back is "sent" as well. */
function figures({ counts, state }: Broadcast): { name: string; value: number; bad?: boolean }[] {
  const { waiting, sent, delivered, failed, skipped, unconfirmed } = counts
  return [
    ...(state === 'done' ? [] : [{ name: state === 'preparing' ? 'Preparing' : 'Waiting', value: waiting }]),
    { name: 'Sent', value: sent + delivered },
    { name: 'Delivered', value: delivered },
    { name: 'Failed', value: failed, bad: true },
    { name: 'Skipped', value: skipped },
    ...(unconfirmed > 0 ? [{ name: 'Unconfirmed', value: unconfirmed, bad: true }] : []),
  ]
}

function note({ state, counts }: Broadcast): string | null {
  if (state === 'stopped')
    return 'Stopped: the account went back to an earlier copy, and what had not left before was not sent.'
  if (counts.unconfirmed > 0)
    return 'Unconfirmed: the carrier did not answer, so they may have been delivered. They are not sent again.'
  return counts.skipped > 0 ? 'Skipped: they opted out.' : null
}
