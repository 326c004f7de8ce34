import { Show } from 'solid-js'
import { Icon } from '../../controls/icon.tsx'
import { useDesk } from '../../shell/desk.ts'

/**
 * "Conversation & Notes" and "Mobile User Info" [F99]. Where there is room the second stands open beside the first:
 * its button shows and hides it, and the first one's leads back to the conversation alone [F101]. Elsewhere one of the
 * two is in front, for every conversation [F100].
 */
export function FrontTabs() {
  const desk = useDesk()
  return (
    <Show when={desk.isWide()} fallback={<OneInFront />}>
      <div class="front-tabs">
        <button
          type="button"
          class="front-tab"
          aria-pressed={!desk.details()}
          onClick={() => desk.setDetails(false)}
        >
          Conversation &amp; Notes
        </button>
        <span class="spring" />
        <button
          type="button"
          class="front-toggle"
          aria-pressed={desk.details()}
          aria-keyshortcuts="]"
          title="Mobile User Info  ]"
          onClick={() => desk.setDetails(!desk.details())}
        >
          <Icon name="panel" />
          Mobile User Info
        </button>
      </div>
    </Show>
  )
}

function OneInFront() {
  const desk = useDesk()
  const tab = (front: 'conversation' | 'info', words: string) => (
    <button
      type="button"
      class="front-tab"
      role="tab"
      id={`front-${front}`}
      aria-selected={desk.front() === front}
      aria-controls={desk.front() === front ? `panel-${front}` : undefined}
      tabindex={desk.front() === front ? 0 : -1}
      onClick={() => desk.setFront(front)}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
        event.preventDefault()
        const next = front === 'info' ? 'conversation' : 'info'
        desk.setFront(next)
        document.getElementById(`front-${next}`)?.focus()
      }}
    >
      {words}
    </button>
  )
  return (
    <div class="front-tabs" role="tablist" aria-label="Conversation">
      {tab('conversation', 'Conversation & Notes')}
      {tab('info', 'Mobile User Info')}
    </div>
  )
}
