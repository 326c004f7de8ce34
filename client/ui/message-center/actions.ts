import { useParley, type Outcome } from '#client/state/parley.ts'
import type { ConversationId } from '#shared/base/ids.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import { say, sayError } from '../controls/toasts.ts'

/** What buttons and keys do to a conversation, with the words that follow. */
export function useActions() {
  const parley = useParley()
  return {
    async claim(conversation: Conversation) {
      if (tell(await parley.claim(conversation))) say('You own this conversation.')
    },

    async followUp(conversation: Conversation) {
      const on = !conversation.followUp
      if (!tell(await parley.followUp(conversation.id, on))) return
      const undo = () => void parley.followUp(conversation.id, !on).then(tell)
      say(on ? 'Flagged for follow-up.' : 'Follow-up flag removed.', undo)
    },

    async end(id: ConversationId): Promise<boolean> {
      return tell(await parley.end(id))
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
