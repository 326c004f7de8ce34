import type { AgentId } from '#shared/base/ids.ts'
import type { DraftBox, DraftPlace } from '#shared/wire/draft.ts'
import type { CaretsMoved } from '#shared/wire/down.ts'

interface Standing<Socket> {
  socket: Socket
  agent: AgentId
  at: DraftPlace
}

interface Box<Socket> {
  box: DraftBox
  epoch: number
  standing: Map<AgentId, Standing<Socket>>
  moved: Set<AgentId>
}

/** What moved is told this often at most, in milliseconds: ten times a second look like a movement. */
export const caretPace = 100

/**
 * Where agents' cursors stand in drafts: memory of the object and nothing else. After a hibernation nobody's is
 * known until it moves, and screens draw no cursor of somebody who does not look at the conversation any more.
 */
export class Carets<Socket> {
  readonly #tell: (message: CaretsMoved) => void
  readonly #later: (ms: number, what: () => void) => void
  readonly #boxes = new Map<string, Box<Socket>>()
  #scheduled = false

  constructor(tell: (message: CaretsMoved) => void, later: (ms: number, what: () => void) => void) {
    this.#tell = tell
    this.#later = later
  }

  /** An agent's cursor stands here now; with `at` null it left the box. The device that moved last speaks for them. */
  move(socket: Socket, agent: AgentId, box: DraftBox, epoch: number, at: DraftPlace | null): void {
    const key = keyOf(box)
    let known = this.#boxes.get(key)
    if (known?.epoch !== epoch) {
      known = { box, epoch, standing: new Map(), moved: new Set() }
      this.#boxes.set(key, known)
    }
    if (at === null && known.standing.get(agent)?.socket !== socket) return
    if (at === null) known.standing.delete(agent)
    else known.standing.set(agent, { socket, agent, at })
    this.#changed(known, agent)
  }

  /** What somebody who begins to follow a box has to know. */
  standing(box: DraftBox): CaretsMoved | null {
    const known = this.#boxes.get(keyOf(box))
    if (!known || known.standing.size === 0) return null
    const moved = [...known.standing.values()].map(({ agent, at }) => ({ agent, at }))
    return { t: 'carets', ...known.box, epoch: known.epoch, moved }
  }

  /** A socket has ended, or follows this box no more. */
  left(socket: Socket, box?: DraftBox): void {
    for (const known of this.#boxes.values()) {
      if (box && keyOf(box) !== keyOf(known.box)) continue
      for (const [agent, { socket: whose }] of known.standing) {
        if (whose !== socket) continue
        known.standing.delete(agent)
        this.#changed(known, agent)
      }
    }
  }

  /** The epoch of a box is over, and with it every place in it. */
  closed(box: DraftBox): void {
    this.#boxes.delete(keyOf(box))
  }

  #changed(known: Box<Socket>, agent: AgentId): void {
    known.moved.add(agent)
    if (this.#scheduled) return
    this.#scheduled = true
    this.#later(caretPace, () => this.#flush())
  }

  #flush(): void {
    this.#scheduled = false
    for (const [key, known] of this.#boxes) {
      const { box, epoch, standing, moved } = known
      if (moved.size === 0) continue
      known.moved = new Set()
      this.#tell({
        t: 'carets',
        ...box,
        epoch,
        moved: [...moved].map((agent) => ({ agent, at: standing.get(agent)?.at ?? null })),
      })
      if (standing.size === 0) this.#boxes.delete(key)
    }
  }
}

function keyOf({ conversation, kind }: DraftBox): string {
  return `${conversation}:${kind}`
}
