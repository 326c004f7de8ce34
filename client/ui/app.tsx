import { lazy, Show, Suspense } from 'solid-js'
import { ParleyProvider, type Parley } from '#client/state/parley.ts'
import { Toaster } from './controls/toaster.tsx'
import { MessageCenter } from './message-center/message-center.tsx'
import { Banner } from './shell/banner.tsx'
import { createDesk, DeskProvider } from './shell/desk.ts'
import './shell/theme.ts'

const Settings = lazy(() => import('./settings/settings.tsx').then(({ Settings }) => ({ default: Settings })))

/** Everything a signed-in person sees. */
export function App(props: { parley: Parley }) {
  const desk = createDesk()
  return (
    <ParleyProvider value={props.parley}>
      <DeskProvider value={desk}>
        <Banner />
        <Show when={desk.settings()} fallback={<MessageCenter />}>
          {(rest) => (
            <Suspense>
              <Settings rest={rest()} />
            </Suspense>
          )}
        </Show>
        <Toaster />
      </DeskProvider>
    </ParleyProvider>
  )
}
