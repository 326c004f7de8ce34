import { Show } from 'solid-js'
import { useParley, type ThreadOutbound } from '#client/state/parley.ts'
import { say } from '../../controls/toasts.ts'
import { copy, tell } from '../actions.ts'

/** What can be done about a text that did not arrive, or of which nobody knows whether it did. */
export function TroubleActions(props: {
  entry: ThreadOutbound
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
      say('The carrier is asked. The sign changes if it has this text.')
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
    </span>
  )
}
