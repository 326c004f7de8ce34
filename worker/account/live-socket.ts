import type { AgentId, ClientId } from '#shared/base/ids.ts'
import { second } from '#shared/base/time.ts'
import type { Ack } from '#shared/wire/down.ts'
import { limits } from '#shared/wire/limits.ts'
import type { PresenceReport } from '#shared/wire/up.ts'

/** The part of a WebSocket that is used here: the platform's, or a test's. */
export type Socket = Pick<WebSocket, 'send' | 'close' | 'serializeAttachment' | 'deserializeAttachment'>

/** What a socket remembers across hibernation. Everything else about it is rebuilt. */
export interface Attachment {
  agent: AgentId
  /** Hash of the session's secret: a revoked session closes its sockets. */
  session: string
  client: ClientId | null
  /** The version of the wire that it speaks [E17]. */
  version: number
  audiences: string[]
  presence: PresenceReport | null
  /** The drafts it follows, at most `limits.draftsPerSocket`. */
  drafts: string[]
  /** The edge has ended it. Its other end may answer that late or never, and is heard no more. */
  ended?: true
}

/** A rate limit's tokens, and when they were counted. */
export interface Allowance {
  left: number
  countedAt: number
}

/** Takes one from an allowance; answers how many ms to wait where none is left, else null. */
export function take(allowance: Allowance, perSecond: number, burst: number, now: number): number | null {
  const earned = ((now - allowance.countedAt) / second) * perSecond
  allowance.left = Math.min(burst, allowance.left + Math.max(0, earned))
  allowance.countedAt = now
  if (allowance.left < 1) return Math.ceil(((1 - allowance.left) / perSecond) * second)
  allowance.left--
  return null
}

/** What is known of a socket while the object is awake. */
export interface Live extends Attachment {
  /** The commit up to which this socket has been told. After waking it is the head: nothing unsent survives sleep. */
  at: number
  sent: number
  echoed: number
  bytes: number
  behindSince: number | null
  /** The commit up to which its device has stored what it was sent, and the frames it has not echoed yet [E20]. */
  stored: number
  unechoed: { n: number; seq: number }[]
  acks: Ack[]
  /** Who was here when it was told last; unknown after a hibernation. */
  presenceTold?: string
  /** What it may still send [E30]. */
  frames: Allowance
  commands: Allowance
}

/** A socket as it is found awake: everything that was sent before is taken for stored. */
export function wake(attachment: Attachment, head: number, now: number): Live {
  return {
    ...attachment,
    at: head,
    sent: 0,
    echoed: 0,
    bytes: 0,
    behindSince: null,
    stored: 0,
    unechoed: [],
    acks: [],
    frames: { left: limits.frameBurst, countedAt: now },
    commands: { left: limits.commandBurst, countedAt: now },
  }
}

/** Writes down what a socket must remember across hibernation. */
export function keep(socket: Socket, live: Live): void {
  const { agent, session, client, version, audiences, presence, drafts, ended } = live
  const kept: Attachment = {
    agent,
    session,
    client,
    version,
    audiences,
    presence,
    drafts,
    ...(ended && { ended }),
  }
  socket.serializeAttachment(kept)
}

/** Whether a socket hears of commits: it was greeted and has not been ended. */
export function isTold({ client, ended }: Live): boolean {
  return client !== null && !ended
}

/** Ends a socket, where it has not ended already. */
export function close(socket: Socket, code: number, reason: string): void {
  quietly(() => socket.close(code, reason))
}

/** A socket that is gone already is nobody's fault: its `close` event brings what is to be done. */
export function quietly(send: () => void): void {
  try {
    send()
  } catch {
    // The platform throws for a socket that has ended; `webSocketClose` follows.
  }
}
