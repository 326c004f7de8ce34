import type { AgentId, MediaId } from '#shared/base/ids.ts'
import type { Random } from '#test/kit/random.ts'
import type { Edge } from './edge.ts'
import type { Scheduler } from './scheduler.ts'

/** An account's pictures in R2, and the Worker that takes them in: a name is taken once and for good [E29]. */
export class Bucket {
  readonly #edge: Edge
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #hit: (name: string) => void
  readonly #pictures = new Map<string, Blob>()
  /** R2 takes nothing. */
  isDown: () => boolean = () => false

  constructor(edge: Edge, scheduler: Scheduler, random: Random, hit: (name: string) => void) {
    this.#edge = edge
    this.#scheduler = scheduler
    this.#random = random
    this.#hit = hit
  }

  has(id: string): boolean {
    return this.#pictures.has(id)
  }

  /** Answers the status of the request. Throws where the object cannot be reached. */
  async take(agent: AgentId, id: MediaId, blob: Blob): Promise<number> {
    if (this.#edge.do((account) => account.admitUpload(agent, id)) === 'too many') return 429
    // The object may end or go back between the three.
    await this.#pause()
    if (this.isDown()) return 503
    this.#hit(this.has(id) ? 'picture brought again' : 'picture brought')
    if (!this.has(id)) this.#pictures.set(id, blob)
    await this.#pause()
    const { size: bytes } = blob
    this.#edge.do((account) => account.keepUpload(agent, id, { hash: id, contentType: 'image/png', bytes }))
    return 204
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#scheduler.after(this.#random.int(200), () => resolve()))
  }
}
