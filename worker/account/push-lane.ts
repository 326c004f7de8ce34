import { hash64 } from '#shared/base/hash64.ts'
import type { AgentId } from '#shared/base/ids.ts'
import { hour, minute, second } from '#shared/base/time.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import { concerns } from '#shared/rules/notify.ts'
import type { PushMessage, PushOutcome } from '../push/post.ts'
import { withPatience, type After } from './chat-lane.ts'
import type { CommitDoor } from './commit.ts'
import type { Connections } from './connections.ts'
import type { DuePush, Pushes, Subscription } from './pushes.ts'
import { getRow } from './rows.ts'
import type { Sql } from './sql.ts'

/** Who seems to sit before a screen is told only if that screen has not stored the text by then [E25]. */
const benefit = 45 * second
/** Older texts are no news. */
const stale = 4 * hour

export interface PushLaneDeps {
  sql: Sql
  door: CommitDoor
  pushes: Pushes
  connections: Connections
  now(): number
  /** Whether an agent has the Message Center open and is not idle. */
  present(agent: AgentId): boolean
  /** Whether a device of the agent has stored that commit. */
  hasStored(agent: AgentId, seq: number): boolean
  send(message: PushMessage, signal: AbortSignal): Promise<PushOutcome>
  after: After
  waitUntil(promise: Promise<unknown>): void
  arm(): void
}

/**
 * Tells browsers of texts that nobody is looking at, one after the other over one connection. At least once: a
 * repeated notification takes the place of itself, on the way by its topic and on the screen by its tag.
 */
export class PushLane {
  readonly #deps: PushLaneDeps
  #sending = false

  constructor(deps: PushLaneDeps) {
    this.#deps = deps
  }

  get busy(): boolean {
    return this.#sending
  }

  nextDue(): number | null {
    return this.#sending ? null : this.#deps.pushes.nextDue()
  }

  /** Sends the next one that is due. Awaits nothing. */
  pump(): void {
    const { pushes, connections, now, waitUntil } = this.#deps
    while (!this.#sending) {
      const push = pushes.next(now())
      if (!push) return
      const message = this.#judge(push)
      if (message === null) continue
      const release = connections.take('rest')
      if (!release) return pushes.postpone(push, now() + 5 * second, push.tries)
      this.#sending = true
      waitUntil(this.#send(push, message, release))
    }
  }

  /** What to send now, or null where the push was dropped or postponed. */
  #judge(push: DuePush): PushMessage | null {
    const { sql, door, pushes, now, present, hasStored } = this.#deps
    const subscription = pushes.of(push.session)
    const agent = subscription && door.memory.agents.get(subscription.agent)
    const conversation = getRow(sql, 'conversations', push.conversation)
    const drop = (): null => {
      pushes.done(push)
      return null
    }
    if (!subscription || !agent || !conversation) return drop()
    if (!concerns(conversation, agent, subscription.reach) || now() - push.at > stale) return drop()
    const read = getRow(sql, 'readMarks', `${agent.id}:${conversation.id}`)
    if (read && read.order >= push.ord) return drop()
    if (present(agent.id)) {
      if (now() < push.at + benefit) {
        pushes.postpone(push, push.at + benefit, push.tries)
        return null
      }
      if (hasStored(agent.id, push.seq)) return drop()
    }
    return messageFor(
      subscription,
      push,
      conversation.preview,
      getRow(sql, 'mobileUsers', conversation.user),
      door.memory.settings.name,
    )
  }

  async #send(push: DuePush, message: PushMessage, release: () => void): Promise<void> {
    const { pushes, now, send, after, arm } = this.#deps
    try {
      const outcome = await withPatience(after, (signal) => send(message, signal))
      if (outcome.kind === 'gone') pushes.unsubscribe(push.session)
      else if (outcome.kind === 'later')
        pushes.postpone(push, now() + Math.max(outcome.after, 2 ** push.tries * minute), push.tries + 1)
      else {
        if (outcome.kind === 'refused') console.error(`A push service answered ${outcome.status}.`)
        pushes.done(push)
      }
    } catch (fault) {
      // Keys that are none, or none of our own: sending it again would not help.
      console.error('push', fault)
      pushes.done(push)
    } finally {
      this.#sending = false
      release()
      this.pump()
      arm()
    }
  }
}

/** No word and no name unless they were asked for: a locked screen is read by whoever passes [UX]. */
function messageFor(
  { endpoint, p256dh, auth, words }: Subscription,
  { conversation }: DuePush,
  preview: string,
  user: MobileUser | null,
  company: string,
): PushMessage {
  const name = user && ([user.firstName, user.lastName].filter(Boolean).join(' ') || user.address)
  return {
    endpoint,
    p256dh,
    auth,
    topic: hash64(`push ${conversation}`),
    payload: words
      ? { conversation, title: name ?? company, body: preview.slice(0, 160) }
      : { conversation, title: company, body: 'A customer texted.' },
  }
}
