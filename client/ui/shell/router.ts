import { createSignal, onCleanup, type Accessor } from 'solid-js'
import { parsePlace, pathOf, settingsIn, settingsPath, type Place } from './address.ts'

export interface Router {
  place: Accessor<Place>
  go(place: Place, how?: 'push' | 'replace'): void
  /** Where the list is: the step before, if that was it, else the view without a conversation. */
  leave(): void
  /** What stands in the address behind `/settings`; null while the Message Center is open. */
  settings: Accessor<readonly string[] | null>
  goSettings(rest: readonly string[]): void
}

/**
 * The address bar as a signal. Links of the application are plain anchors, so a middle click opens a new tab;
 * an ordinary click changes the place without loading the page.
 */
export function createRouter(): Router {
  const [place, setPlace] = createSignal(parsePlace(location.pathname), { equals: same })
  const [settings, setSettings] = createSignal(settingsIn(location.pathname), { equals: sameNames })
  if (settings() === null && location.pathname !== pathOf(place()))
    history.replaceState(null, '', pathOf(place()) + location.search)

  const onPop = () => {
    const rest = settingsIn(location.pathname)
    if (rest === null) setPlace(parsePlace(location.pathname))
    setSettings(rest)
  }
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
    if (!link || link.target || link.origin !== location.origin) return
    const rest = settingsIn(link.pathname)
    if (rest === null && !link.pathname.startsWith('/inbox')) return
    event.preventDefault()
    if (rest === null) go(parsePlace(link.pathname))
    else goSettings(rest)
  }
  addEventListener('popstate', onPop)
  document.addEventListener('click', onClick)
  onCleanup(() => {
    removeEventListener('popstate', onPop)
    document.removeEventListener('click', onClick)
  })

  function go(next: Place, how: 'push' | 'replace' = 'push') {
    const from = place()
    if (settings() === null && same(from, next)) return
    if (how === 'push') history.pushState({ from: pathOf(from) }, '', pathOf(next))
    else history.replaceState(history.state, '', pathOf(next))
    setPlace(next)
    setSettings(null)
  }

  function goSettings(rest: readonly string[]) {
    if (settingsPath(rest) === location.pathname) return
    history.pushState({ from: location.pathname }, '', settingsPath(rest))
    setSettings([...rest])
  }

  return {
    place,
    go,
    leave() {
      const list: Place = { view: place().view, pane: { kind: 'empty' } }
      if (cameFrom() === pathOf(list)) history.back()
      else go(list)
    },
    settings,
    goSettings,
  }
}

function cameFrom(): string | null {
  const state: unknown = history.state
  if (typeof state !== 'object' || state === null || !('from' in state)) return null
  return typeof state.from === 'string' ? state.from : null
}

function sameNames(left: readonly string[] | null, right: readonly string[] | null): boolean {
  return left?.join('/') === right?.join('/')
}

function same(left: Place, right: Place): boolean {
  return pathOf(left) === pathOf(right)
}
