import { createEffect, createMemo, Match, on, Switch } from 'solid-js'
import { autoReplyId } from '#shared/base/ids.ts'
import { may } from '#shared/rules/permissions.ts'
import type { AutoReply } from '#shared/rows/auto-reply.ts'
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
  // The form stays where a colleague removes what it is about: what is typed in it is nobody else's.
  const edited = createMemo<AutoReply | null>(
    (before) => rule() ?? (before?.id === named() ? before : null),
    null,
  )
  // Before the account's settings are here, nobody knows what there is.
  const isRead = () => parley.settings().name !== ''
  const mayEdit = () => edited()?.trigger.kind !== 'text' || may(parley.session.role(), 'edit settings')
  const leave = () => props.go([])
  let section: HTMLElement | undefined
  // What was pressed is gone: the focus is where the next page begins.
  createEffect(
    on(
      () => props.rest.join('/'),
      () => section?.querySelector<HTMLElement>('#answers-title')?.focus({ preventScroll: true }),
      { defer: true },
    ),
  )
  return (
    <section class="lists" aria-labelledby="answers-title" ref={(element) => (section = element)}>
      <Switch fallback={<AllAutoReplies isRead={isRead()} go={(rest) => props.go(rest)} />}>
        <Match when={props.rest[0] === 'new' && isRead()}>
          <EditAutoReply id={null} rule={null} leave={leave} />
        </Match>
        <Match when={edited() && !mayEdit()}>
          <Instead words="Text-based auto-replies are for admins." leave={leave} />
        </Match>
        <Match when={edited()?.id} keyed>
          {(id) => <EditAutoReply id={id} rule={rule()} leave={leave} />}
        </Match>
        <Match when={named() && isRead()}>
          <Instead words="This auto-reply does not exist any more." leave={leave} />
        </Match>
      </Switch>
    </section>
  )
}

/** Stands where somebody came for a form that they cannot have. */
function Instead(props: { words: string; leave(): void }) {
  return (
    <div class="empty">
      <p class="empty-title" id="answers-title" tabindex={-1}>
        {props.words}
      </p>
      <button type="button" class="button" onClick={() => props.leave()}>
        All auto-replies
      </button>
    </div>
  )
}
