import { createEffect, createRoot } from 'solid-js'
import { createRemembered } from '../controls/remembered.ts'

export const themes = ['light', 'dark', 'system'] as const
export type Theme = (typeof themes)[number]

const [theme, setTheme] = createRemembered<Theme>(
  'parley.theme',
  (text) => themes.find((theme) => theme === text) ?? 'system',
)
export { theme, setTheme }

// The tokens follow `data-theme`; without one they follow the system.
createRoot(() =>
  createEffect(() => {
    if (theme() === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme()
  }),
)
