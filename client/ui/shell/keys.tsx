import { For } from 'solid-js'

/** The keys of a shortcut as they are pressed: `g o`, `Shift+U`. */
export function Keys(props: { keys: string }) {
  return (
    <span class="keys-of">
      <For each={props.keys.split(/[ +]/u)}>{(key) => <kbd>{key}</kbd>}</For>
    </span>
  )
}
