import { createRoot } from 'solid-js'
import { createRemembered } from '../controls/remembered.ts'

const [keys, setKeys] = createRoot(() =>
  createRemembered('parley.single-keys', (text) => (text === 'off' ? 'off' : 'on')),
)

/** Whether single letters do something while nobody types, on this device: WCAG 2.1.4 wants a way to turn them off. */
export const hasSingleKeys = () => keys() === 'on'
export const setSingleKeys = (on: boolean) => setKeys(on ? 'on' : 'off')
