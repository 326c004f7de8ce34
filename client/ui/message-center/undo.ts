import type { ConversationId } from '#shared/base/ids.ts'
import type { Outcome } from '#client/state/parley.ts'
import { closeToast, say, sayError } from '../controls/toasts.ts'

/** What can be taken back, the latest last. It lasts as long as the page. */
const taken: { toast: number; about: ConversationId | null; undo(): void }[] = []
const remembered = 30

/** Says that something was done, with Undo where it can be taken back; `after` follows the undoing. */
export function sayDone(
  words: string,
  outcome: Outcome,
  { about = null, after }: { about?: ConversationId | null; after?: () => void } = {},
): void {
  const { undo } = outcome.ok ? outcome : {}
  if (!undo) return void say(words)
  const takeBack = async () => {
    const back = await undo()
    if (!back.ok) return sayError(back.text)
    after?.()
    say('Taken back.')
  }
  offer(words, takeBack, about)
}

/** Says what was done and offers to take it back, by the toast or by `z`, as long as what it is about has not ended. */
export function offer(words: string, undo: () => Promise<void>, about: ConversationId | null = null): void {
  const entry = { toast: 0, about, undo: () => void undo() }
  const forget = () => {
    const at = taken.indexOf(entry)
    if (at >= 0) taken.splice(at, 1)
  }
  entry.toast = say(words, () => {
    forget()
    entry.undo()
  })
  taken.push(entry)
  taken.splice(0, taken.length - remembered)
}

/** Takes back what was done last; answers whether there was anything. */
export function undoLast(): boolean {
  const last = taken.pop()
  if (!last) return false
  closeToast(last.toast)
  last.undo()
  return true
}

/** A conversation has ended: what was done to it before is not taken back any more. */
export function endOffers(about: ConversationId): void {
  for (const entry of taken.filter((other) => other.about === about)) {
    taken.splice(taken.indexOf(entry), 1)
    closeToast(entry.toast)
  }
}
