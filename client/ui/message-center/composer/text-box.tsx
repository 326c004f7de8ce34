import type { JSX } from 'solid-js'

/** The box that Enter sends and Shift+Enter breaks. A word still being composed by an input method stays. */
export function TextBox(props: {
  label: string
  placeholder: string
  value: string
  keys: string
  input(text: string): void
  send(): void
  leave(): void
  ref(box: HTMLTextAreaElement): void
  invalid?: boolean
}) {
  const onKeyDown: JSX.EventHandler<HTMLTextAreaElement, KeyboardEvent> = (event) => {
    if (event.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault()
      props.send()
    }
    if (event.key === 'Escape') {
      event.preventDefault()
      props.leave()
    }
  }
  return (
    <textarea
      ref={(box) => props.ref(box)}
      class="text-box"
      rows={2}
      dir="auto"
      aria-label={props.label}
      aria-keyshortcuts={props.keys}
      aria-invalid={props.invalid ? 'true' : undefined}
      placeholder={props.placeholder}
      value={props.value}
      onInput={(event) => props.input(event.currentTarget.value)}
      onKeyDown={onKeyDown}
    />
  )
}
