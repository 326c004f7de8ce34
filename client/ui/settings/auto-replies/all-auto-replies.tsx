import { For, Show } from 'solid-js'
import { may } from '#shared/rules/permissions.ts'
import type { AutoReply } from '#shared/rows/auto-reply.ts'
import { useParley } from '#client/state/parley.ts'
import { limits } from '#shared/wire/limits.ts'
import { ruleWords } from './words.ts'

/** Both kinds of auto-replies [F83], with "NEW AUTO-REPLY" at the upper left [F201] and "EDIT" at the right of each [F210]. */
export function AllAutoReplies(props: { isRead: boolean; go(rest: readonly string[]): void }) {
  const parley = useParley()
  const all = () => parley.settings().autoReplies ?? []
  const isFull = () => all().length >= limits.autoReplies
  const ofKind = (kind: AutoReply['trigger']['kind']) => all().filter(({ trigger }) => trigger.kind === kind)
  return (
    <>
      <header class="answers-head">
        <h2 id="answers-title" tabindex={-1}>
          Auto-Replies
        </h2>
        <button type="button" class="button primary" disabled={isFull()} onClick={() => props.go(['new'])}>
          NEW AUTO-REPLY
        </button>
        <Show when={isFull()}>
          <p>{`There are ${limits.autoReplies} auto-replies, which is the most. Remove one to add another.`}</p>
        </Show>
      </header>
      <p class="quiet">
        Texts that Parley sends by itself, marked with a gear. Nobody who opted out gets one, and the customer
        still waits for an agent.
      </p>
      <Show
        when={all().length > 0}
        fallback={
          <Show when={props.isRead}>
            <div class="empty">
              <p class="empty-title">No auto-replies yet.</p>
              <p class="quiet">The usual one says that you are closed, and when you open again.</p>
            </div>
          </Show>
        }
      >
        <Kind
          title="Time-Based"
          hint="Answer to whatever comes within a time of the day and the week."
          rules={ofKind('time')}
          mayEdit
          go={(rest) => props.go(rest)}
        />
        <Kind
          title="Text-Based"
          hint="Answer to words or number patterns, at any time, and before a time-based one would."
          rules={ofKind('text')}
          mayEdit={may(parley.session.role(), 'edit settings')}
          go={(rest) => props.go(rest)}
        />
      </Show>
    </>
  )
}

function Kind(props: {
  title: string
  hint: string
  rules: readonly AutoReply[]
  mayEdit: boolean
  go(rest: readonly string[]): void
}) {
  const parley = useParley()
  return (
    <Show when={props.rules.length > 0}>
      <section class="answers-kind" aria-label={props.title}>
        <h3>{props.title}</h3>
        <p class="quiet">{props.hint}</p>
        <ul class="list-rows" role="list">
          <For each={props.rules}>
            {(rule) => (
              <li class="list-row answer" classList={{ disabled: rule.disabled }}>
                <div class="answer-words">
                  <p class="answer-text" dir="auto">
                    {rule.text}
                  </p>
                  <p class="quiet">
                    <Show when={rule.disabled}>
                      <strong class="answer-off">Disabled</strong>
                      {' · '}
                    </Show>
                    {ruleWords(rule, parley.numbers())}
                  </p>
                </div>
                <Show when={props.mayEdit}>
                  <button
                    type="button"
                    class="button small"
                    aria-label={`EDIT ${rule.text.slice(0, 40)}`}
                    onClick={() => props.go([rule.id])}
                  >
                    EDIT
                  </button>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  )
}
