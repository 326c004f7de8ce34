import { createSignal, onCleanup, type Accessor } from 'solid-js'
import { parsePlace, pathOf, type Place } from './address.ts'

export interface Router {
  place: Accessor<Place>
  go(place: Place, how?: 'push' | 'replace'): void
  /** Where the list is: the step before, if that was it, else the view without a conversation. */
  leave(): void
}

/**
 * The address bar as a signal. Links of the application are plain anchors, so a middle click opens a new tab;
 * an ordinary click changes the place without loading the page.
 */
export function createRouter(): Router {
  const [place, setPlace] = createSignal(parsePlace(location.pathname), { equals: same })
  if (location.pathname !== pathOf(place())) history.replaceState(null, '', pathOf(place()) + location.search)

  const onPop = () => setPlace(parsePlace(location.pathname))
  const onClick = (event: MouseEvent) => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (!link || link.target || link.origin !== location.origin || !link.pathname.startsWith('/inbox')) return
    event.preventDefault()
    go(parsePlace(link.pathname))
  }
  addEventListener('popstate', onPop)
  document.addEventListener('click', onClick)
  onCleanup(() => {
    removeEventListener('popstate', onPop)
    document.removeEventListener('click', onClick)
  })

  function go(next: Place, how: 'push' | 'replace' = 'push') {
    const from = place()
    if (same(from, next)) return
    if (how === 'push') history.pushState({ from: pathOf(from) }, '', pathOf(next))
    else history.replaceState(history.state, '', pathOf(next))
    setPlace(next)
  }

  return {
    place,
    go,
    leave() {
      const list: Place = { view: place().view, pane: { kind: 'empty' } }
      if (cameFrom() === pathOf(list)) history.back()
      else go(list)
    },
  }
}

function cameFrom(): string | null {
  const state: unknown = history.state
  if (typeof state !== 'object' || state === null || !('from' in state)) return null
  return typeof state.from === 'string' ? state.from : null
}

function same(left: Place, right: Place): boolean {
  return pathOf(left) === pathOf(right)
}
