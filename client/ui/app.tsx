import { createEffect, Show } from 'solid-js'
import { ParleyProvider, type Parley } from '#client/state/parley.ts'
import { later } from './controls/later.tsx'
import { Toaster } from './controls/toaster.tsx'
import { MessageCenter } from './message-center/message-center.tsx'
import { Banner } from './shell/banner.tsx'
import { createDesk, DeskProvider } from './shell/desk.ts'
import './shell/theme.ts'

const Settings = later<{ rest: readonly string[] }>(() =>
  import('./settings/settings.tsx').then(({ Settings }) => Settings),
)

/** Everything a signed-in person sees. */
export function App(props: { parley: Parley }) {
  const desk = createDesk()
  createEffect(() => props.parley.show(desk.settings() ? 'settings' : 'message center'))
  return (
    <ParleyProvider value={props.parley}>
      <DeskProvider value={desk}>
        <Banner />
        <Show when={desk.settings()} fallback={<MessageCenter />}>
          {(rest) => <Settings rest={rest()} />}
        </Show>
        <Toaster />
      </DeskProvider>
    </ParleyProvider>
  )
}
