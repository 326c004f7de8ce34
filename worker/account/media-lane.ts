import type { MediaId } from '#shared/base/ids.ts'
import { hour, minute, second } from '#shared/base/time.ts'
import type { Copied } from '#shared/core/input.ts'
import type { After } from './chat-lane.ts'
import { withPatience } from './chat-lane.ts'
import type { CommitDoor } from './commit.ts'
import type { Connections } from './connections.ts'
import type { Reached } from './crash-points.ts'
import type { MediaCopy } from './media-copies.ts'
import type { Fetched } from '../media/fetch.ts'

/** Waits before each further attempt: about a day in all, after which carriers have no more than they had. */
const waits = [10 * second, minute, 5 * minute, 30 * minute, 2 * hour, 6 * hour, 14 * hour]
/** Of what a carrier says that it does not have, so many attempts are enough. */
const triesForMissing = 4
/** An attempt that died with its object is made again after this. */
const lease = minute
/** Where no connection is free, the lane looks again after this. */
const again = 2 * second

export interface MediaLaneDeps {
  door: CommitDoor
  connections: Connections
  now(): number
  reached: Reached
  /** Fetches one piece of media and keeps it in own storage. Must not throw for what the network does. */
  copy(media: MediaCopy, signal: AbortSignal): Promise<Fetched>
  after: After
  waitUntil(promise: Promise<unknown>): void
  arm(): void
}

/**
 * Fetches customers' media from carriers into own storage, since carriers delete them [Q3]: one flight at a time of
 * the two connections that are neither for texts nor for history. Fetching twice does no harm: the copy has the name
 * that the text gave it.
 */
export class MediaLane {
  readonly #deps: MediaLaneDeps
  #flying: MediaId | null = null

  constructor(deps: MediaLaneDeps) {
    this.#deps = deps
  }

  get busy(): boolean {
    return this.#flying !== null
  }

  nextDue(): number | null {
    const { door, connections, now } = this.#deps
    const due = this.#flying ? null : door.copies.nextDue()
    return due === null || connections.free('rest') > 0 ? due : Math.max(due, now() + again)
  }

  /** Starts a flight if something is due. Awaits nothing. */
  pump(): void {
    const { door, connections, now, waitUntil } = this.#deps
    const [media] = this.#flying ? [] : door.copies.next(now(), 1)
    const release = media && connections.take('rest')
    if (!media || !release) return
    this.#flying = media.id
    waitUntil(this.#fetch(media, release))
  }

  async #fetch(media: MediaCopy, release: () => void): Promise<void> {
    const { door, now, reached, copy, after, arm } = this.#deps
    try {
      door.copies.postpone(media.id, now() + lease, media.tries)
      reached('before-copy')
      const fetched = await withPatience(after, (signal) => copy(media, signal)).catch(
        (fault: unknown): Fetched => ({ kind: 'silent', why: String(fault) }),
      )
      reached('after-copy')
      this.#conclude(media, fetched)
    } finally {
      this.#flying = null
      release()
      this.pump()
      arm()
    }
  }

  #conclude(media: MediaCopy, fetched: Fetched): void {
    const { door, now } = this.#deps
    const { id, entry, user } = media
    const tries = media.tries + 1
    const settle = (outcome: Copied) => door.commit({ kind: 'copied', media: id, entry, user, outcome })
    if (fetched.kind === 'kept' || fetched.kind === 'lost') return void settle(fetched)
    const wait = fetched.kind === 'missing' && tries >= triesForMissing ? undefined : waits[tries - 1]
    if (wait !== undefined) return door.copies.postpone(id, now() + wait, tries)
    settle({
      kind: 'lost',
      why:
        fetched.kind === 'missing'
          ? 'The carrier does not have it any more.'
          : 'The carrier could not be reached.',
    })
  }
}
