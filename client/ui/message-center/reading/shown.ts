import { createEffect, createMemo, createSignal, onCleanup, type Accessor } from 'solid-js'
import type { ConversationId } from '#shared/base/ids.ts'
import type { OpenConversation } from '#client/state/parley.ts'

/**
 * What the reading pane draws: the conversation of the address, and until that was read from this device the one
 * before it, for a moment, so that changing over never flashes an empty pane. Null where nothing is found.
 */
export function createShown(
  open: Accessor<OpenConversation | null>,
  address: Accessor<ConversationId | null>,
): Accessor<OpenConversation | null> {
  const [isLate, setIsLate] = createSignal(false)
  const found = createMemo(() => (address() === null ? null : open()))
  createEffect(() => {
    setIsLate(false)
    if (address() === null || found() !== null) return
    const timer = setTimeout(() => setIsLate(true), moment)
    onCleanup(() => clearTimeout(timer))
  })
  return createMemo<OpenConversation | null>(
    (last) => found() ?? (isLate() || address() === null ? null : last),
    null,
  )
}

const moment = 250
