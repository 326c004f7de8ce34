import { For } from 'solid-js'
import type { Media } from '#shared/model/entry.ts'
import { Icon } from '../../controls/icon.tsx'

/** What came with a text, as links: the page shows no picture from elsewhere. */
export function MediaChips(props: { media: readonly Media[] }) {
  return (
    <div class="chips">
      <For each={props.media.filter((media) => isWeb(media.url))}>
        {(media) => (
          <a class="chip" href={media.url} target="_blank" rel="noreferrer noopener">
            <Icon name="picture" />
            {nameOf(media)}
            <span class="visually-hidden">, opens in a new tab</span>
          </a>
        )}
      </For>
    </div>
  )
}

function isWeb(url: string): boolean {
  return /^https?:\/\//iu.test(url) || url.startsWith('/')
}

function nameOf(media: Media): string {
  if (media.contentType.startsWith('image/')) return 'Picture'
  if (media.contentType.startsWith('video/')) return 'Video'
  return media.contentType.startsWith('audio/') ? 'Sound' : 'File'
}
