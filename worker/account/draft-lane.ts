import { fromBase64, toBase64 } from 'lib0/buffer'
import type { ConversationId } from '#shared/base/ids.ts'
import { may } from '#shared/rules/permissions.ts'
import { parseDraftName, type DraftBox, type DraftKind } from '#shared/wire/draft.ts'
import { closeCodes, type DraftRefused } from '#shared/wire/down.ts'
import { limits } from '#shared/wire/limits.ts'
import type { CaretReport, OpenDraft } from '#shared/wire/up.ts'
import { Carets } from './carets.ts'
import type { CommitDoor } from './commit.ts'
import type { Reached } from './crash-points.ts'
import type { Closing, Received } from './drafts.ts'
import { conversationOf } from './gather.ts'
import type { Attachment, Socket } from './live-socket.ts'
import type { Sockets } from './sockets.ts'
import type { Sql } from './sql.ts'

export interface DraftLaneDeps {
  sql: Sql
  door: CommitDoor
  sockets: Sockets
  reached: Reached
  later(ms: number, what: () => void): void
}

type Who = Pick<Attachment, 'agent'>

/**
 * What sockets say of drafts, and what they are told [E15]. A conversation is found as commands find it: by its id
 * or by the unsent id that it was known under before [E14]; the answer carries its own id.
 */
export class DraftLane {
  readonly #deps: DraftLaneDeps
  readonly #carets: Carets<Socket>

  constructor(deps: DraftLaneDeps) {
    this.#deps = deps
    const { sockets, later } = deps
    this.#carets = new Carets((message) => sockets.tellFollowers(nameOf(message), message), later)
  }

  /** Follows a draft and answers what the device lacks of it. */
  open(socket: Socket, who: Who, asked: OpenDraft): void {
    const { door, sockets } = this.#deps
    const box = this.#find(socket, who, asked)
    if (box === null) return
    if (!sockets.follow(socket, nameOf(box))) return this.#refuse(socket, box, 'too many')
    const { drafts } = door
    const { update, ...state } = drafts.state(box, asked)
    if (asked.epoch === state.epoch && !drafts.mayUse(box, asked.clients, who.agent))
      this.#refuse(socket, box, 'not yours')
    else {
      sockets.tell(socket, { t: 'draft', ...box, ...state, update: toBase64(update) })
      const standing = this.#carets.standing(box)
      if (standing) sockets.tell(socket, standing)
    }
  }

  unfollow(socket: Socket, { conversation, kind }: DraftBox): void {
    const box = { conversation: this.#named(conversation), kind }
    this.#deps.sockets.unfollow(socket, nameOf(box))
    this.#carets.left(socket, box)
  }

  /** A cursor moved. Of a draft that the socket does not follow, or of an epoch that is over, nobody is told. */
  caret(socket: Socket, who: Who, { conversation, kind, epoch, at }: CaretReport): void {
    const { sockets, door } = this.#deps
    const box = { conversation: this.#named(conversation), kind }
    if (!sockets.follows(socket, nameOf(box)) || door.drafts.epoch(box) !== epoch) return
    this.#carets.move(socket, who.agent, box, epoch, at)
  }

  /** A socket has ended. */
  left(socket: Socket): void {
    this.#carets.left(socket)
  }

  /** Takes an update: logged, then told to everybody else who follows, then acknowledged. */
  update(socket: Socket, who: Who, name: string, update: string): void {
    const { door, sockets, reached } = this.#deps
    const asked = parseDraftName(name)
    const bytes = asked && bytesOf(update)
    if (!asked || !bytes) return sockets.hangUp(socket, closeCodes.malformed, 'This is no update of a draft.')
    const box = this.#find(socket, who, asked)
    if (box === null) return
    let received: Received
    try {
      received = door.drafts.receive(box, asked.epoch, bytes, who.agent)
    } catch (fault) {
      this.#again(box, asked.epoch)
      throw fault
    }
    switch (received.kind) {
      case 'kept': {
        reached('draft-logged')
        const { clocks, news } = received
        if (news !== null)
          sockets.tellFollowers(
            nameOf(box),
            { t: 'draft update', ...box, epoch: asked.epoch, update: toBase64(news) },
            socket,
          )
        return sockets.tell(socket, { t: 'draft kept', ...box, epoch: asked.epoch, clocks })
      }
      case 'over': {
        // What missed the closing goes back to who wrote it: the device finds it by how the epoch was closed.
        const { update: state, ...rest } = door.drafts.state(box, { epoch: asked.epoch, clocks: {} })
        return sockets.tell(socket, { t: 'draft', ...box, ...rest, update: toBase64(state) })
      }
      case 'refused':
        return sockets.tell(socket, {
          t: 'draft refused',
          ...box,
          code: received.fault,
          clocks: received.clocks,
        })
    }
  }

  /** Tells everybody who follows that an epoch is over. Called after the commit that closed it. */
  closed(closings: readonly Closing[]): void {
    for (const { box, closed, seen, epoch } of closings) {
      this.#carets.closed(box)
      this.#deps.sockets.tellFollowers(nameOf(box), {
        t: 'draft',
        ...box,
        epoch,
        update: null,
        clocks: {},
        closed: { epoch: closed, seen },
      })
    }
  }

  /** The box that is meant, or null where the agent may not have it, which was said then. */
  #find(socket: Socket, who: Who, { conversation, kind }: DraftBox): DraftBox | null {
    const { sql, door } = this.#deps
    const row = conversationOf(sql, conversation)
    const agent = door.memory.agents.get(who.agent)
    if (row === null) this.#refuse(socket, { conversation, kind }, 'unknown')
    else if (!agent?.active || !may(agent.role, kind))
      this.#refuse(socket, { conversation, kind }, 'forbidden')
    else return { conversation: row.id, kind }
    return null
  }

  /**
   * The store threw over an update, and may have taken it all the same: everybody who follows is told what it holds,
   * so that its author offers what it lacks once more, and nobody lacks what it has.
   */
  #again(box: DraftBox, epoch: number): void {
    const { door, sockets } = this.#deps
    const { update, ...state } = door.drafts.state(box, { epoch, clocks: {} })
    sockets.tellFollowers(nameOf(box), { t: 'draft', ...box, ...state, update: toBase64(update) })
  }

  #named(conversation: ConversationId): ConversationId {
    return conversationOf(this.#deps.sql, conversation)?.id ?? conversation
  }

  #refuse(socket: Socket, { conversation, kind }: DraftBox, code: DraftRefused['code']): void {
    const { sockets, door } = this.#deps
    const clocks = code === 'not yours' ? door.drafts.clocks({ conversation, kind }) : {}
    sockets.tell(socket, { t: 'draft refused', conversation, kind, code, clocks })
  }
}

/** Under this a socket follows a draft, whatever its epoch. */
function nameOf({ conversation, kind }: { conversation: ConversationId; kind: DraftKind }): string {
  return `${conversation}:${kind}`
}

/** The bytes of base64 text, or null where it is none. Larger ones than may be are not even decoded. */
function bytesOf(text: string): Uint8Array | null {
  // One byte more than allowed is enough to be refused by its size.
  const most = Math.ceil((limits.draftUpdate + 1) / 3) * 4
  try {
    return fromBase64(text.length > most ? text.slice(0, most) : text)
  } catch {
    return null
  }
}
