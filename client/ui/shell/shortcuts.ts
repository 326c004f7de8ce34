import { onCleanup } from 'solid-js'
import { hasSingleKeys } from './single-keys.ts'

/** A key of the keyboard and what it does, in the order of the sheet. `g o` is two keys, one after the other. */
export interface Shortcut {
  keys: string
  words: string
  /** Other names under which the palette finds it: what its buttons say. */
  also?: string
  run(event: KeyboardEvent): void
}

/** Listens for Ctrl+K and Cmd+K, also while somebody types. */
export function listenForPalette(open: () => void): void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'k' || event.shiftKey || event.altKey || event.ctrlKey === event.metaKey) return
    event.preventDefault()
    if (!document.querySelector('dialog[open]')) open()
  }
  addEventListener('keydown', onKeyDown)
  onCleanup(() => removeEventListener('keydown', onKeyDown))
}

/**
 * Listens for single letters while nobody types. Off in inputs, in dialogs and menus, and with Ctrl, Cmd or Alt.
 * Esc is left to whoever prevented it first. A person may turn single letters off; Esc is none.
 */
export function listenForShortcuts(shortcuts: Shortcut[]): void {
  let first: { key: string; at: number } | null = null
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
    const key = nameOf(event)
    if (isElsewhere(event.target, key) || (key !== 'Esc' && !hasSingleKeys())) return
    const isPair = first !== null && event.timeStamp - first.at < pairWithin
    const name = isPair && first ? `${first.key} ${key}` : key
    first =
      !isPair && shortcuts.some((shortcut) => shortcut.keys.startsWith(`${key} `))
        ? { key, at: event.timeStamp }
        : null
    const shortcut = shortcuts.find((shortcut) => shortcut.keys === name)
    if (!shortcut) return
    event.preventDefault()
    shortcut.run(event)
  }
  addEventListener('keydown', onKeyDown)
  onCleanup(() => removeEventListener('keydown', onKeyDown))
}

const pairWithin = 1200

function nameOf(event: KeyboardEvent): string {
  if (event.key === 'Escape') return 'Esc'
  return event.shiftKey && /^[a-z]$/iu.test(event.key) ? `Shift+${event.key.toUpperCase()}` : event.key
}

function isElsewhere(target: EventTarget | null, key: string): boolean {
  if (document.querySelector('dialog[open], :popover-open')) return true
  if (!(target instanceof HTMLElement)) return false
  if (key === 'Esc') return false
  return (
    target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea, select')
  )
}
