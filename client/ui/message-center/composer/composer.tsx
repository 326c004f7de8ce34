import { createEffect, createSignal, onCleanup, Show, untrack } from 'solid-js'
import * as z from 'zod/mini'
import { useParley, type OpenConversation } from '#client/state/parley.ts'
import { setRoomBelow } from '../../controls/toasts.ts'
import { useDesk } from '../../shell/desk.ts'
import { keptForms } from '../../shell/kept-forms.ts'
import { useInboxList } from '../inbox/list.ts'
import { ComposerFoot } from './composer-foot.tsx'
import { NoteBox } from './note-box.tsx'
import { ReplyBox } from './reply-box.tsx'
import { Strips } from './strips.tsx'
import { isTextOnly } from './text-only.ts'

/** Under the thread: reply or note, and what ends or moves the conversation. A closed one takes notes only [F118, F146]. */
export function Composer(props: { open: OpenConversation }) {
  const parley = useParley()
  const desk = useDesk()
  const list = useInboxList()
  const id = () => props.open.conversation.id
  const isClosed = () => props.open.conversation.status === 'closed'
  // A half-written note is what one comes back to, unless there is a reply as well that was in front.
  const says = (kind: 'reply' | 'note') => untrack(() => parley.composer(id, kind).text()) !== ''
  const forms = keptForms(parley)
  const [picked, setPicked] = createSignal<'reply' | 'note'>(
    says('note') && (!says('reply') || forms.read(`box ${id()}`, z.literal('note'))) ? 'note' : 'reply',
  )
  createEffect(() => forms.keep(`box ${id()}`, picked() === 'note' ? 'note' : null))
  const box = () => (isClosed() ? 'note' : props.open.unsent ? 'reply' : picked())
  const [ownerOpen, setOwnerOpen] = createSignal(false)
  let reply: HTMLTextAreaElement | undefined
  let note: HTMLTextAreaElement | undefined

  createEffect(() => {
    const wish = desk.wish()
    if (wish === null || wish.conversation !== id()) return
    // Nobody types into what they do not see.
    if (!desk.isWide()) desk.setFront('conversation')
    // What the boxes have of their own they open themselves, once they stand.
    if (wish.kind === 'quick replies') return
    if (wish.kind === 'send later') return void setPicked('reply')
    desk.granted()
    if (wish.kind !== 'write') {
      if (!isClosed() && !props.open.unsent) setOwnerOpen(true)
      return
    }
    setPicked(wish.box)
    queueMicrotask(() => (box() === 'reply' ? reply : note)?.focus())
  })
  const leave = () => {
    parley.look({ viewing: id(), writing: null })
    if (list.ids().includes(id()) && !desk.isPhone()) list.focus(id())
    else if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  }
  const tab = (kind: 'reply' | 'note', words: string, keys: string) => (
    <button
      type="button"
      class="composer-tab"
      aria-pressed={box() === kind}
      aria-keyshortcuts={keys}
      onClick={() => desk.ask({ kind: 'write', box: kind })}
    >
      {words}
    </button>
  )

  // A phone's toasts stand above it.
  let section: HTMLElement | undefined
  createEffect(() => {
    if (!desk.isPhone() || !section) return
    const grows = new ResizeObserver(([entry]) => {
      const height = entry?.borderBoxSize[0]?.blockSize
      if (height !== undefined) setRoomBelow(height)
    })
    grows.observe(section)
    onCleanup(() => {
      grows.disconnect()
      setRoomBelow(null)
    })
  })

  return (
    <section
      ref={(element) => (section = element)}
      class="composer"
      classList={{ noting: box() === 'note', whole: box() === 'reply' && isTextOnly(id()) }}
      aria-label="Composer"
    >
      <Strips open={props.open} />
      <div class="composer-card">
        <Show when={!isClosed() && !props.open.unsent}>
          <div class="composer-tabs" role="group" aria-label="Kind of message">
            {tab('reply', 'Reply', 'r')}
            {tab('note', 'Note', 'n')}
          </div>
        </Show>
        <Show
          when={box() === 'note'}
          fallback={<ReplyBox open={props.open} leave={leave} ref={(element) => (reply = element)} />}
        >
          <NoteBox open={props.open} leave={leave} ref={(element) => (note = element)} />
        </Show>
      </div>
      <ComposerFoot open={props.open} ownerOpen={ownerOpen()} setOwnerOpen={setOwnerOpen} />
    </section>
  )
}
