import { createSignal } from 'solid-js'
import type { Millis } from '#shared/base/time.ts'
import { Icon } from '../../controls/icon.tsx'
import { later } from '../../controls/later.tsx'
import { Popover } from '../../controls/popover.tsx'
import { say } from '../../controls/toasts.ts'
import { useDesk } from '../../shell/desk.ts'
import { grant } from './grant.ts'

const ScheduleForm = later(async () => (await import('./schedule-form.tsx')).ScheduleForm)

/** Beside SEND: has the reply sent at another time [DC22]. `schedule` answers why it cannot, or null. */
export function ScheduleButton(props: {
  timeZone: string
  disabled: boolean
  schedule(at: Millis): Promise<string | null>
}) {
  const [open, setOpen] = createSignal(false)
  grant(useDesk(), 'send later', () => (props.disabled ? say('Type a reply first.') : setOpen(true)))
  return (
    <Popover
      name="Send later"
      placement="top-start"
      class="popover"
      open={open()}
      setOpen={(next) => setOpen(next && !props.disabled)}
      trigger={{
        class: 'icon-button',
        label: 'Send later',
        title: 'Send later',
        children: <Icon name="calendar" />,
      }}
    >
      <ScheduleForm timeZone={props.timeZone} schedule={props.schedule} done={() => setOpen(false)} />
    </Popover>
  )
}
