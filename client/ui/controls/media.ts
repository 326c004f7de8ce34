import { createSignal, onCleanup, type Accessor } from 'solid-js'

/** Whether a media query holds, as a signal of the owner it is made in. */
export function createMedia(query: string): Accessor<boolean> {
  const list = matchMedia(query)
  const [matches, setMatches] = createSignal(list.matches)
  const read = () => setMatches(list.matches)
  list.addEventListener('change', read)
  onCleanup(() => list.removeEventListener('change', read))
  return matches
}
