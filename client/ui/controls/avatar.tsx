import { onCleanup, Show } from 'solid-js'
import type { MediaId } from '#shared/base/ids.ts'
import { minute, second } from '#shared/base/time.ts'

/**
 * A colleague's picture [F36], or initials in a circle. Decoration: the name always stands beside it or in a label
 * around it. A picture that cannot be fetched leaves the initials.
 */
export function Avatar(props: {
  name: string
  picture?: MediaId | null | undefined
  small?: boolean
  class?: string
}) {
  return (
    <span
      class={`avatar ${props.class ?? ''}`}
      classList={{ small: props.small ?? false, [`tone-${toneOf(props.name)}`]: true }}
      data-initials={initialsOf(props.name)}
      aria-hidden="true"
    >
      <Show when={props.picture} keyed>
        {(id) => <Picture id={id} />}
      </Show>
    </span>
  )
}

/** Asked for again where it could not be fetched: a new one is still on its way up, or there is no connection. */
function Picture(props: { id: MediaId }) {
  let wait = second
  let timer: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(timer))
  return (
    <img
      src={`/api/media/${props.id}`}
      alt=""
      onLoad={({ currentTarget }) => (currentTarget.hidden = false)}
      onError={({ currentTarget }) => {
        currentTarget.hidden = true
        timer = setTimeout(() => (currentTarget.src = `/api/media/${props.id}`), wait)
        wait = Math.min(wait * 2, minute)
      }}
    />
  )
}

/** "Dana Cruz" is DC, "Sam" is S, and a number shows its last two digits. */
export function initialsOf(name: string): string {
  const words = name.match(/\p{L}[\p{L}\p{M}'’-]*/gu) ?? []
  const first = words[0]
  if (first === undefined) return name.replace(/\D/g, '').slice(-2) || '#'
  const last = words.length > 1 ? (words.at(-1) ?? '') : ''
  return (initial(first) + initial(last)).toLocaleUpperCase()
}

function initial(word: string): string {
  return Array.from(word)[0] ?? ''
}

/** One of six tones, the same for a name or an id everywhere. Never the only sign of who it is. */
export function toneOf(name: string): number {
  let sum = 0
  for (const char of name) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973
  return sum % 6
}
