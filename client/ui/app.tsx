import { createComputed, createEffect, Show } from 'solid-js'
import { ParleyProvider, type Parley, type Unsent } from '#client/state/parley.ts'
import { later } from './controls/later.tsx'
import { Toaster } from './controls/toaster.tsx'
import { MessageCenter } from './message-center/message-center.tsx'
import { Banner } from './shell/banner.tsx'
import { setZone } from './shell/clock.ts'
import { createDesk, DeskProvider } from './shell/desk.ts'
import { createSoon, nowPainted } from './shell/painted.ts'
import { unsentWork } from './shell/sign-out.ts'
import './shell/theme.ts'

const Settings = later<{ rest: readonly string[] }>(() =>
  import('./settings/settings.tsx').then(({ Settings }) => Settings),
)

const BeforeSignOut = later<{ unsent: Unsent }>(() =>
  import('./shell/before-sign-out.tsx').then(({ BeforeSignOut }) => BeforeSignOut),
)

/** Everything a signed-in person sees. */
export function App(props: { parley: Parley }) {
  const { shared, session } = props.parley
  const toastsInTime = createSoon()
  const desk = createDesk(shared ? null : `${session.account}:${session.agent}`)
  createComputed(() => setZone(props.parley.zone()))
  createEffect(() => desk.settings() && nowPainted())
  createEffect(() => props.parley.show(desk.settings() ? 'settings' : 'message center'))
  return (
    <ParleyProvider value={props.parley}>
      <DeskProvider value={desk}>
        <Banner />
        <Show when={desk.settings()} fallback={<MessageCenter />}>
          {(rest) => <Settings rest={rest()} />}
        </Show>
        <Show when={unsentWork()}>{(unsent) => <BeforeSignOut unsent={unsent()} />}</Show>
        <Show when={toastsInTime()}>
          <Toaster />
        </Show>
      </DeskProvider>
    </ParleyProvider>
  )
}
