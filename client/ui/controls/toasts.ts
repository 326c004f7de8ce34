import { createSignal } from 'solid-js'
import { second } from '#shared/base/time.ts'

export interface Toast {
  id: number
  kind: 'news' | 'error'
  text: string
  undo: (() => void) | null
}

const [toasts, setToasts] = createSignal<readonly Toast[]>([])
let made = 0

// A property of the whole page instead would have all of it styled anew with each line that is written.
const [roomBelow, setRoomBelow] = createSignal<number | null>(null)

/** How high what they stand above on a phone is, in pixels; null where nothing is. */
export { roomBelow, setRoomBelow, toasts }

/** One line at the bottom left. News leave by themselves, errors stay until closed; three at most. Answers its id. */
export function say(text: string, undo: (() => void) | null = null): number {
  add({ id: ++made, kind: 'news', text, undo })
  return made
}

export function sayError(text: string): void {
  add({ id: ++made, kind: 'error', text, undo: null })
}

export function closeToast(id: number): void {
  setToasts((all) => all.filter((toast) => toast.id !== id))
}

/** How long news stay: longer where there is something to press. */
export function lifeOf(toast: Toast): number {
  return (toast.undo ? 10 : 6) * second
}

function add(toast: Toast): void {
  setToasts((all) => [...all.filter((other) => other.text !== toast.text), toast].slice(-3))
}
