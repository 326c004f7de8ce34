import { Show } from 'solid-js'
import { Icon } from '../../controls/icon.tsx'

/** A reply was sent while colleagues were writing in it: said quietly, and where their last letters are. */
export function Crossed(props: { names: readonly string[] }) {
  const words = () => {
    const [first, second] = props.names
    if (second === undefined)
      return `Sent while ${first} was writing in it. What ${first} typed since then is with ${first}.`
    return 'Sent while colleagues were writing in it. What they typed since then is with them.'
  }
  return (
    <div role="status">
      <Show when={props.names.length > 0}>
        <p class="strip amber crossed">
          <Icon name="pencil" />
          {words()}
        </p>
      </Show>
    </div>
  )
}
