import { createMemo, Show } from 'solid-js'
import { useParley, type OpenConversation, type ThreadOutbound } from '#client/state/parley.ts'
import { textsOfReply } from '#shared/model/entry.ts'
import { Icon } from '../../controls/icon.tsx'
import { later } from '../../controls/later.tsx'
import { useDesk } from '../../shell/desk.ts'
import { tell } from '../actions.ts'
import { deliverySign } from './delivery-sign.ts'
import { now } from '../../shell/clock.ts'
import { dueWords } from './due.ts'
import { HeldActions } from './held-actions.tsx'
import { useNames } from './names.ts'

const TroubleActions = later(async () => (await import('./trouble-actions.tsx')).TroubleActions)

/** The sign under a text of the team, and what can be done where something went wrong. */
export function OutboundStatus(props: { entry: ThreadOutbound; open: OpenConversation }) {
  const parley = useParley()
  const desk = useDesk()
  const names = useNames()
  const isMine = () => props.entry.by === parley.session.agent
  const state = () => (props.entry.local ? 'local' : props.entry.delivery.state)
  const canSend = () =>
    props.open.conversation.status === 'open' && props.open.conversation.id === props.entry.conversation
  // A reply that was split is answered for once, under the last of its texts.
  const endsReply = () => textsOfReply(props.open.entries, props.entry.id).at(-1)?.id === props.entry.id
  const sign = createMemo(() =>
    deliverySign(props.entry, {
      title: props.open.title,
      colleague: colleagueOf(props.entry, props.open, names.agent),
      due:
        props.entry.delivery.state === 'scheduled'
          ? dueWords(props.entry.delivery.due, parley.timeZone(), now())
          : '',
    }),
  )
  const change = createMemo(() =>
    parley
      .waiting()
      .find((change) => props.entry.id === change.id || props.entry.id.startsWith(`${change.id}:`)),
  )
  const sendNow = async () => void tell(await parley.sendHeld(props.entry.conversation, props.entry.id))
  const discard = async (edit: boolean) => {
    if (tell(await parley.discardHeld(props.entry.conversation, props.entry.id, edit)) && edit)
      desk.ask({ kind: 'write', box: 'reply' })
  }
  const takeBack = (edit: boolean) => {
    const waiting = change()
    if (!waiting) return
    parley.cancel(waiting)
    if (!edit) return
    parley.composer(() => props.entry.conversation, 'reply').set(props.entry.text)
    desk.ask({ kind: 'write', box: 'reply' })
  }

  return (
    <Show
      when={state() !== 'held' || isMine()}
      fallback={
        <span class="status">
          <span class="sign amber" role="img" aria-label={unsentWords(props.entry, names.agent)}>
            <Icon name="pause" />
            <span aria-hidden="true">{unsentWords(props.entry, names.agent)}</span>
          </span>
        </span>
      }
    >
      <span class="status">
        <span class={`sign ${sign().tone}`} role="img" aria-label={sign().words} title={sign().words}>
          <Icon name={sign().icon} />
          <Show when={sign().spoken}>
            <span aria-hidden="true">{sign().words}</span>
          </Show>
        </span>
        <Show when={props.entry.local === 'waiting' && change()}>
          <button type="button" class="link-button" onClick={() => takeBack(true)}>
            Edit
          </button>
          <button type="button" class="link-button" onClick={() => takeBack(false)}>
            Cancel
          </button>
        </Show>
        <Show when={state() === 'scheduled' && endsReply() && canSend()}>
          <button type="button" class="link-button" onClick={() => void discard(true)}>
            Edit
          </button>
          <button type="button" class="link-button" onClick={() => void sendNow()}>
            Send now
          </button>
          <button type="button" class="link-button" onClick={() => void discard(false)}>
            Cancel
          </button>
        </Show>
        <Show when={state() === 'held' && endsReply()}>
          <HeldActions entry={props.entry} />
        </Show>
        <Show when={['failed', 'undelivered', 'unconfirmed', 'refused'].includes(state())}>
          <TroubleActions entry={props.entry} canSend={canSend()} reachable={props.open.carrierReachable} />
        </Show>
      </span>
    </Show>
  )
}

/** Who answered first: the author of the text that the held reply quotes. */
function colleagueOf(
  entry: ThreadOutbound,
  open: OpenConversation,
  nameOf: (id: NonNullable<ThreadOutbound['by']>) => string,
): string {
  if (entry.delivery.state !== 'held' || entry.delivery.why !== 'colleague answered') return ''
  const { text } = entry.delivery
  const answer = open.entries.findLast(
    (other) =>
      other.kind === 'outbound' &&
      other.conversation === entry.conversation &&
      other.by !== entry.by &&
      other.text === text,
  )
  return answer?.kind === 'outbound' && answer.by !== null ? nameOf(answer.by) : 'A colleague'
}

function unsentWords(
  entry: ThreadOutbound,
  nameOf: (id: NonNullable<ThreadOutbound['by']>) => string,
): string {
  return entry.by === null ? 'A reply was not sent' : `${nameOf(entry.by)} has an unsent reply`
}
