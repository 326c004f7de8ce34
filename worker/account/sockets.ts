import type { AccountId, AgentId } from '#shared/base/ids.ts'
import { second } from '#shared/base/time.ts'
import { audiencesOf } from '#shared/rules/audience.ts'
import { inWordsOf, isReadable, isSpoken, wireVersion } from '#shared/wire/version.ts'
import { closeCodes, type Ack, type Down, type Presence } from '#shared/wire/down.ts'
import { limits } from '#shared/wire/limits.ts'
import type { Cursor, Hello, PresenceReport } from '#shared/wire/up.ts'
import { chunks, cursorAt, doubts, holds, partsOf } from './cursors.ts'
import { FrameBuffer } from './frames.ts'
import {
  close,
  isTold,
  keep,
  quietly,
  take,
  wake,
  type Attachment,
  type Live,
  type Socket,
} from './live-socket.ts'
import type { Memory } from './memory.ts'
import { rowsSince } from './rows.ts'
import type { Sql } from './sql.ts'
import type { Commit } from './step.ts'
import { FrameWindow } from './window.ts'

export interface SocketsDeps {
  account(): AccountId
  sql: Sql
  memory(): Memory
  now(): number
  all(): Socket[]
  /** Calls back at the end of the present step, before anything else happens. */
  soon(what: () => void): void
  later(ms: number, what: () => void): void
}

/**
 * Tells sockets what was committed. The first change leaves at once, everything else of the window that follows
 * goes into one frame, encoded once per audience [E4, E7]; a socket that does not echo is told to pull [E20].
 */
export class Sockets {
  readonly #deps: SocketsDeps
  readonly #live = new Map<Socket, Live>()
  readonly #buffer = new FrameBuffer()
  #scheduled = false
  /** Agents changed in this window, so somebody's rights may have. */
  #rightsMoved = false
  readonly #window = new FrameWindow()

  constructor(deps: SocketsDeps) {
    this.#deps = deps
    for (const socket of deps.all()) {
      const attachment = socket.deserializeAttachment() as Attachment | null
      if (attachment) this.#live.set(socket, wake(attachment, deps.memory().head.seq, deps.now()))
    }
  }

  get size(): number {
    return this.#live.size
  }

  open(socket: Socket, agent: AgentId, session: string): void {
    const attachment: Attachment = {
      agent,
      session,
      client: null,
      version: wireVersion,
      audiences: [],
      presence: null,
      drafts: [],
    }
    socket.serializeAttachment(attachment)
    this.#live.set(socket, wake(attachment, this.#deps.memory().head.seq, this.#deps.now()))
  }

  forget(socket: Socket): Attachment | null {
    const live = this.#live.get(socket) ?? null
    this.#live.delete(socket)
    return live
  }

  /** Who speaks on a socket; null where nobody is heard on it, or not any more. */
  of(socket: Socket): Readonly<Attachment> | null {
    const live = this.#live.get(socket)
    return live && !live.ended ? live : null
  }

  /** Ends a socket: from here on it is told nothing and heard no more, and that outlives hibernation. */
  hangUp(socket: Socket, code: number, reason: string): void {
    const live = this.#live.get(socket)
    if (live) {
      live.ended = true
      keep(socket, live)
    }
    close(socket, code, reason)
  }

  countOf(agent: AgentId): number {
    let count = 0
    for (const live of this.#live.values()) if (live.agent === agent) count++
    return count
  }

  /** Takes one frame from a socket's allowance; answers how long it must wait when there is none [E30]. */
  admit(socket: Socket): number | null {
    const live = this.#live.get(socket)
    if (!live) return null
    return take(live.frames, limits.framesPerSecond, limits.frameBurst, this.#deps.now())
  }

  /** The same for a command, which costs a commit. */
  admitCommand(socket: Socket): number | null {
    const live = this.#live.get(socket)
    if (!live) return null
    return take(live.commands, limits.commandsPerSecond, limits.commandBurst, this.#deps.now())
  }

  /** Greets a replica: checks whose it is, then tells it what it lacks, or to begin anew [E12, E24]. */
  greet(socket: Socket, hello: Hello, last: number): void {
    const live = this.#live.get(socket)
    if (!live) return
    const { account, memory, sql } = this.#deps
    if (hello.account !== account() || hello.agent !== live.agent)
      return this.hangUp(socket, closeCodes.otherAgent, 'Another agent is signed in here.')
    const agent = memory().agents.get(live.agent)
    if (!agent?.active)
      return this.hangUp(socket, closeCodes.signedOut, 'You are not an agent of this account any more.')
    if (!isSpoken(hello.version)) return this.#say(socket, { t: 'upgrade' })
    live.client = hello.client
    live.version = hello.version
    live.audiences = audiencesOf(agent)
    keep(socket, live)
    const cursor = hello.cursors.main ?? { seq: 0, tag: '' }
    const readable = isReadable(hello.version, hello.fingerprint)
    const answer = readable && holds(sql, memory(), hello.epoch, cursor) ? 'delta' : 'wipe'
    const { head, epoch } = memory()
    this.#say(socket, {
      t: 'welcome',
      version: wireVersion,
      account: account(),
      agent: agent.id,
      role: agent.role,
      epoch,
      head,
      answer,
      ...(answer === 'wipe' && this.doubts(hello) ? { again: true } : {}),
      audiences: live.audiences,
      last,
      now: this.#deps.now(),
    })
    if (answer === 'delta') this.catchUp(socket, cursor)
    else this.#follow(live)
  }

  /**
   * Sends everything after a cursor, in frames of at most so many rows; the cursor moves on with whole commits. A
   * cursor that is not ours is answered with a hello anew.
   */
  catchUp(socket: Socket, cursor: Cursor): void {
    const live = this.#live.get(socket)
    if (!live) return
    const { sql, memory } = this.#deps
    if (!holds(sql, memory(), memory().epoch, cursor))
      return this.hangUp(socket, closeCodes.tooSlow, 'Begin again from your cursor.')
    let from = cursor.seq
    for (const { rows, whole } of chunks(rowsSince(sql, cursor.seq, live.audiences))) {
      const to = whole ?? from
      this.#send(socket, live, from, cursorAt(this.#deps.sql, to), partsOf(rows))
      from = to
    }
    // What was answered while this socket was behind is told with what it did [E4].
    if (from < memory().head.seq || live.acks.length > 0) this.#send(socket, live, from, memory().head, [])
    this.#follow(live)
  }

  /** Collects a commit for everybody. It leaves after the current step, or at the end of the running window. */
  publish(commit: Commit): void {
    const rightsMove = commit.rows.some(({ change }) => change.table === 'agents')
    const { upTo } = this.#buffer
    // Many small commits are several frames: to pull is for what one commit made too big [E19]. Rights that move are
    // told at the end of the window, before any frame that goes by them.
    if (upTo && !rightsMove && !this.#rightsMoved && !this.#buffer.fits(commit)) this.#deliver(upTo)
    this.#buffer.add(commit)
    this.#window.collect()
    this.#rightsMoved ||= rightsMove
    this.#schedule()
  }

  /**
   * Commits were made that no frame tells of: everybody pulls from where they stand. One of them may have moved
   * somebody's rights, and what is pulled is read within the audiences of the socket, so those come first.
   */
  missed(): void {
    this.#tellRights()
    for (const [socket, live] of this.#live) if (live.client !== null) this.#fallBehind(socket, live)
  }

  /** Answers a command, in the frame that carries what it did. */
  acknowledge(socket: Socket, ack: Ack): void {
    this.#live.get(socket)?.acks.push(ack)
    this.#schedule()
  }

  echo(socket: Socket, n: number): void {
    const live = this.#live.get(socket)
    if (!live || n > live.sent || n < live.echoed) return
    live.echoed = n
    live.bytes = 0
    live.stored = live.unechoed.findLast((frame) => frame.n <= n)?.seq ?? live.stored
    live.unechoed = live.unechoed.filter((frame) => frame.n > n)
  }

  tell(socket: Socket, message: Down): void {
    if (this.#live.has(socket)) this.#say(socket, message)
  }

  /** Says who is here to every greeted socket that was not told just this before, encoded once [E25]. */
  tellPresence(presence: Presence): void {
    const text = JSON.stringify(presence)
    for (const [socket, live] of this.#live) {
      if (!isTold(live) || live.presenceTold === text) continue
      live.presenceTold = text
      quietly(() => socket.send(text))
    }
  }

  /** Lets a socket hear of a draft; false where it follows too many already [E30]. */
  follow(socket: Socket, draft: string): boolean {
    const live = this.#live.get(socket)
    if (!live) return false
    if (live.drafts.includes(draft)) return true
    if (live.drafts.length >= limits.draftsPerSocket) return false
    live.drafts = [...live.drafts, draft]
    keep(socket, live)
    return true
  }

  follows(socket: Socket, draft: string): boolean {
    return this.#live.get(socket)?.drafts.includes(draft) ?? false
  }

  unfollow(socket: Socket, draft: string): void {
    const live = this.#live.get(socket)
    if (!live?.drafts.includes(draft)) return
    live.drafts = live.drafts.filter((name) => name !== draft)
    keep(socket, live)
  }

  /** Says the same to every socket that follows a draft, encoded once, but not to the one that caused it. */
  tellFollowers(draft: string, message: Down, but: Socket | null = null): void {
    const text = JSON.stringify(message)
    for (const [socket, live] of this.#live) {
      if (socket === but || live.ended || !live.drafts.includes(draft)) continue
      live.bytes += text.length
      quietly(() => socket.send(text))
      if (live.bytes > limits.bytesBehind) this.#fallBehind(socket, live)
    }
  }

  /** Whether a device of the agent says that it has stored a commit. After waking nobody has said so yet. */
  hasStored(agent: AgentId, seq: number): boolean {
    return [...this.#live.values()].some((live) => live.agent === agent && live.stored >= seq)
  }

  /** Whether a replica stands where this account cannot have been, unless it went back itself [E24]. */
  doubts(hello: Hello): boolean {
    return doubts(this.#deps.sql, this.#deps.memory(), hello)
  }

  /** Whether an agent has the Message Center open and is not idle. */
  isPresent(agent: AgentId): boolean {
    return [...this.#live.values()].some(
      ({ agent: of, presence, ended }) =>
        of === agent && !ended && presence?.messageCenter === true && !presence.idle,
    )
  }

  setPresence(socket: Socket, presence: PresenceReport): void {
    const live = this.#live.get(socket)
    if (!live) return
    live.presence = presence
    keep(socket, live)
  }

  attachments(): Iterable<Readonly<Attachment>> {
    return this.#live.values()
  }

  /** Ends the sockets of a session, or of a whole agent. */
  end(which: (attachment: Attachment) => boolean, code: number, reason: string): void {
    for (const [socket, live] of this.#live) if (!live.ended && which(live)) this.hangUp(socket, code, reason)
  }

  #follow(live: Live): void {
    live.at = this.#deps.memory().head.seq
    live.behindSince = null
    live.echoed = live.sent
    live.bytes = 0
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    const wait = this.#window.wait(this.#live.size, this.#deps.now())
    if (wait <= 0) this.#deps.soon(() => this.flush())
    else this.#deps.later(wait, () => this.flush())
  }

  /** Sends what the window collected. */
  flush(): void {
    this.#scheduled = false
    this.#window.begin(this.#deps.now())
    if (this.#rightsMoved) this.#tellRights()
    this.#deliver(this.#deps.memory().head)
  }

  /** Sends what was collected, which are all commits up to `head`. */
  #deliver(head: Cursor): void {
    const taken = this.#buffer.take()
    for (const [socket, live] of this.#live) {
      if (!isTold(live)) continue
      const table = live.behindSince === null ? taken.tooManyFor(live.audiences) : null
      if (table) this.#fallBehind(socket, live, { t: 'changed', table, seq: head.seq })
      const following = live.behindSince === null
      if (!following && this.#deps.now() - (live.behindSince ?? 0) > 30 * second) {
        this.hangUp(socket, closeCodes.tooSlow, 'Too far behind.')
        continue
      }
      const parts = following ? taken.partsFor(live.audiences) : []
      const to = following ? head : cursorAt(this.#deps.sql, live.at)
      if (parts.length === 0 && !live.acks.some(({ seq }) => seq <= to.seq)) continue
      this.#send(socket, live, live.at, to, parts)
      if (live.sent - live.echoed > limits.framesBehind || live.bytes > limits.bytesBehind)
        this.#fallBehind(socket, live)
    }
  }

  /** Tells each agent whose role changed; who is no agent any more is signed out [E7]. */
  #tellRights(): void {
    this.#rightsMoved = false
    const { agents, head } = this.#deps.memory()
    for (const [socket, live] of this.#live) {
      if (!isTold(live)) continue
      const agent = agents.get(live.agent)
      if (!agent?.active) {
        this.hangUp(socket, closeCodes.signedOut, 'You are not an agent of this account any more.')
        continue
      }
      const audiences = audiencesOf(agent)
      if (audiences.join() === live.audiences.join()) continue
      live.audiences = audiences
      keep(socket, live)
      this.#say(socket, { t: 'rights', role: agent.role, audiences, at: head.seq })
    }
  }

  #fallBehind(socket: Socket, live: Live, word: Down = { t: 'behind' }): void {
    live.behindSince ??= this.#deps.now()
    // It follows no draft any more either, and opens anew what it looks at once it has caught up.
    if (live.drafts.length > 0) {
      live.drafts = []
      keep(socket, live)
    }
    this.#say(socket, word)
  }

  /** Sends a frame with the answers to what was done up to its end: those behind it wait for their own [E4]. */
  #send(socket: Socket, live: Live, from: number, to: Cursor, parts: readonly string[]): void {
    live.sent++
    const acks = live.acks.filter(({ seq }) => seq <= to.seq)
    const text = `{"t":"frame","n":${live.sent},"from":${from},"to":${JSON.stringify(to)},"parts":[${parts.join(',')}],"acks":${JSON.stringify(acks)}}`
    if (acks.length > 0) live.acks = live.acks.filter(({ seq }) => seq > to.seq)
    live.at = to.seq
    live.unechoed.push({ n: live.sent, seq: to.seq })
    live.bytes += text.length
    quietly(() => socket.send(text))
  }

  #say(socket: Socket, message: Down): void {
    const version = this.#live.get(socket)?.version ?? wireVersion
    quietly(() => socket.send(JSON.stringify(inWordsOf(version, message))))
  }
}
