import { onCleanup } from 'solid-js'
import { pictureKey, rememberedKey } from '#client/state/gate.ts'
import { painted } from './painted.ts'
import type { Picture } from './take-picture.ts'

/** Characters. Storage holds five million, which drafts need as well. */
const most = 400_000

/**
 * Keeps a picture of the Message Center whenever the page goes out of sight, for as long as the caller's owner lives.
 * The next start paints it before any script is here, as phones do with their apps, and the live screen takes its
 * place. `whose`: null on a computer that is shared, which keeps nothing. `isPlain`: false while something stands on
 * the screen that a start does not bring back, such as a search.
 */
export function keepPicture(whose: string | null, isPlain: () => boolean): void {
  if (whose === null) return
  let take: ((center: Element, whose: string) => Picture) | null = null
  const fetch = async () => {
    const { takePicture } = await import('./take-picture.ts')
    take = takePicture
  }
  // A page that it cannot be fetched for keeps none, and is opened as one that was never left.
  void painted.then(fetch).catch((fault: unknown) => console.warn('No picture of this page is kept.', fault))
  const keep = () => {
    const center = document.querySelector('.center')
    if (document.visibilityState !== 'hidden' || !center) return
    // What is not saved is not there after a start.
    const isSaved = center.querySelector('.mobile-user [type="submit"]:enabled') === null
    write(take && isPlain() && isSaved ? take(center, whose) : null)
  }
  document.addEventListener('visibilitychange', keep)
  onCleanup(() => document.removeEventListener('visibilitychange', keep))
}

/** Nothing, where it is known that nobody is signed in any more, or that there is no room. */
function write(picture: Picture | null): void {
  const text = JSON.stringify(picture)
  try {
    // An older picture would be of another moment.
    localStorage.removeItem(pictureKey)
    const isWanted = picture !== null && localStorage.getItem(rememberedKey) !== null
    if (isWanted && text.length <= most) localStorage.setItem(pictureKey, text)
  } catch {
    // Storage is shut or full: the next start shows the empty frame.
  }
}
