import { createEffect, createMemo, createSignal } from 'solid-js'
import type { ConversationId } from '#shared/base/ids.ts'
import { useParley, type OpenConversation, type WaitingChange } from '#client/state/parley.ts'
import { useDesk } from '../../shell/desk.ts'

/**
 * "Start a New Conversation" [F226]: opens the one that this pair has, or an unsent one, and takes along what
 * stands in the closed one's reply box, which nobody sees any more. A reply that was refused because a colleague
 * had ended the conversation goes the same way by itself, where the person still looks at it [E13].
 */
export function createStartAgain(open: () => OpenConversation) {
  const parley = useParley()
  const desk = useDesk()
  const conversation = () => open().conversation
  const [error, setError] = createSignal<string | null>(null)
  const [next, setNext] = createSignal<ConversationId | null>(null)
  const typed = parley.composer(() => conversation().id, 'reply')
  const nextTyped = parley.composer(next, 'reply')

  const start = async () => {
    const to = open().user?.address
    if (to === undefined) return
    const answer = await parley.start(conversation().number, to)
    if (!answer.ok) {
      setError(answer.text)
      return
    }
    setNext(answer.conversation)
    // What somebody typed there before is theirs to keep or to replace.
    if (typed.text().trim() !== '' && nextTyped.text().trim() === '') {
      nextTyped.set(typed.text())
      typed.set('')
    }
    desk.openStarted(answer.conversation)
    desk.ask({ kind: 'write', box: 'reply' })
  }

  // Only what is refused while this stands on the screen: whoever comes back later decides when to go on.
  const known = new Set(parley.waiting().map(({ id }) => id))
  createEffect(() => {
    if (conversation().status !== 'closed') return
    const refused = parley.waiting().find((change) => {
      return !known.has(change.id) && isOvertaken(change, conversation().id) && typed.text() === change.detail
    })
    if (!refused) return
    known.add(refused.id)
    void start()
  })
  return { start, error, kept: () => typed.text().trim() !== '' }
}

/** Why the text in this box was not sent in the conversation before it; null where nothing of the kind happened. */
export function createOvertaken(open: () => OpenConversation) {
  const parley = useParley()
  const typed = parley.composer(() => open().conversation.id, 'reply')
  return createMemo<string | null>(() => {
    const { unsent, past, conversation } = open()
    if (conversation.status === 'closed') return null
    const change = parley.waiting().findLast((change) => {
      const isOfPast = past.some(({ id }) => id !== conversation.id && isOvertaken(change, id))
      return isOfPast && (unsent || typed.text() === change.detail)
    })
    return change?.reason ?? null
  })
}

/** A reply that found its conversation closed. */
function isOvertaken(change: WaitingChange, conversation: ConversationId): boolean {
  return change.code === 'closed' && change.detail !== '' && change.conversation === conversation
}
