import { createEffect, createMemo, createSignal, Index, on, onCleanup, Show } from 'solid-js'
import { second } from '#shared/base/time.ts'
import type { ComposerBox, DraftCaret } from '#client/state/parley.ts'
import { initialsOf, toneOf } from '../../controls/avatar.tsx'

/**
 * Colleagues' cursors over a text box: the same text again, unseen, in a layer with the box's own measures, with a
 * mark wherever somebody's cursor stands. A text box draws nothing inside itself, and measuring offsets any other
 * way means doing the browser's line breaking again. For a screen reader the strip above says who writes.
 */
export function Carets(props: { box: HTMLTextAreaElement; draft: ComposerBox }) {
  const [frame, setFrame] = createSignal({ width: 0, height: 0, top: 0 })
  const measure = () => {
    const { clientWidth, clientHeight, scrollTop } = props.box
    setFrame({ width: clientWidth, height: clientHeight, top: scrollTop })
  }
  const observer = new ResizeObserver(measure)
  createEffect(() => {
    const { box } = props
    measure()
    observer.observe(box)
    box.addEventListener('scroll', measure, { passive: true })
    onCleanup(() => {
      observer.unobserve(box)
      box.removeEventListener('scroll', measure)
    })
  })
  onCleanup(() => observer.disconnect())
  createEffect(on(props.draft.text, () => queueMicrotask(measure), { defer: true }))

  // Text and marks in turn; each mark has the text before it since the mark before.
  const pieces = createMemo(() => {
    const text = props.draft.text()
    const carets = props.draft.carets().toSorted((left, right) => left.offset - right.offset)
    return {
      marks: carets.map((caret, index) => ({
        caret,
        before: text.slice(carets[index - 1]?.offset ?? 0, caret.offset),
      })),
      rest: text.slice(carets.at(-1)?.offset ?? 0),
    }
  })
  return (
    <div
      class="carets"
      aria-hidden="true"
      style={{ 'inline-size': `${frame().width}px`, 'block-size': `${frame().height}px` }}
    >
      <div class="carets-text" dir="auto" style={{ translate: `0 ${-frame().top}px` }}>
        {/* By index: a mark lives on while the text around it changes, and its name with it. */}
        <Index each={pieces().marks}>
          {(piece) => (
            <>
              {piece().before}
              <Mark caret={piece().caret} frame={frame()} />
            </>
          )}
        </Index>
        {pieces().rest}
        {'\u200b'}
      </div>
    </div>
  )
}

/** The cursor with its owner's name while it moves, and with their initials when it rests. */
function Mark(props: { caret: DraftCaret; frame: { height: number; top: number } }) {
  const [rests, setRests] = createSignal(false)
  const [outside, setOutside] = createSignal(false)
  let mark: HTMLSpanElement | undefined
  createEffect(
    on(
      () => `${props.caret.agent} ${props.caret.offset}`,
      () => {
        setRests(false)
        const timer = setTimeout(() => setRests(true), 3 * second)
        onCleanup(() => clearTimeout(timer))
      },
    ),
  )
  createEffect(() => {
    const { height, top } = props.frame
    if (!mark) return
    const at = mark.offsetTop - top
    setOutside(at < -4 || at + mark.offsetHeight > height + 4)
  })
  return (
    <span
      ref={(element) => (mark = element)}
      class={`caret who-${toneOf(props.caret.agent)}`}
      data-agent={props.caret.name}
      hidden={outside()}
    >
      <Show when={!outside()}>
        <span class="caret-name" data-name={rests() ? initialsOf(props.caret.name) : props.caret.name} />
      </Show>
    </span>
  )
}
