import { createMemo, Match, Switch } from 'solid-js'
import { autoReplyId } from '#shared/base/ids.ts'
import { useParley } from '#client/state/parley.ts'
import '#client/styles/lists.css'
import '#client/styles/auto-replies.css'
import type { SectionProps } from '../sections.ts'
import { AllAutoReplies } from './all-auto-replies.tsx'
import { EditAutoReply } from './edit-auto-reply.tsx'

/**
 * Settings > Auto-Replies [F200]. `rest` is what stands in the address behind this page: nothing, `new`, or the
 * auto-reply that is edited.
 */
export function AutoReplies(props: SectionProps) {
  const parley = useParley()
  const named = createMemo(() => autoReplyId.safeParse(props.rest[0]).data ?? null)
  const rule = createMemo(() => parley.settings().autoReplies?.find(({ id }) => id === named()) ?? null)
  // Before the account's settings are here, nobody knows what there is.
  const isRead = () => parley.settings().name !== ''
  const leave = () => props.go([])
  return (
    <section class="lists" aria-labelledby="answers-title">
      <Switch fallback={<AllAutoReplies isRead={isRead()} go={(rest) => props.go(rest)} />}>
        <Match when={props.rest[0] === 'new'}>
          <EditAutoReply rule={null} leave={leave} />
        </Match>
        <Match when={rule()?.id} keyed>
          <EditAutoReply rule={rule()} leave={leave} />
        </Match>
        <Match when={named() && isRead()}>
          <div class="empty">
            <p class="empty-title" id="answers-title">
              This auto-reply does not exist any more.
            </p>
            <button type="button" class="button" onClick={leave}>
              All auto-replies
            </button>
          </div>
        </Match>
      </Switch>
    </section>
  )
}
