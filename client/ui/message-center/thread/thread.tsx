import { createEffect, createMemo, createSignal, on, onMount, Show } from 'solid-js'
import { useParley, type OpenConversation } from '#client/state/parley.ts'
import { Icon } from '../../controls/icon.tsx'
import { splitThread } from './arrange.ts'
import { Blocks } from './blocks.tsx'
import { EarlierMessages } from './earlier.tsx'
import { History } from './history.tsx'
import { ClosedNote } from './lines.tsx'
import { createStayDown } from './stay-down.ts'

/** The thread of one person, opened at one of their conversations. */
export function Thread(props: { open: OpenConversation }) {
  const parley = useParley()
  const scroll = createStayDown()
  const [isWhole, setIsWhole] = createSignal(false)
  let box: HTMLDivElement | undefined
  let content: HTMLDivElement | undefined

  const parts = createMemo(() => splitThread(props.open.entries, props.open.conversation.id))
  // The line stands where reading began, and stays there until the conversation is left. It is drawn from the
  // first entries that come, so that what arrives under the reader's eyes never counts as unread.
  const { readUpTo } = props.open
  const unreadFrom = createMemo<string | null | undefined>((known) => {
    const { entries } = parts()
    if (known !== undefined || entries.length === 0) return known
    const first = entries.find((entry) => entry.kind === 'inbound' && entry.order > readUpTo)
    return first === undefined || first === entries.find((entry) => entry.kind !== 'system') ? null : first.id
  })

  const newest = createMemo(() => parts().entries.at(-1)?.id ?? null)
  const texts = createMemo(() => parts().entries.filter((entry) => entry.kind !== 'system').length)
  const [seen, setSeen] = createSignal(texts())
  const unseen = () => Math.max(0, texts() - seen())
  createEffect(() => scroll.isDown() && setSeen(texts()))
  createEffect(
    on(newest, () => {
      const last = parts().entries.at(-1)
      const isOwn = (last?.kind === 'outbound' || last?.kind === 'note') && last.by === parley.session.agent
      if (isOwn || scroll.isDown()) scroll.toEnd()
    }),
  )
  onMount(() => {
    if (!box || !content) return
    scroll.attach(box, content)
  })
  createEffect(() => {
    if (unreadFrom()) scroll.showFrom(() => content?.querySelector('.unread-line'))
  })

  return (
    <div class="thread">
      <div
        class="thread-scroll"
        ref={(element) => (box = element)}
        role="log"
        aria-live="polite"
        aria-relevant="additions"
        aria-label={`Conversation with ${props.open.title}`}
        tabindex={0}
      >
        <div class="thread-column" ref={(element) => (content = element)}>
          <Show when={isWhole()}>
            <EarlierMessages open={props.open} />
          </Show>
          <History
            name="History"
            chapters={parts().before}
            began={props.open.past.map(({ startedAt }) => startedAt)}
            open={props.open}
          />
          <div class="chapter-body" classList={{ closed: props.open.conversation.status === 'closed' }}>
            <Blocks
              entries={parts().entries}
              unreadFrom={unreadFrom() ?? null}
              open={props.open}
              whole={setIsWhole}
            />
            <Show when={props.open.conversation.status === 'closed'}>
              <ClosedNote conversation={props.open.conversation} open={props.open} />
            </Show>
            <Show when={!props.open.held}>
              <p class="thread-missing">
                This thread is not on this device. It appears here when the connection is back.
              </p>
            </Show>
            <Show when={props.open.unsent && parts().entries.length === 0}>
              <p class="thread-missing">
                Nothing was sent yet. The conversation begins with your first message.
              </p>
            </Show>
          </div>
          <History name="Since then" chapters={parts().after} began={[]} open={props.open} />
        </div>
      </div>
      <Show when={unseen() > 0 && !scroll.isDown()}>
        <button type="button" class="new-below" onClick={scroll.toEnd}>
          {`${unseen()} new`}
          <Icon name="down" />
        </button>
      </Show>
    </div>
  )
}
