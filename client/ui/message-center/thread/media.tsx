import { createResource, createSignal, For, Match, Show, Switch } from 'solid-js'
import type { Media } from '#shared/model/entry.ts'
import { mediaTitle } from '#shared/rules/media.ts'
import { useParley } from '#client/state/parley.ts'
import { pictureShower } from '#client/state/pictures.ts'
import { Icon } from '../../controls/icon.tsx'

/** What goes with a text: pictures as thumbnails, sound and film as links, and what is missing with its reason [F131, F132]. */
export function MediaOfText(props: { media: readonly Media[] }) {
  return (
    <div class="media">
      <For each={props.media}>
        {(media) => (
          <Switch fallback={<Missing media={media} />}>
            <Match when={isKept(media) && mediaTitle(media.contentType) === 'MMS Image'}>
              <Thumbnail media={media} />
            </Match>
            <Match when={isKept(media)}>
              <a
                class="chip"
                href={addressOf(media)}
                target="_blank"
                rel="noreferrer noopener"
                aria-label={`${mediaTitle(media.contentType)}, opens in a new tab`}
              >
                <Icon name={mediaTitle(media.contentType) === 'MMS Audio' ? 'sound' : 'film'} />
                {mediaTitle(media.contentType)}
              </a>
            </Match>
          </Switch>
        )}
      </For>
    </div>
  )
}

/** A picture that this device or the edge has. A press opens it whole in a new tab [F131]. */
function Thumbnail(props: { media: Media }) {
  const parley = useParley()
  const show = parley.open(pictureShower)
  const [attempt, setAttempt] = createSignal(0)
  const [address] = createResource(attempt, async () =>
    props.media.id ? show(props.media.id, props.media.contentType) : null,
  )
  // Without a connection the address of this device is the only one that opens.
  const whole = () =>
    parley.connection().kind === 'live' ? addressOf(props.media) : (address() ?? addressOf(props.media))
  return (
    <Show
      when={address() !== null}
      fallback={
        <button type="button" class="chip" onClick={() => setAttempt((count) => count + 1)}>
          <Icon name="picture" />
          Picture not on this device. Try again
        </button>
      }
    >
      <a class="thumbnail" href={whole()} target="_blank" rel="noreferrer noopener">
        <Show when={address()} fallback={<span class="visually-hidden">Picture is loading</span>}>
          {(address) => <img src={address()} alt="MMS Image, opens in a new tab" />}
        </Show>
      </a>
    </Show>
  )
}

function Missing(props: { media: Media }) {
  const title = () => mediaTitle(props.media.contentType)
  const words = () => {
    const { copy } = props.media
    switch (copy?.state) {
      case 'coming':
        return `${title()} is being fetched from the carrier`
      case 'lost':
        return `${title()} could not be fetched. ${copy.why}`
      case 'not allowed':
        return `${title()} was not taken: this account does not take media`
      default:
        return `${title()} is with the carrier only`
    }
  }
  return (
    <span class="chip missing">
      <Icon name={props.media.copy?.state === 'coming' ? 'clock' : 'slash'} />
      {words()}
    </span>
  )
}

function isKept({ id, copy }: Media): boolean {
  return id !== undefined && copy?.state === 'kept'
}

function addressOf({ id }: Media): string {
  return `/api/media/${id}`
}
