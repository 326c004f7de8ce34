import { toBase64 } from 'lib0/buffer'
import type { AgentId } from '#shared/base/ids.ts'
import { closeCodes } from '#shared/wire/down.ts'
import { limits } from '#shared/wire/limits.ts'
import { hear, versionIn, type CommandFrame, type Heard, type OutdatedFrame } from '#shared/wire/up.ts'
import { isSpoken } from '#shared/wire/version.ts'
import type { CommitDoor } from './commit.ts'
import { DamagedThread } from './documents.ts'
import { close, type Attachment, type Socket } from './live-socket.ts'
import { comparePatience } from './lives.ts'
import type { Parts } from './parts.ts'
import type { Platform } from './platform.ts'
import { linger, presenceOf } from './presence.ts'
import type { Sockets } from './sockets.ts'

export interface ReceptionDeps {
  platform: Platform
  /** Null before the account is founded. */
  parts(): Parts | null
  arm(): void
}

/** Hears what devices say on their sockets, and brings each thing to the part that it is for. */
export class Reception {
  readonly #deps: ReceptionDeps
  readonly #leaving = new Map<AgentId, number>()
  /** Sockets whose cursor this object should hold and does not, with what they said since [E24]. */
  readonly #doubted = new Map<Socket, Heard[]>()
  #presenceDue = false

  constructor(deps: ReceptionDeps) {
    this.#deps = deps
  }

  /** Takes a socket that was just accepted, or closes it where there are too many. */
  connected(socket: Socket, agent: AgentId, session: string): void {
    const sockets = this.#deps.parts()?.sockets
    if (!sockets) return close(socket, closeCodes.signedOut, 'There is no such account.')
    if (sockets.size >= limits.socketsPerAccount || sockets.countOf(agent) >= limits.socketsPerAgent)
      close(socket, closeCodes.tooMany, 'Too many connections.')
    else sockets.open(socket, agent, session)
  }

  message(socket: Socket, data: string | ArrayBuffer): void {
    const parts = this.#deps.parts()
    if (!parts) return
    const { sockets } = parts
    const who = sockets.of(socket)
    if (!who) return
    const wait = sockets.admit(socket)
    if (wait !== null) return sockets.tell(socket, { t: 'slow', ms: wait })
    const text = typeof data === 'string' && data.length <= limits.frame ? data : ''
    const message = hear(text, this.#deps.platform.now())
    if (!message) {
      // A hello of a version that is not spoken may look like nothing that is known here [E17].
      const version = versionIn(text)
      if (version !== null && !isSpoken(version)) return sockets.tell(socket, { t: 'upgrade' })
      return sockets.hangUp(socket, closeCodes.malformed, 'This is not the protocol.')
    }
    const waiting = this.#doubted.get(socket)
    if (waiting) return void waiting.push(message)
    if (who.client === null && message.t !== 'hello')
      return sockets.hangUp(socket, closeCodes.malformed, 'Say hello first.')
    this.#hear(socket, who, message, parts)
  }

  /** A socket has ended. */
  closed(socket: Socket): void {
    this.#left(socket, linger)
  }

  #hear(socket: Socket, who: Readonly<Attachment>, message: Heard, parts: Parts): void {
    const { door, drafts, sockets, lives, seen } = parts
    switch (message.t) {
      case 'hello': {
        if (!lives.sure && sockets.doubts(message)) return this.#doubt(socket, message, parts)
        const last = this.#deps.platform.sql.one<{ last: number }>(
          `SELECT last FROM clients WHERE id = ? AND agent = ?`,
          message.client,
          who.agent,
        )
        sockets.greet(socket, message, last?.last ?? 0)
        return this.presenceChanged()
      }
      case 'command':
      case 'outdated':
        return this.#command(socket, who, message, door, sockets)
      case 'pull':
        return this.#pull(socket, message, door, sockets)
      case 'catch up':
        return sockets.catchUp(socket, message.cursor)
      case 'echo':
        return sockets.echo(socket, message.n)
      case 'presence': {
        const { t: _, ...presence } = message
        sockets.setPresence(socket, presence)
        seen.heardOf(who.agent)
        return this.presenceChanged()
      }
      case 'open draft':
        return drafts.open(socket, who, message)
      case 'close draft':
        return drafts.unfollow(socket, message)
      case 'update':
        if (message.doc.startsWith('thread:'))
          return sockets.hangUp(socket, closeCodes.threadWrite, 'The edge alone writes threads.')
        return drafts.update(socket, who, message.doc, message.update)
      case 'caret':
        return drafts.caret(socket, who, message)
      case 'bye':
        sockets.hangUp(socket, 1000, 'Bye.')
        return this.#left(socket, 0)
    }
  }

  /** Answers what a device lacks of a thread. One that was damaged here begins anew first. */
  #pull(socket: Socket, asked: Extract<Heard, { t: 'pull' }>, door: CommitDoor, sockets: Sockets): void {
    const { thread } = asked
    const known = this.#deps.platform.sql.one(
      `SELECT id FROM rows WHERE tbl = 'mobileUsers' AND id = ?`,
      thread,
    )
    if (!known) return sockets.tell(socket, { t: 'thread', thread, epoch: 0, clock: 0, update: null })
    const since = () => door.documents.since(thread, asked.epoch, asked.clock)
    let state
    try {
      state = since()
    } catch (fault) {
      if (!(fault instanceof DamagedThread)) throw fault
      door.mend(fault)
      state = since()
    }
    const { epoch, clock, update } = state
    sockets.tell(socket, { t: 'thread', thread, epoch, clock, update: toBase64(update) })
  }

  /**
   * A cursor that this object should hold and does not says that somebody went back: the object, or the client.
   * D1 knows. Until it has said so the socket waits, and where it does not say so soon, comes again [E24].
   */
  #doubt(socket: Socket, hello: Heard, { history, lives, sockets }: Parts): void {
    lives.suspect()
    this.#doubted.set(socket, [hello])
    this.#deps.platform.after(comparePatience, () => {
      if (this.#doubted.delete(socket)) sockets.hangUp(socket, closeCodes.tooSlow, 'Come again in a moment.')
    })
    history.begin()
  }

  /** The comparison with D1 is done: who was doubted is heard, or comes again in the new epoch. */
  compared(wentBack: boolean): void {
    const parts = this.#deps.parts()
    const waiting = [...this.#doubted]
    this.#doubted.clear()
    if (!parts) return
    if (wentBack) return parts.sockets.end(() => true, closeCodes.tooSlow, 'The account begins a new epoch.')
    for (const [socket, said] of waiting)
      for (const message of said) {
        const who = parts.sockets.of(socket)
        if (who) this.#hear(socket, who, message, parts)
      }
  }

  #command(
    socket: Socket,
    who: Readonly<Attachment>,
    frame: CommandFrame | OutdatedFrame,
    door: CommitDoor,
    sockets: Sockets,
  ): void {
    if (who.client === null) return
    const wait = sockets.admitCommand(socket)
    if (wait !== null) return sockets.tell(socket, { t: 'slow', ms: wait })
    const agent = door.memory.agents.get(who.agent)
    if (!agent?.active)
      return sockets.hangUp(socket, closeCodes.signedOut, 'You are not an agent of this account any more.')
    const answer = door.command(frame, who.agent, who.client)
    if (answer.kind === 'ack') sockets.acknowledge(socket, answer.ack)
    else if (answer.kind === 'gap') sockets.tell(socket, { t: 'gap', last: answer.last })
    else sockets.tell(socket, { t: 'fork' })
  }

  #left(socket: Socket, stay: number): void {
    this.#doubted.delete(socket)
    const parts = this.#deps.parts()
    const left = parts?.sockets.forget(socket)
    if (!parts || !left) return
    parts.drafts.left(socket)
    if (stay > 0 && left.presence?.messageCenter) {
      this.#leaving.set(left.agent, this.#deps.platform.now() + stay)
      this.#deps.platform.after(stay + 100, () => this.presenceChanged())
    }
    this.presenceChanged()
  }

  /** Tells everybody who is here, at most ten times a second. */
  presenceChanged(): void {
    if (this.#presenceDue) return
    this.#presenceDue = true
    this.#deps.platform.after(100, () => {
      this.#presenceDue = false
      const parts = this.#deps.parts()
      if (!parts) return
      const now = this.#deps.platform.now()
      for (const [agent, until] of this.#leaving) if (until <= now) this.#leaving.delete(agent)
      const { sockets, seen } = parts
      const absent = [...this.#leaving.keys(), ...seen.counted(now)]
      const agents = presenceOf(sockets.attachments(), absent)
      sockets.tellPresence({ t: 'presence', agents })
      seen.note(new Set(agents.flatMap(({ id, messageCenter }) => (messageCenter ? [id] : []))), now)
      this.#deps.arm()
    })
  }
}
