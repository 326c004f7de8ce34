import { createRoot } from 'solid-js'
import { createRemembered } from '../../controls/remembered.ts'

/** What Enter does in a box, on this device: it sends and Shift+Enter breaks the line, or the other way round. */
const [enter, setEnter] = createRoot(() =>
  createRemembered('parley.enter', (text) => (text === 'breaks' ? 'breaks' : 'sends')),
)

export const enterSends = () => enter() === 'sends'
export const setEnterSends = (sends: boolean) => setEnter(sends ? 'sends' : 'breaks')

/** What a key means in a box: Enter with Ctrl or Cmd sends always, and ends as well with Shift. */
export function meaningOf(event: KeyboardEvent): 'send' | 'send and end' | null {
  if (event.key !== 'Enter' || event.altKey) return null
  if (event.ctrlKey || event.metaKey) return event.shiftKey ? 'send and end' : 'send'
  return event.shiftKey === enterSends() ? null : 'send'
}
