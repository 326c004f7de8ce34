import type { ChannelId, EntryId } from '#shared/base/ids.ts'
import type { Handover } from '#shared/core/input.ts'
import type { CommitDoor } from './commit.ts'
import type { Connections } from './connections.ts'
import type { Reached } from './crash-points.ts'
import type { Holding } from './lives.ts'
import { carrierPatience, claimFreshness, type Waiting } from './outbox.ts'

/** Calls back once after `ms`. The answer cancels it. */
export type After = (ms: number, call: () => void) => () => void

export interface ChatLaneDeps {
  door: CommitDoor
  connections: Connections
  now(): number
  reached: Reached
  /** Which texts wait still, since the object may have gone back [E24]. */
  held(): Holding
  /** What the Worker kept while this object could not be reached: it comes in before a text leaves [P4]. */
  kept: { holds(): boolean; readonly until: number | null }
  /** Hands a text to its carrier. Must not throw for what the network does; what it throws counts as silence. */
  send(text: Waiting, signal: AbortSignal): Promise<Handover>
  /** A harmless GET to a channel's carrier. */
  probe(channel: ChannelId, signal: AbortSignal): Promise<boolean>
  after: After
  /** Keeps the object awake until the promise settles. */
  waitUntil(promise: Promise<unknown>): void
  /** Has the alarm set anew: the lane's next due time may have changed. */
  arm(): void
}

/**
 * Carries texts to carriers, at most once each [P3]: the claim row is written right before the call, and a claim
 * whose answer nobody has becomes `unconfirmed`, never a second call.
 */
export class ChatLane {
  readonly #deps: ChatLaneDeps
  readonly #flying = new Set<EntryId>()
  readonly #probing = new Set<ChannelId>()

  constructor(deps: ChatLaneDeps) {
    this.#deps = deps
  }

  get busy(): boolean {
    return this.#flying.size > 0 || this.#probing.size > 0
  }

  /** When the lane has something to do next, or null. */
  nextDue(): number | null {
    const due = this.#deps.door.outbox.nextDue(this.#deps.held())
    const { until } = this.#deps.kept
    return due === null || until === null ? due : Math.max(due, until)
  }

  /** What a start finds claimed by an earlier one is lost: unconfirmed from now on. */
  recover(): void {
    for (const message of this.#deps.door.outbox.lost(this.#deps.now())) {
      if (this.#flying.has(message)) continue
      this.#deps.door.commit({
        kind: 'handed',
        message,
        outcome: { kind: 'silent', text: 'Parley stopped while the carrier was being called.' },
      })
    }
    this.#deps.reached('after-recover')
  }

  /** Starts as many flights and probes as may start now. Awaits nothing and never throws for the network. */
  pump(): void {
    const { door, connections, now, waitUntil, held, kept } = this.#deps
    const free = connections.free('chat')
    const texts = free > 0 ? door.outbox.next(now(), free, held()) : []
    if (texts.length > 0 && !kept.holds()) for (const text of texts) waitUntil(this.#fly(text))
    for (const channel of door.outbox.probesDue(now()))
      if (!this.#probing.has(channel)) waitUntil(this.#ask(channel))
    this.#deps.arm()
  }

  async #fly(text: Waiting): Promise<void> {
    const { door, connections, now, reached } = this.#deps
    const { message } = text
    const release = this.#flying.has(message) ? null : connections.take('chat')
    if (!release) return
    const claimedAt = now()
    this.#flying.add(message)
    try {
      door.commit({ kind: 'claim', message })
      if (!door.outbox.isClaimed(message)) return
      reached('after-claim')
      if (now() - claimedAt > claimFreshness) {
        door.outbox.retry(message, now())
        return
      }
      const outcome = await this.#call(text)
      reached('after-post')
      door.commit({ kind: 'handed', message, outcome })
      reached('after-handed')
    } finally {
      this.#flying.delete(message)
      release()
      this.pump()
    }
  }

  async #call(text: Waiting): Promise<Handover> {
    try {
      return await withPatience(this.#deps.after, (signal) => this.#deps.send(text, signal))
    } catch (fault) {
      return { kind: 'silent', text: String(fault) }
    }
  }

  async #ask(channel: ChannelId): Promise<void> {
    const { door, connections, now, probe, after } = this.#deps
    const release = connections.take('rest')
    if (!release) return
    this.#probing.add(channel)
    try {
      const alive = await withPatience(after, (signal) => probe(channel, signal)).catch(() => false)
      door.outbox.probed(channel, alive, now())
      if (alive) door.setReachable(channel, true)
    } finally {
      this.#probing.delete(channel)
      release()
      this.pump()
    }
  }
}

/**
 * A call that is given up after `carrierPatience`. The timer goes with the answer: one that stayed would keep
 * the object from sleeping for its whole length, which is what `AbortSignal.timeout` does.
 */
export async function withPatience<Result>(
  after: After,
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const giveUp = new AbortController()
  const cancel = after(carrierPatience, () => giveUp.abort(new Error('The carrier did not answer in time.')))
  try {
    return await call(giveUp.signal)
  } finally {
    cancel()
  }
}
