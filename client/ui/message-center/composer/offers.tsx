import { createEffect, createMemo, createSignal, createUniqueId, For, on, onCleanup, Show } from 'solid-js'
import { findQuickReplies } from '#shared/rules/quick-replies.ts'
import { inserts, personalize } from '#shared/rules/personalize.ts'
import { useParley } from '#client/state/parley.ts'
import type { Composing } from './composing.ts'
import type { Offer } from './offer.ts'
import { Marked } from '../../controls/marked.tsx'

interface Choice {
  /** What is shown: the text as the customer would read it, or an insert's name. */
  text: string
  marks: readonly number[]
  more: string
  take(): void
}

const mostShown = 8

/** What `/` and `{` offer above the box. The focus stays in the box; arrows, Enter and Tab choose. */
export function Offers(props: { composing: Composing; offer: Offer }) {
  const parley = useParley()
  const id = createUniqueId()
  const all = parley.createQuickReplies()
  const [at, setAt] = createSignal(0)
  const choices = createMemo<Choice[]>(() => {
    const { composing, offer } = props
    const place = { from: offer.from, to: offer.to }
    if (offer.kind === 'insert')
      return inserts
        .filter(
          ({ tag, lists }) => !lists && tag.slice(2).toLowerCase().startsWith(offer.typed.toLowerCase()),
        )
        .map(({ tag, field }) => ({
          text: tag,
          marks: [],
          more: composing.person()[field] || 'nothing saved',
          take: () => composing.put(tag, place),
        }))
    const shown = all().map((reply) => ({
      ...reply,
      text: personalize(reply.text, composing.person(), 'single'),
      whole: reply.text,
    }))
    return findQuickReplies(shown, offer.typed)
      .slice(0, mostShown)
      .map(({ reply, marks }) => ({
        text: reply.text,
        marks,
        more: reply.owner === null ? '' : 'Just me',
        take: () => composing.putQuickReply(shown.find((one) => one.id === reply.id)?.whole ?? '', place),
      }))
  })
  createEffect(on([() => props.offer.typed, () => props.offer.kind], () => setAt(0), { defer: true }))
  const optionId = (index: number) => `${id}-${index}`
  createEffect(() => {
    props.composing.setOption(choices().length > 0 ? optionId(at()) : null)
    document.getElementById(optionId(at()))?.scrollIntoView({ block: 'nearest' })
  })
  const step = (by: number) => setAt((now) => (now + by + choices().length) % choices().length)
  props.composing.listenForOffers((event) => {
    if (event.key === 'Escape') {
      props.composing.leaveOffer()
      return true
    }
    if (choices().length === 0) return false
    if (event.key === 'ArrowDown') step(1)
    else if (event.key === 'ArrowUp') step(-1)
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) choices()[at()]?.take()
    else return false
    return true
  })
  onCleanup(() => {
    props.composing.listenForOffers(null)
    props.composing.setOption(null)
  })
  return (
    <Show when={choices().length > 0}>
      <ul
        class="offers"
        role="listbox"
        id={`${id}-list`}
        aria-label={props.offer.kind === 'insert' ? 'Inserts' : 'Quick Replies'}
      >
        <For each={choices()}>
          {(choice, index) => (
            <li
              class="offer"
              role="option"
              id={optionId(index())}
              aria-selected={at() === index()}
              onPointerMove={() => setAt(index())}
              // The box keeps the focus, and so its cursor.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => choice.take()}
            >
              <span class="offer-text" dir="auto">
                <Marked text={choice.text} marks={choice.marks} />
              </span>
              <Show when={choice.more}>
                <span class="quiet">{choice.more}</span>
              </Show>
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}
