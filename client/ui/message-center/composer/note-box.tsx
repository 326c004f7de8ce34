import { createSignal, Show } from 'solid-js'
import { useParley, type OpenConversation } from '#client/state/parley.ts'
import { createMentionPicker, MentionPicker } from '../together/mention-picker.tsx'
import { BesideBox } from './beside-box.tsx'
import { TextBox } from './text-box.tsx'

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
  let isSaving = false

  const save = async () => {
    const text = draft.text()
    if (text.trim() === '' || isSaving) return
    isSaving = true
    try {
      const outcome = await parley.note(id(), text)
      setError(outcome.ok ? null : outcome.text)
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
        input={(text, caret) => {
          draft.set(text, caret)
          picker.typedAt(caret ?? null)
        }}
        send={() => void save()}
        leave={() => props.leave()}
        ref={(element) => {
          box = element
          props.ref(element)
        }}
      />
      <MentionPicker picker={picker} />
      <div role="alert">
        <Show when={error()}>
          {(error) => <p class="error composer-error">{`${error()} Your text is kept.`}</p>}
        </Show>
      </div>
      <div class="composer-line">
        <span class="spring" />
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
