import { Show } from 'solid-js'
import { useParley, type ThreadOutbound } from '#client/state/parley.ts'
import { clockTime } from '../../shell/clock.ts'
import { copy, tell } from '../actions.ts'
import { lastAsked, nowAsked } from './asked.ts'

/** What can be done about a text that did not arrive, or of which nobody knows whether it did. */
export function TroubleActions(props: {
  entry: ThreadOutbound
  /** Whether the carrier answers. */
  reachable: boolean
  /** Whether one may write in its conversation. */
  canSend: boolean
}) {
  const parley = useParley()
  const isUnsure = () => props.entry.delivery.state === 'unconfirmed'
  const sendAgain = async () => {
    const { conversation, text, textOnly, media = [] } = props.entry
    const pictures = media.flatMap(({ id }) => id ?? [])
    tell(await parley.send(conversation, text, textOnly, { media: pictures }))
  }
  const check = async () => {
    if (tell(await parley.askCarrier(props.entry.conversation, props.entry.id)))
      nowAsked(props.entry.id, Date.now())
  }
  const isUnderWay = () => parley.waiting().some(({ asks }) => asks === props.entry.id)
  // The device is told what the carrier has, not that it has nothing: no more is said than that.
  const askedWords = () => {
    const at = lastAsked(props.entry.id)
    if (at === null) return null
    if (isUnderWay()) return `Asked at ${clockTime(at)}, waiting for connection`
    if (!props.reachable) return `Asked at ${clockTime(at)}, checked when the carrier answers again`
    return `Checked at ${clockTime(at)}: the carrier has not confirmed it`
  }
  return (
    <span class="trouble-actions">
      <Show when={isUnsure()}>
        <button type="button" class="link-button" onClick={() => void check()}>
          Check
        </button>
      </Show>
      <Show when={props.canSend && props.entry.delivery.state !== 'refused'}>
        <button type="button" class="link-button" onClick={() => void sendAgain()}>
          {isUnsure() ? 'Send again' : 'Retry'}
        </button>
      </Show>
      <button type="button" class="link-button" onClick={() => void copy(props.entry.text, 'Text copied.')}>
        Copy
      </button>
      <span class="asked" role="status">
        {isUnsure() ? askedWords() : null}
      </span>
    </span>
  )
}
