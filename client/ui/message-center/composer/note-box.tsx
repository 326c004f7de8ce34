import { createSignal, Show } from 'solid-js'
import { limits } from '#shared/wire/limits.ts'
import { useParley, type OpenConversation } from '#client/state/parley.ts'
import { later } from '../../controls/later.tsx'
import { createMentionPicker } from '../together/mention-picker.ts'
import { BesideBox } from './beside-box.tsx'
import { createComposing } from './composing.ts'
import { TextBox } from './text-box.tsx'

const MentionList = later(async () => (await import('../together/mention-list.tsx')).MentionList)
const KeepTool = later(async () => (await import('./tools.tsx')).KeepTool)
const QuickReplies = later(async () => (await import('./tools.tsx')).QuickReplies)

/** A note to colleagues. The customer never sees it. */
export function NoteBox(props: {
  open: OpenConversation
  leave(): void
  ref(box: HTMLTextAreaElement): void
}) {
  const parley = useParley()
  const id = () => props.open.conversation.id
  const draft = parley.composer(id, 'note')
  let box: HTMLTextAreaElement | undefined
  const picker = createMentionPicker(draft, () => box)
  const offers = () => {
    const chosen = picker.chosen()
    return {
      id: picker.id,
      chosen: chosen && `${picker.id}-${chosen.id}`,
      key: picker.key,
      left: () => picker.typedAt(null),
    }
  }
  const [error, setError] = createSignal<string | null>(null)
  const input = (text: string, caret?: number) => {
    draft.set(text, caret)
    picker.typedAt(caret ?? null)
    setError(null)
  }
  const composing = createComposing({ open: () => props.open, kind: 'note', draft, input })
  let isSaving = false

  const save = async () => {
    const text = draft.text()
    if (text.trim() === '' || isSaving) return
    isSaving = true
    try {
      const outcome = await parley.note(id(), text)
      setError(outcome.ok ? null : outcome.text)
      // ADD NOTE has nothing to add any more and cannot hold the focus that pressed it.
      if (outcome.ok) box?.focus()
    } finally {
      isSaving = false
    }
  }

  return (
    <>
      <BesideBox draft={draft} />
      <TextBox
        label="Note"
        placeholder="Only your team sees this, @ names a colleague"
        keys="n"
        draft={draft}
        offers={offers()}
        input={input}
        send={() => void save()}
        composing={composing}
        most={limits.note}
        tooMuch={setError}
        leave={() => props.leave()}
        ref={(element) => {
          box = element
          props.ref(element)
        }}
      />
      <Show when={picker.options().length > 0}>
        <MentionList picker={picker} />
      </Show>
      <div role="alert">
        <Show when={error()}>
          {(error) => <p class="error composer-error">{`${error()} Your text is kept.`}</p>}
        </Show>
      </div>
      <div class="composer-line">
        <KeepTool composing={composing} textOnly={false} />
        <span class="spring" />
        <QuickReplies composing={composing} />
        <button
          type="button"
          class="button note-button send"
          disabled={draft.text().trim() === ''}
          onClick={() => void save()}
        >
          ADD NOTE
        </button>
      </div>
    </>
  )
}
