import { createRoot, createSignal } from 'solid-js'
import type { ConversationId } from '#shared/base/ids.ts'

/** In which conversations the next text leaves whole, as an MMS [F127]: until it was sent, on this page. */
const [chosen, setChosen] = createRoot(() => createSignal<ReadonlySet<ConversationId>>(new Set()))

export const isTextOnly = (conversation: ConversationId) => chosen().has(conversation)

export function setTextOnly(conversation: ConversationId, on: boolean): void {
  setChosen((before) => {
    if (before.has(conversation) === on) return before
    const next = new Set(before)
    if (on) next.add(conversation)
    else next.delete(conversation)
    return next
  })
}
