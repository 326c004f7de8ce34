import { createSignal, type Accessor } from 'solid-js'

/** A small choice of this device, kept in local storage. Where storage is shut, it lasts as long as the page. */
export function createRemembered<Value extends string>(
  key: string,
  read: (text: string | null) => Value,
): [Accessor<Value>, (value: Value) => void] {
  const [value, setValue] = createSignal<Value>(read(stored(key)))
  return [
    value,
    (next) => {
      setValue(() => next)
      try {
        localStorage.setItem(key, next)
      } catch {
        // Private windows may refuse storage; the choice then lives in memory.
      }
    },
  ]
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}
