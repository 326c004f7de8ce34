import { createSignal, type JSX } from 'solid-js'
import type { Conversation } from '#shared/rows/conversation.ts'
import { Popover } from '../../controls/popover.tsx'
import { later } from '../../controls/later.tsx'

const OwnerForm = later(async () => (await import('./owner-form.tsx')).OwnerForm)

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
    <Popover
      name="Owner"
      placement={props.placement}
      open={open()}
      setOpen={setOpen}
      trigger={{
        class: props.class,
        get label() {
          return props.label
        },
        keys: props.keys,
        get children() {
          return props.children
        },
      }}
    >
      <OwnerForm conversation={props.conversation} done={() => setOpen(false)} />
    </Popover>
  )
}
