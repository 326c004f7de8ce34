import { ParleyProvider, type Parley } from '#client/state/parley.ts'
import { Toaster } from './controls/toaster.tsx'
import { MessageCenter } from './message-center/message-center.tsx'
import { Banner } from './shell/banner.tsx'
import { createDesk, DeskProvider } from './shell/desk.ts'
import './shell/theme.ts'

/** Everything a signed-in person sees. */
export function App(props: { parley: Parley }) {
  const desk = createDesk()
  return (
    <ParleyProvider value={props.parley}>
      <DeskProvider value={desk}>
        <Banner />
        <MessageCenter />
        <Toaster />
      </DeskProvider>
    </ParleyProvider>
  )
}
