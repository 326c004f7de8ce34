import { useParley, type Outcome } from '#client/state/parley.ts'
import type { ConversationId } from '#shared/base/ids.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import { say, sayError } from '../controls/toasts.ts'
import { endOffers, sayDone } from './undo.ts'

/** What buttons and keys do to a conversation, with the words that follow and the way back. */
export function useActions() {
  const parley = useParley()
  return {
    async claim(conversation: Conversation) {
      const outcome = await parley.claim(conversation)
      if (tell(outcome)) sayDone('You own this conversation.', outcome, { about: conversation.id })
    },

    async followUp(conversation: Conversation) {
      const on = !conversation.followUp
      const outcome = await parley.followUp(conversation.id, on)
      if (tell(outcome))
        sayDone(on ? 'Flagged for follow-up.' : 'Follow-up flag removed.', outcome, {
          about: conversation.id,
        })
    },

    async mark(conversation: Conversation, as: 'read' | 'unread') {
      const outcome = await parley.mark(conversation, as)
      if (tell(outcome)) sayDone(as === 'read' ? 'Marked as read.' : 'Marked as unread.', outcome)
    },

    async goAway(away: boolean) {
      if (tell(await parley.setAway(away)))
        say(away ? 'You are away. No new work is handed to you until you are back.' : 'You are back.')
    },

    async end(id: ConversationId): Promise<boolean> {
      const ended = tell(await parley.end(id))
      if (ended) endOffers(id)
      return ended
    },
  }
}

export async function copy(text: string, words: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    say(words)
  } catch {
    sayError('This browser did not let Parley copy.')
  }
}

/** Says a refusal; answers whether it went well. */
export function tell(outcome: Outcome): boolean {
  if (!outcome.ok) sayError(outcome.text)
  return outcome.ok
}
