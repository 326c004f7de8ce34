import type { AccountId, AgentId, ClientId } from '#shared/base/ids.ts'
import { second } from '#shared/base/time.ts'
import { audiencesOf } from '#shared/rules/audience.ts'
import { inWordsOf, isReadable, isSpoken, wireVersion } from '#shared/wire/version.ts'
import { closeCodes, type Ack, type Down } from '#shared/wire/down.ts'
import { limits } from '#shared/wire/limits.ts'
import type { Cursor, Hello, PresenceReport } from '#shared/wire/up.ts'
import type { Commit } from './commit.ts'
import type { Memory } from './memory.ts'
import { rowsSince, type Addressed } from './rows.ts'
import type { Sql } from './sql.ts'
import { FrameBuffer } from './frames.ts'

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

/** What is known of a socket while the object is awake. */
interface Live extends Attachment {
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
  /** Tokens of the frame rate limit and when they were counted. */
  tokens: number
  countedAt: number
}

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
 * How long a window collects changes before they leave as one frame, in milliseconds: nothing for a handful of
 * sockets. A frame to a socket costs some 0.1 ms; while changes keep coming, the longer window leaves four fifths
 * of the time to the commits.
 */
export function windowFor(sockets: number, busy: boolean): number {
  return sockets <= 8 ? 0 : Math.min(250, busy ? sockets / 2 : sockets / 4)
}

/** Commits in a window from which on changes keep coming. */
const busyFrom = 3

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
  #flushedAt = 0
  /** Commits since the last flush, and whether the window before was full of them. */
  #collected = 0
  #busy = false

  constructor(deps: SocketsDeps) {
    this.#deps = deps
    for (const socket of deps.all()) {
      const attachment = socket.deserializeAttachment() as Attachment | null
      if (attachment) this.#live.set(socket, this.#wake(attachment))
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
    this.#live.set(socket, this.#wake(attachment))
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
      this.#keep(socket, live)
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
    const now = this.#deps.now()
    const earned = ((now - live.countedAt) / second) * limits.framesPerSecond
    live.tokens = Math.min(limits.frameBurst, live.tokens + Math.max(0, earned))
    live.countedAt = now
    if (live.tokens < 1) return Math.ceil(((1 - live.tokens) / limits.framesPerSecond) * second)
    live.tokens--
    return null
  }

  /** Greets a replica: checks whose it is, then tells it what it lacks, or to begin anew [E12, E24]. */
  greet(socket: Socket, hello: Hello, last: number): void {
    const live = this.#live.get(socket)
    if (!live) return
    const { account, memory } = this.#deps
    if (hello.account !== account() || hello.agent !== live.agent)
      return this.hangUp(socket, closeCodes.otherAgent, 'Another agent is signed in here.')
    const agent = memory().agents.get(live.agent)
    if (!agent?.active)
      return this.hangUp(socket, closeCodes.signedOut, 'You are not an agent of this account any more.')
    if (!isSpoken(hello.version)) return this.#say(socket, { t: 'upgrade' })
    live.client = hello.client
    live.version = hello.version
    live.audiences = audiencesOf(agent)
    this.#keep(socket, live)
    const cursor = hello.cursors.main ?? { seq: 0, tag: '' }
    const readable = isReadable(hello.version, hello.fingerprint)
    const answer = readable && this.#holds(hello.epoch, cursor) ? 'delta' : 'wipe'
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
    if (!this.#holds(memory().epoch, cursor))
      return this.hangUp(socket, closeCodes.tooSlow, 'Begin again from your cursor.')
    let from = cursor.seq
    for (const { rows, whole } of chunks(rowsSince(sql, cursor.seq, live.audiences))) {
      const to = whole ?? from
      this.#send(socket, live, from, this.#cursorAt(to), partsOf(rows))
      from = to
    }
    // What was answered while this socket was behind is told with what it did [E4].
    if (from < memory().head.seq || live.acks.length > 0) this.#send(socket, live, from, memory().head, [])
    this.#follow(live)
  }

  /** Collects a commit for everybody. It leaves after the current step, or at the end of the running window. */
  publish(commit: Commit): void {
    this.#buffer.add(commit)
    this.#collected++
    this.#rightsMoved ||= commit.rows.some(({ change }) => change.table === 'agents')
    this.#schedule()
  }

  /** Commits were made that no frame tells of: everybody pulls from where they stand. */
  missed(): void {
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

  /** Says the same to every greeted socket, encoded once. */
  tellAll(message: Down): void {
    const text = JSON.stringify(message)
    for (const [socket, live] of this.#live) if (isTold(live)) quietly(() => socket.send(text))
  }

  /** Lets a socket hear of a draft; false where it follows too many already [E30]. */
  follow(socket: Socket, draft: string): boolean {
    const live = this.#live.get(socket)
    if (!live) return false
    if (live.drafts.includes(draft)) return true
    if (live.drafts.length >= limits.draftsPerSocket) return false
    live.drafts = [...live.drafts, draft]
    this.#keep(socket, live)
    return true
  }

  unfollow(socket: Socket, draft: string): void {
    const live = this.#live.get(socket)
    if (!live?.drafts.includes(draft)) return
    live.drafts = live.drafts.filter((name) => name !== draft)
    this.#keep(socket, live)
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
    this.#keep(socket, live)
  }

  attachments(): Iterable<Readonly<Attachment>> {
    return this.#live.values()
  }

  /** Ends the sockets of a session, or of a whole agent. */
  end(which: (attachment: Attachment) => boolean, code: number, reason: string): void {
    for (const [socket, live] of this.#live) if (!live.ended && which(live)) this.hangUp(socket, code, reason)
  }

  #wake(attachment: Attachment): Live {
    const now = this.#deps.now()
    return {
      ...attachment,
      at: this.#deps.memory().head.seq,
      sent: 0,
      echoed: 0,
      bytes: 0,
      behindSince: null,
      stored: 0,
      unechoed: [],
      acks: [],
      tokens: limits.frameBurst,
      countedAt: now,
    }
  }

  #keep(socket: Socket, live: Live): void {
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

  /** Whether a cursor is of this life of the account: the commit it names carried this tag [E24]. */
  #holds(epoch: number, cursor: Cursor): boolean {
    if (epoch !== this.#deps.memory().epoch || cursor.seq === 0) return false
    const found = this.#deps.sql.one<{ tag: string }>(`SELECT tag FROM commits WHERE seq = ?`, cursor.seq)
    return found?.tag === cursor.tag
  }

  /**
   * Whether a replica stands where this account cannot have been, unless it went back itself: in a later epoch,
   * beyond the head, or at a commit that carries another tag here. One whose commit is forgotten is only old.
   */
  doubts(hello: Hello): boolean {
    const { epoch, head } = this.#deps.memory()
    const cursor = hello.cursors.main
    if (hello.epoch !== epoch || !cursor) return hello.epoch > epoch
    if (cursor.seq > head.seq) return true
    const found = this.#deps.sql.one<{ tag: string }>(`SELECT tag FROM commits WHERE seq = ?`, cursor.seq)
    return found !== null && found.tag !== cursor.tag
  }

  #cursorAt(seq: number): Cursor {
    const found = this.#deps.sql.one<{ tag: string }>(`SELECT tag FROM commits WHERE seq = ?`, seq)
    return { seq, tag: found?.tag ?? '' }
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
    const window = windowFor(this.#live.size, this.#busy)
    const wait = this.#flushedAt + window - this.#deps.now()
    if (window === 0 || wait <= 0) this.#deps.soon(() => this.flush())
    else this.#deps.later(wait, () => this.flush())
  }

  /** Sends what the window collected. */
  flush(): void {
    this.#scheduled = false
    this.#flushedAt = this.#deps.now()
    this.#busy = this.#collected >= busyFrom
    this.#collected = 0
    const { head } = this.#deps.memory()
    const taken = this.#buffer.take()
    if (this.#rightsMoved) this.#tellRights()
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
      const to = following ? head : this.#cursorAt(live.at)
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
      this.#keep(socket, live)
      this.#say(socket, { t: 'rights', role: agent.role, audiences, at: head.seq })
    }
  }

  #fallBehind(socket: Socket, live: Live, word: Down = { t: 'behind' }): void {
    live.behindSince ??= this.#deps.now()
    // It follows no draft any more either, and opens anew what it looks at once it has caught up.
    if (live.drafts.length > 0) {
      live.drafts = []
      this.#keep(socket, live)
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

/** Whether a socket hears of commits: it was greeted and has not been ended. */
function isTold({ client, ended }: Live): boolean {
  return client !== null && !ended
}

/**
 * Pieces of at most so many rows. `whole` is the last commit that is complete with a piece, since a cursor stands
 * between commits; null where a piece ends within the commit that it began with [E19].
 */
function* chunks(rows: Addressed[]): Iterable<{ rows: Addressed[]; whole: number | null }> {
  for (let at = 0; at < rows.length; at += limits.rowsPerFrame) {
    const piece = rows.slice(at, at + limits.rowsPerFrame)
    const next = rows[at + limits.rowsPerFrame]?.change.seq
    yield { rows: piece, whole: piece.findLast(({ change }) => change.seq !== next)?.change.seq ?? null }
  }
}

/** One part for each audience that has rows here [E7]. */
function partsOf(rows: readonly Addressed[]): string[] {
  const parts = Map.groupBy(rows, ({ audience }) => audience)
  return [...parts].map(([audience, of]) =>
    JSON.stringify({ audience, rows: of.map(({ change }) => change), threads: [] }),
  )
}

export function close(socket: Socket, code: number, reason: string): void {
  quietly(() => socket.close(code, reason))
}

/** A socket that is gone already is nobody's fault: its `close` event brings what is to be done. */
function quietly(send: () => void): void {
  try {
    send()
  } catch {
    // The platform throws for a socket that has ended; `webSocketClose` follows.
  }
}
