import { createEffect, createSignal, For, on, onCleanup } from 'solid-js'
import { emojiIn } from '#shared/rules/content.ts'

/**
 * Marks the emoji that a text message cannot carry, where they stand in the box [DC27]: the same text, unseen, behind
 * it, line for line. A text box marks nothing inside itself.
 */
export function EmojiMarks(props: { box: HTMLTextAreaElement; text: string }) {
  const [frame, setFrame] = createSignal({ width: 0, height: 0, top: 0 })
  const measure = () =>
    setFrame({ width: props.box.clientWidth, height: props.box.clientHeight, top: props.box.scrollTop })
  const observer = new ResizeObserver(measure)
  createEffect(() => {
    const { box } = props
    observer.observe(box)
    box.addEventListener('scroll', measure, { passive: true })
    onCleanup(() => {
      observer.unobserve(box)
      box.removeEventListener('scroll', measure)
    })
  })
  onCleanup(() => observer.disconnect())
  createEffect(
    on(
      () => props.text,
      () => queueMicrotask(measure),
    ),
  )
  return (
    <div
      class="carets emoji-marks"
      aria-hidden="true"
      style={{ 'inline-size': `${frame().width}px`, 'block-size': `${frame().height}px` }}
    >
      <div class="carets-text" dir="auto" style={{ translate: `0 ${-frame().top}px` }}>
        <For each={emojiIn(props.text)}>
          {({ text, isEmoji }) => (isEmoji ? <mark class="refused-emoji">{text}</mark> : <>{text}</>)}
        </For>
      </div>
    </div>
  )
}
