import { createMemo, createSignal, Show } from 'solid-js'
import type { OpenConversation } from '#client/state/parley.ts'
import { Icon } from '../../controls/icon.tsx'
import { Keyed } from '../../controls/keyed.tsx'
import { stamp } from '../../shell/clock.ts'
import { rangeOf, type Chapter } from './arrange.ts'
import { Blocks } from './blocks.tsx'
import { ClosedNote } from './lines.tsx'

/** Other conversations of the same person: one fold under their dates, and in it one fold each [F229, F230]. */
export function History(props: {
  name: string
  chapters: Chapter[]
  /** When conversations of the same person began that belong here, whether the thread on this device has them or not. */
  began: readonly number[]
  open: OpenConversation
}) {
  const [shown, setShown] = createSignal(false)
  const range = createMemo(() => {
    const found = rangeOf(props.chapters, props.began)
    if (found === null) return ''
    const [from, to] = [stamp(found.from), stamp(found.to)]
    return from === to ? from : `${from} – ${to}`
  })
  return (
    <Show when={props.chapters.length > 0}>
      <section class="history" aria-label={props.name} aria-live="off">
        <button type="button" class="fold" aria-expanded={shown()} onClick={() => setShown(!shown())}>
          <Icon name="chevron" class={shown() ? 'turned' : ''} />
          <span class="fold-name">{props.name}</span>
          <span class="fold-range">{range()}</span>
        </button>
        <Show when={shown()}>
          <Keyed each={props.chapters} by={(chapter) => chapter.conversation}>
            {(chapter) => <OneChapter chapter={chapter()} open={props.open} />}
          </Keyed>
        </Show>
      </section>
    </Show>
  )
}

function OneChapter(props: { chapter: Chapter; open: OpenConversation }) {
  const [shown, setShown] = createSignal(false)
  const row = createMemo(() => props.open.past.find((row) => row.id === props.chapter.conversation) ?? null)
  return (
    <div class="chapter">
      <button type="button" class="fold" aria-expanded={shown()} onClick={() => setShown(!shown())}>
        <Icon name="chevron" class={shown() ? 'turned' : ''} />
        <span class="fold-name">{stamp(props.chapter.from)}</span>
        <Show when={row()?.no}>{(no) => <span class="fold-range">{`#${no()}`}</span>}</Show>
      </button>
      <Show when={shown()}>
        <div class="chapter-body" classList={{ closed: row()?.status === 'closed' }}>
          <Blocks entries={props.chapter.entries} unreadFrom={null} open={props.open} />
          <Show when={row()?.status === 'closed' ? row() : null}>
            {(row) => <ClosedNote conversation={row()} open={props.open} />}
          </Show>
        </div>
      </Show>
    </div>
  )
}
