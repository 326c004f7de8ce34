import { Popover } from '@kobalte/core/popover'
import { createSignal, type JSX } from 'solid-js'
import type { Conversation } from '#shared/rows/conversation.ts'
import { OwnerForm } from './owner-form.tsx'

/** A button that opens the choice of owners. Controlled where `open` is given. */
export function OwnerPopover(props: {
  conversation: Conversation
  class: string
  label?: string
  keys?: string
  children: JSX.Element
  placement: 'top-start' | 'bottom-start'
  open?: boolean
  setOpen?: (open: boolean) => void
}) {
  const [own, setOwn] = createSignal(false)
  const open = () => props.open ?? own()
  const setOpen = (next: boolean) => (props.setOpen ? props.setOpen(next) : setOwn(next))
  return (
    <Popover open={open()} onOpenChange={setOpen} placement={props.placement} gutter={8}>
      <Popover.Trigger class={props.class} aria-label={props.label} aria-keyshortcuts={props.keys}>
        {props.children}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content class="popover" aria-label="Owner">
          <OwnerForm conversation={props.conversation} done={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover>
  )
}
