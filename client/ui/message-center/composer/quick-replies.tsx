import { createMemo, createSignal, createUniqueId, onMount, Show, untrack } from 'solid-js'
import { mayChangeQuickReply } from '#shared/core/commands/quick-replies.ts'
import { personalize } from '#shared/rules/personalize.ts'
import { findQuickReplies } from '#shared/rules/quick-replies.ts'
import type { QuickReply } from '#shared/rows/quick-reply.ts'
import { useParley } from '#client/state/parley.ts'
import { Icon } from '../../controls/icon.tsx'
import { Keyed } from '../../controls/keyed.tsx'
import { say, sayError } from '../../controls/toasts.ts'
import type { Composing } from './composing.ts'
import { Marked } from '../../controls/marked.tsx'

/** The "Quick Replies" menu [F141]: a press puts one into the box, and nothing is sent [F142]. */
export function QuickReplies(props: { composing: Composing; done(): void }) {
  const parley = useParley()
  const id = createUniqueId()
  const all = parley.createQuickReplies()
  const [typed, setTyped] = createSignal('')
  const [editing, setEditing] = createSignal<string | null>(null)
  let input: HTMLInputElement | undefined
  onMount(() => input?.focus())
  const found = createMemo(() => {
    const shown = all().map((row) => ({
      ...row,
      text: personalize(row.text, props.composing.person(), 'single'),
      row,
    }))
    return findQuickReplies(shown, typed()).flatMap(({ reply, marks }) => {
      const one = shown.find(({ id }) => id === reply.id)
      return one ? [{ row: one.row, text: one.text, marks }] : []
    })
  })
  const mayChange = (row: QuickReply) =>
    mayChangeQuickReply(row, parley.session.agent, parley.session.role() === 'admin')
  const take = (row: QuickReply | undefined) => {
    if (!row) return
    props.done()
    // The menu gives the focus back first, and the box wants it.
    setTimeout(() => props.composing.putQuickReply(row.text))
  }
  const remove = async (row: QuickReply) => {
    const outcome = await parley.removeQuickReply(row)
    if (!outcome.ok) return sayError(outcome.text)
    const { undo } = outcome
    return say('Quick reply removed.', undo ? () => void undo() : null)
  }

  return (
    <div class="quick-replies">
      <h2 class="popover-title">Quick Replies</h2>
      <input
        ref={(element) => (input = element)}
        class="input"
        type="search"
        aria-label="Find a quick reply"
        placeholder="Find, or type / in the box"
        autocomplete="off"
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.isComposing) return
          event.preventDefault()
          take(found()[0]?.row)
        }}
      />
      <ul class="quick-list" aria-label="Quick Replies">
        <Keyed each={found()} by={({ row }) => row.id}>
          {(found) => (
            <li class="quick">
              <Show
                when={editing() === found().row.id}
                fallback={
                  <>
                    <button type="button" class="quick-text" dir="auto" onClick={() => take(found().row)}>
                      <Marked text={found().text} marks={found().marks} />
                      <Show when={found().row.owner !== null}>
                        <span class="quiet"> Just me</span>
                      </Show>
                    </button>
                    <Show when={mayChange(found().row)}>
                      <button
                        type="button"
                        class="icon-button"
                        aria-label={`Edit "${found().row.text}"`}
                        title="Edit"
                        onClick={() => setEditing(found().row.id)}
                      >
                        <Icon name="pencil" />
                      </button>
                      <button
                        type="button"
                        class="icon-button"
                        aria-label={`Remove "${found().row.text}"`}
                        title="Remove"
                        onClick={() => void remove(found().row)}
                      >
                        <Icon name="close" />
                      </button>
                    </Show>
                  </>
                }
              >
                <Edit row={found().row} done={() => setEditing(null)} />
              </Show>
            </li>
          )}
        </Keyed>
      </ul>
      <Show when={found().length === 0}>
        <p class="quiet" id={`${id}-none`} role="status">
          {all().length === 0
            ? 'There is none yet. Type a text in the box and press + to keep it.'
            : 'No quick reply has these letters.'}
        </p>
      </Show>
    </div>
  )
}

function Edit(props: { row: QuickReply; done(): void }) {
  const parley = useParley()
  const id = createUniqueId()
  const [error, setError] = createSignal<string | null>(null)
  // What stood there when the form opened is what a save expects; once its author knows of another, what stands there.
  let seen: QuickReply | null = untrack(() => props.row)
  const first = seen.text
  let box: HTMLTextAreaElement | undefined
  onMount(() => box?.focus())
  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    const outcome = await parley.editQuickReply(seen ?? props.row, box?.value ?? '')
    if (outcome.ok || outcome.code === 'already so') return props.done()
    if (outcome.code === 'changed') seen = null
    return setError(
      outcome.code === 'changed' ? `${outcome.text} Save again puts yours in its place.` : outcome.text,
    )
  }
  return (
    <form class="quick-form" onSubmit={(event) => void save(event)}>
      <textarea
        ref={(element) => (box = element)}
        class="input"
        rows={3}
        aria-label="Text of the quick reply"
        aria-invalid={error() ? 'true' : undefined}
        aria-describedby={`${id}-error`}
        value={first}
        onInput={() => setError(null)}
      />
      <p class="error" role="alert" id={`${id}-error`}>
        {error()}
      </p>
      <div class="quick-buttons">
        <button type="submit" class="button small primary">
          Save
        </button>
        <button type="button" class="button small" onClick={() => props.done()}>
          Cancel
        </button>
      </div>
    </form>
  )
}
