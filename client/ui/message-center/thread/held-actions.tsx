import { Show } from 'solid-js'
import { useParley, type ThreadOutbound } from '#client/state/parley.ts'
import { useDesk } from '../../shell/desk.ts'
import { tell } from '../actions.ts'

/** What overtook a held reply, and its author's three answers to it. */
export function HeldActions(props: { entry: ThreadOutbound }) {
  const parley = useParley()
  const desk = useDesk()
  const quote = () => {
    const { delivery } = props.entry
    return delivery.state === 'held' &&
      ['customer wrote', 'colleague answered', 'wrote first'].includes(delivery.why)
      ? delivery.text
      : null
  }
  const send = async () => void tell(await parley.sendHeld(props.entry.conversation, props.entry.id))
  const discard = async (edit: boolean) => {
    if (tell(await parley.discardHeld(props.entry.conversation, props.entry.id, edit)) && edit)
      desk.ask({ kind: 'write', box: 'reply' })
  }
  return (
    <span class="held">
      <Show when={quote()}>{(quote) => <q class="held-quote">{quote()}</q>}</Show>
      <button type="button" class="button small primary" onClick={() => void send()}>
        Send
      </button>
      <button type="button" class="button small" onClick={() => void discard(true)}>
        Edit
      </button>
      <button type="button" class="button small" onClick={() => void discard(false)}>
        Discard
      </button>
    </span>
  )
}
