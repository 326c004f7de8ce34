import { createEffect, createSignal, createUniqueId, Show } from 'solid-js'
import { createUnsent } from '#client/state/unsent.ts'
import { useParley, type Unsent } from '#client/state/parley.ts'
import { leaveDevice, staySignedIn } from './sign-out.ts'
import { Dialog } from '../controls/dialog.tsx'

/**
 * Asks before a sign-out that would take unsent work with it [P5]: it can go first, wait on this device for the next
 * sign-in, or be discarded. The copy of the company's conversations is deleted in any case.
 */
export function BeforeSignOut(props: { unsent: Unsent }) {
  const parley = useParley()
  const id = createUniqueId()
  const [sending, setSending] = createSignal(false)
  const counted = parley.open(createUnsent)
  const left = () => counted() ?? props.unsent
  const isAllSent = () => left().changes + left().drafts === 0
  const canSend = () => ['live', 'syncing'].includes(parley.connection().kind)
  const waiting = () => parley.waiting().filter(({ state }) => state !== 'refused')
  const leave = (keep: 'nothing' | 'own work') => void leaveDevice(parley, keep)
  createEffect(() => {
    if (sending() && isAllSent()) leave('nothing')
  })
  return (
    <Dialog class="modal question" role="alertdialog" labelledBy={id} leave={staySignedIn}>
      <h2 class="question-text" id={id}>
        {isAllSent() ? 'Everything was sent.' : `${wordsOf(left())} on this device only.`}
      </h2>
      <Show when={waiting().length > 0}>
        <ul class="waiting-list" role="list">
          {waiting()
            .slice(0, 5)
            .map((change) => (
              <li class="waiting-item">
                <div class="waiting-words">
                  <span class="waiting-title">{change.title}</span>
                  <span class="waiting-detail">{change.detail}</span>
                </div>
              </li>
            ))}
        </ul>
      </Show>
      <p class="quiet">
        {parley.shared
          ? 'Nothing is kept on a shared computer: what is not sent is lost when you sign out.'
          : "Kept work waits here until you log in again. The copy of your company's conversations is deleted in any case."}
      </p>
      <div class="question-actions">
        <button type="button" class="button" onClick={staySignedIn}>
          Stay signed in
        </button>
        <button type="button" class="button danger" onClick={() => leave('nothing')}>
          Discard
        </button>
        <Show when={!parley.shared}>
          <button
            type="button"
            class="button"
            classList={{ primary: !canSend() }}
            onClick={() => leave('own work')}
          >
            Keep for later
          </button>
        </Show>
        <Show when={canSend()}>
          <button
            type="button"
            class="button primary"
            aria-disabled={sending() ? 'true' : undefined}
            onClick={() => setSending(true)}
          >
            {sending() ? 'Sending…' : 'Send first'}
          </button>
        </Show>
      </div>
    </Dialog>
  )
}

function wordsOf({ changes, drafts }: Unsent): string {
  const said = [
    changes > 0 ? (changes === 1 ? '1 change' : `${changes} changes`) : '',
    drafts > 0 ? (drafts === 1 ? '1 text that you began' : `${drafts} texts that you began`) : '',
  ].filter((words) => words !== '')
  return `${said.join(' and ')} ${changes + drafts === 1 ? 'is' : 'are'}`
}
