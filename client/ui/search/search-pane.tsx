import { onMount } from 'solid-js'
import { Icon } from '../controls/icon.tsx'
import { later } from '../controls/later.tsx'
import { useDesk } from '../shell/desk.ts'

const SearchResults = later(
  async () => (await import('./search-results.tsx')).SearchResults,
  () => <div class="search-results" aria-busy="true" />,
)

/**
 * One box over people, numbers, ID#s and texts [F77]. The box is here before the code that searches: from the press on
 * that opens it, letters are words of the search and no shortcuts.
 */
export function SearchPane() {
  const desk = useDesk()
  let input: HTMLInputElement | undefined
  let pane: HTMLElement | undefined
  onMount(() => {
    input?.focus()
    input?.select()
  })

  const hits = () => [...(pane?.querySelectorAll<HTMLElement>('.hit') ?? [])]
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      desk.setSearch(null)
      return
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const stops = [input, ...hits()]
    const at = stops.indexOf(document.activeElement as HTMLElement)
    stops[Math.max(0, Math.min(stops.length - 1, at + step))]?.focus()
  }

  return (
    <section
      ref={(element) => (pane = element)}
      class="inbox search"
      aria-label="Search"
      onKeyDown={onKeyDown}
    >
      <header class="inbox-bar">
        <h2 class="visually-hidden">Search</h2>
        <form
          class="search-form"
          role="search"
          onSubmit={(event) => {
            event.preventDefault()
            hits()[0]?.click()
          }}
        >
          <Icon name="search" />
          <input
            ref={(element) => (input = element)}
            class="search-input"
            type="search"
            aria-label="Search people, numbers, IDs and messages"
            placeholder="People, numbers, IDs, messages"
            autocomplete="off"
            enterkeyhint="search"
            maxlength="200"
            value={desk.search() ?? ''}
            onInput={(event) => desk.setSearch(event.currentTarget.value)}
          />
        </form>
        <button
          type="button"
          class="icon-button"
          aria-label="Close search"
          title="Close search  Esc"
          onClick={() => desk.setSearch(null)}
        >
          <Icon name="close" />
        </button>
      </header>
      <SearchResults />
    </section>
  )
}
