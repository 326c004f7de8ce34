import { createSignal, Show } from 'solid-js'
import { may } from '#shared/rules/permissions.ts'
import { useParley } from '#client/state/parley.ts'
import { Icon } from '../controls/icon.tsx'
import { later } from '../controls/later.tsx'

/** Texts to numbers that their channel does not have: kept, and shown to whoever may put it right. */
export function Strays() {
  const [isOpen, setIsOpen] = createSignal(false)
  return (
    <>
      <StraysLink press={() => setIsOpen(true)} />
      <StraysDialog open={isOpen()} close={() => setIsOpen(false)} />
    </>
  )
}

export function StraysLink(props: { press(): void }) {
  const parley = useParley()
  return (
    <Show when={may(parley.session.role(), 'see strays') && parley.strays().length > 0}>
      <button type="button" class="view strays" onClick={() => props.press()}>
        <Icon name="question" />
        <span class="view-name">Texts to unknown numbers</span>
        <span class="bubble-count" data-count={parley.strays().length} />
      </button>
    </Show>
  )
}

/** Stands outside of what its link lies in: a modal dialog closes the popover that opened it, with all in it. */
export function StraysDialog(props: { open: boolean; close(): void }) {
  return (
    <Show when={props.open}>
      <Opened close={() => props.close()} />
    </Show>
  )
}

const Opened = later(async () => (await import('./strays-dialog.tsx')).StraysDialog)
