import { createEffect, createMemo, createSignal, onCleanup, Show } from 'solid-js'
import type { MediaId } from '#shared/base/ids.ts'
import { Avatar } from '../../controls/avatar.tsx'

/** "Upload Your Avatar": picks an image, shows what will be seen of it, and says at the field what it cannot take [F35]. */
export function AvatarField(props: {
  name: string
  saved: MediaId | null
  /** What will be saved: a picture, null for none, undefined for what stands there. */
  picked: Blob | null | undefined
  pick(picture: Blob | null | undefined): void
  error: string | null
  setError(text: string | null): void
}) {
  const [busy, setBusy] = createSignal(false)
  let input!: HTMLInputElement
  const preview = createMemo(() => (props.picked ? URL.createObjectURL(props.picked) : null))
  createEffect(() => {
    const address = preview()
    onCleanup(() => address && URL.revokeObjectURL(address))
  })
  const take = async (file: File | undefined) => {
    if (!file) return
    setBusy(true)
    props.setError(null)
    const { cropAvatar } = await import('./crop-avatar.ts')
    const cropped = await cropAvatar(file)
    setBusy(false)
    if (cropped.ok) props.pick(cropped.blob)
    else props.setError(`${file.name}: ${cropped.text}`)
  }
  const hasPicture = () => (props.picked === undefined ? props.saved !== null : props.picked !== null)
  return (
    <div class="field" role="group" aria-labelledby="profile-avatar">
      <span class="label" id="profile-avatar">
        Upload Your Avatar
      </span>
      <div class="avatar-field">
        <Show
          when={preview()}
          fallback={
            <Avatar
              name={props.name}
              picture={props.picked === undefined ? props.saved : null}
              class="large"
            />
          }
        >
          {(address) => (
            <span class="avatar large">
              <img src={address()} alt="What colleagues will see" />
            </span>
          )}
        </Show>
        <button
          type="button"
          class="button"
          aria-describedby={props.error === null ? 'profile-avatar-hint' : 'profile-avatar-error'}
          disabled={busy()}
          onClick={() => input.click()}
        >
          Pick File
        </button>
        <Show when={hasPicture()}>
          <button type="button" class="link-button quiet" onClick={() => props.pick(null)}>
            Remove
          </button>
        </Show>
        <input
          ref={(element) => (input = element)}
          type="file"
          class="visually-hidden"
          accept="image/*"
          tabindex={-1}
          aria-hidden="true"
          onChange={({ currentTarget }) => {
            void take(currentTarget.files?.[0])
            currentTarget.value = ''
          }}
        />
      </div>
      <p class="quiet" id="profile-avatar-hint">
        The middle of the picture is cut out square. Colleagues see it wherever your name stands.
      </p>
      <Show when={props.error}>
        {(error) => (
          <p class="error" role="alert" id="profile-avatar-error">
            {error()}
          </p>
        )}
      </Show>
    </div>
  )
}
