import { conversationId, entryId } from '#shared/base/ids.ts'
import { day, minute, second } from '#shared/base/time.ts'
import { tidy } from './housekeeping.ts'
import { unsurePatience } from './lives.ts'
import { readNumber, writeMeta } from './memory.ts'
import type { Parts } from './parts.ts'
import type { Platform } from './platform.ts'

/** Timers that one alarm serves, each a commit of its own; the next alarm goes on. */
const ringsAtMost = 200

export interface AlarmDeps {
  platform: Platform
  /** Null before the account is founded. */
  parts(): Parts | null
  /** Who is here is to be looked at anew. */
  presenceChanged(): void
}

/** The one alarm of an account, which everything that is due later hangs on [E21]. */
export class Alarm {
  readonly #deps: AlarmDeps
  #at: number | null = null
  #soon = false

  constructor(deps: AlarmDeps) {
    this.#deps = deps
  }

  /** Sets the next alarm first, then does what is due. Awaits no network and never throws [E21]. */
  ring(): void {
    this.#at = null
    const parts = this.#deps.parts()
    if (!parts) return
    const { platform } = this.#deps
    const { lane, bulk, lookups, media, pushes, door, history, seen } = parts
    try {
      this.arm()
      platform.reached('alarm-set')
      lane.recover()
      lane.pump()
      bulk.pump()
      lookups.pump()
      media.pump()
      pushes.pump()
      history.pump()
      this.#serve(parts)
      if (seen.isDue(platform.now())) this.#deps.presenceChanged()
      this.#tidy(parts)
      door.documents.compact()
    } catch (fault) {
      console.error('alarm', fault)
    }
  }

  /** Brings what is due to the door. One that fails waits a minute and holds up none of the others. */
  #serve({ door, lives }: Parts): void {
    const now = this.#deps.platform.now()
    for (const { id, kind, ref } of door.timers.due(now, ringsAtMost, lives.delay)) {
      try {
        if (kind === 'waiting')
          door.commit({ kind: 'timer', id, what: kind, conversation: conversationId.parse(ref) })
        else if (kind === 'marks') door.forgetMarks(id, conversationId.parse(ref))
        else door.commit({ kind: 'timer', id, what: kind, message: entryId.parse(ref) })
      } catch (fault) {
        console.error('timer', id, fault)
        door.timers.postpone(id, now + minute)
      }
    }
    this.arm()
  }

  #tidy({ sessions }: Parts): void {
    const { sql, now: clock } = this.#deps.platform
    const now = clock()
    if (now - readNumber(sql, 'tidied at', 0) < day) return
    tidy(sql, now)
    sessions.tidy(now)
    writeMeta(sql, 'tidied at', now)
  }

  /** One alarm for everything that is due. While a text is in flight it stands at most 5 s ahead [E21]. */
  arm(): void {
    const parts = this.#deps.parts()
    if (!parts) return
    const now = this.#deps.platform.now()
    const { door, lane, bulk, lookups, media, pushes, history, seen, lives } = parts
    const busy = lane.busy || lookups.busy || media.busy || pushes.busy || history.busy
    const dues = [
      lane.nextDue(),
      bulk.nextDue(),
      lookups.nextDue(),
      media.nextDue(),
      pushes.nextDue(),
      history.nextDue(),
      seen.nextDue(now),
      door.timers.nextDue(lives.sure ? 0 : now + unsurePatience),
    ].filter((due) => due !== null)
    if (dues.length === 0 && !busy) return
    const at = Math.min(busy ? now + 5 * second : Infinity, Math.max(now + 20, Math.min(...dues)))
    if (this.#at !== null && this.#at > now && this.#at <= at) return
    this.#at = at
    this.#deps.platform.alarmIn(at - now)
  }

  /** The same once for all that happens in one step: still in the transaction that the runtime makes of a step. */
  armSoon(): void {
    if (this.#soon) return
    this.#soon = true
    this.#deps.platform.soon(() => {
      this.#soon = false
      this.arm()
    })
  }
}
