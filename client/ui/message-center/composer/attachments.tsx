import { createEffect, createSignal, For, onCleanup, Show } from 'solid-js'
import { numberTypeOf, pictureLimits, picturesAtMost, sizeWords } from '#shared/rules/media.ts'
import { useParley, type OpenConversation } from '#client/state/parley.ts'
import { attachmentsOf, type Attachments } from '#client/state/pictures.ts'
import { Icon } from '../../controls/icon.tsx'

/** A picture that had to fit into less than this would not be worth sending. */
const leastRoom = 40_000

/**
 * Pictures of the reply: the camera that chooses them, what is pasted or dropped, and a preview of each with its
 * remove button [F119, F121]. What cannot be sent is said with its reason, here [F120, F122, F124].
 */
export function createAttaching(open: () => OpenConversation) {
  const parley = useParley()
  const attachments: Attachments = parley.open(attachmentsOf(() => open().conversation.id))
  const [trouble, setTrouble] = createSignal<string[]>([])
  const [busy, setBusy] = createSignal(0)
  const limit = () => pictureLimits[numberTypeOf(open().number?.address ?? '')].bytes

  const addOne = async (file: File): Promise<string | null> => {
    const name = file.name === '' ? 'The picture' : file.name
    if (attachments.all().length >= picturesAtMost)
      return `${name}: at most ${picturesAtMost} pictures go with one message.`
    const room = limit() - attachments.all().reduce((sum, { bytes }) => sum + bytes, 0)
    if (room < leastRoom)
      return `${name}: there is no room left. This number sends ${sizeWords(limit())} in one message.`
    const { preparePicture } = await import('./prepare-picture.ts')
    const prepared = await preparePicture(file, room)
    if (!prepared.ok) return `${name}: ${prepared.text}`
    const outcome = await attachments.add(prepared.blob)
    return outcome.ok ? null : `${name}: ${outcome.text}`
  }
  // One after the other: each takes of the room that the ones before it left.
  let turn = Promise.resolve()
  const add = (files: readonly File[]): Promise<void> => {
    setTrouble([])
    turn = turn.then(async () => {
      setBusy((count) => count + files.length)
      for (const file of files) {
        const reason = await addOne(file)
        if (reason !== null) setTrouble((before) => [...before, reason])
        setBusy((count) => count - 1)
      }
    })
    return turn
  }
  return { ...attachments, add, trouble, busy, clear: () => setTrouble([]), limit }
}

export type Attaching = ReturnType<typeof createAttaching>

/** The camera beside the plus [F121]. */
export function CameraButton(props: { attaching: Attaching }) {
  let input!: HTMLInputElement
  return (
    <>
      <button
        type="button"
        class="icon-button"
        aria-label="Attach a picture"
        title={`Attach a picture: JPEG, PNG or GIF, ${sizeWords(props.attaching.limit())} in all. Audio is not supported yet.`}
        onClick={() => input.click()}
      >
        <Icon name="camera" />
      </button>
      <input
        ref={(element) => (input = element)}
        type="file"
        class="visually-hidden"
        accept="image/jpeg,image/png,image/gif"
        multiple
        tabindex={-1}
        aria-hidden="true"
        onChange={({ currentTarget }) => {
          void props.attaching.add([...(currentTarget.files ?? [])])
          currentTarget.value = ''
        }}
      />
    </>
  )
}

/** What is attached, and what could not be. */
export function AttachedPictures(props: { attaching: Attaching; box(): HTMLElement | undefined }) {
  const { attaching } = props
  createEffect(() => {
    const box = props.box()
    if (!box) return
    const stop = new AbortController()
    const { signal } = stop
    const take = (event: Event, data: DataTransfer | null) => {
      const files = [...(data?.files ?? [])]
      if (files.length === 0) return
      event.preventDefault()
      void attaching.add(files)
    }
    box.addEventListener('paste', (event) => take(event, event.clipboardData), { signal })
    box.addEventListener('dragover', (event) => event.preventDefault(), { signal })
    box.addEventListener('drop', (event) => take(event, event.dataTransfer), { signal })
    onCleanup(() => stop.abort())
  })
  return (
    <>
      <Show when={attaching.all().length > 0 || attaching.busy() > 0}>
        <ul class="attached" aria-label="Attached pictures">
          <For each={attaching.all()}>
            {(picture, index) => (
              <li>
                <img src={picture.address} alt={`Picture ${index() + 1}, ${sizeWords(picture.bytes)}`} />
                <button
                  type="button"
                  class="remove-picture"
                  aria-label={`Remove picture ${index() + 1}`}
                  onClick={() => attaching.remove(picture.id)}
                >
                  <Icon name="close" />
                </button>
              </li>
            )}
          </For>
          <Show when={attaching.busy() > 0}>
            <li class="preparing">Making ready</li>
          </Show>
        </ul>
      </Show>
      <div role="alert">
        <For each={attaching.trouble()}>
          {(reason) => <p class="error composer-error">{`Not attached. ${reason}`}</p>}
        </For>
        <Show when={attaching.trouble().some((reason) => reason.includes('Video'))}>
          <p class="composer-error quiet">
            For when videos can be sent: convert yours to .3GP first, which is small and known to most phones,
            with the size “CIF (352x288)”, and then choose the file in a single message or in Distribution
            Lists.
          </p>
        </Show>
      </div>
    </>
  )
}
