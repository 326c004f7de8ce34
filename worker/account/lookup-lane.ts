import { minute, second } from '#shared/base/time.ts'
import type { Lookup as Outcome } from '#shared/core/input.ts'
import { matchListed, skew } from '#shared/rules/lookup.ts'
import type { ListQuery, Listing } from '../carriers/carrier.ts'
import { withPatience, type After } from './chat-lane.ts'
import type { CommitDoor } from './commit.ts'
import type { Connections } from './connections.ts'
import type { Reached } from './crash-points.ts'
import type { Lookup } from './lookups.ts'

/** How often a carrier is asked about one text before a person decides. */
const triesAtMost = 5
/** Where no connection is free, the lane looks again after this. */
const again = 5 * second

export interface LookupLaneDeps {
  door: CommitDoor
  connections: Connections
  now(): number
  reached: Reached
  /** A harmless GET of what a channel's carrier has; null where the carrier keeps no list. */
  list(channel: Lookup['channel'], query: ListQuery, signal: AbortSignal): Promise<Listing | null>
  after: After
  waitUntil(promise: Promise<unknown>): void
  arm(): void
}

/**
 * Asks carriers about texts that have been unconfirmed for ten minutes [E22], one at a time and at most five
 * times each. It only reads: a text that is not in the list is left to a person, never sent again [P3].
 */
export class LookupLane {
  readonly #deps: LookupLaneDeps
  #asking = false

  constructor(deps: LookupLaneDeps) {
    this.#deps = deps
  }

  get busy(): boolean {
    return this.#asking
  }

  nextDue(): number | null {
    const { door, connections, now } = this.#deps
    const due = this.#asking ? null : door.lookups.nextDue()
    return due === null || connections.free('rest') > 0 ? due : Math.max(due, now() + again)
  }

  /** Asks for one text if one is due. Awaits nothing. */
  pump(): void {
    const { door, connections, now, waitUntil } = this.#deps
    const text = this.#asking ? null : door.lookups.next(now())
    const release = text && connections.take('rest')
    if (!text || !release) return
    this.#asking = true
    waitUntil(this.#ask(text, release))
  }

  async #ask(text: Lookup, release: () => void): Promise<void> {
    const { door, now, reached, list, after, arm } = this.#deps
    try {
      door.lookups.lease(text.message, now() + minute)
      reached('before-ask')
      const query = { from: text.from, to: text.to, since: text.since - skew, until: text.until + skew }
      const listing = await withPatience(after, (signal) => list(text.channel, query, signal)).catch(silence)
      reached('after-list')
      this.#conclude(text, listing)
      reached('after-lookup')
    } finally {
      this.#asking = false
      release()
      this.pump()
      arm()
    }
  }

  /** No promise from here to the commit: what is known of other texts is still so when this one is settled. */
  #conclude(text: Lookup, listing: Listing | null): void {
    const { door, now } = this.#deps
    const { message, channel } = text
    const tries = text.tries + 1
    if (listing === null) return this.#commit(text, { kind: 'open', why: 'the carrier keeps no list' })
    switch (listing.kind) {
      case 'listed': {
        const taken = door.lookups.taken(
          channel,
          listing.texts.map(({ carrierId }) => carrierId),
        )
        const match = matchListed(text, door.lookups.between(text), listing.texts, taken)
        if (match.kind === 'found') return this.#commit(text, match)
        const why =
          match.kind === 'missing'
            ? 'the carrier does not list it'
            : 'the carrier lists what may be other texts'
        return this.#commit(text, { kind: 'open', why })
      }
      case 'too many':
        return this.#commit(text, { kind: 'open', why: 'the carrier lists too many texts' })
      case 'busy':
      case 'silent': {
        if (tries >= triesAtMost)
          return this.#commit(text, { kind: 'open', why: 'the carrier does not answer' })
        const wait = 2 ** (tries - 1) * minute
        door.lookups.postpone(
          message,
          now() + Math.max(wait, listing.kind === 'busy' ? listing.retryAfter : 0),
        )
      }
    }
  }

  #commit({ message }: Lookup, outcome: Outcome): void {
    this.#deps.door.commit({ kind: 'looked up', message, outcome })
  }
}

function silence(fault: unknown): Listing {
  return { kind: 'silent', text: String(fault) }
}
