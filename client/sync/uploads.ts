import * as z from 'zod/mini'
import { second } from '#shared/base/time.ts'
import { refuse } from '#client/db/acks.ts'
import { detach, markUploaded, readUploads } from '#client/db/media.ts'
import { writeAsTalker, type Identity } from '#client/db/meta.ts'
import type { MediaRecord } from '#client/db/records.ts'
import type { Store } from '#client/db/store.ts'
import type { Device } from './device.ts'

/** After a failure of the network or the edge it is tried again after this. */
const again = 5 * second

export interface UploadsParts {
  device: Device
  store: Store
  identity: Identity
  talker: number
}

/**
 * Brings pictures to the edge before the commands that name them get their numbers [E29]: one after the other, each
 * as often as it takes. Repeating is harmless, since a picture has the name that this device gave it.
 */
export class Uploads {
  readonly #parts: UploadsParts
  /** A picture has come, or was refused: commands may go that waited for it. */
  readonly #moved: () => void
  /** Counts connections, so that what began on one never goes on beside the next. */
  #connection = 0
  #open = false
  #busy = false
  #cancelAgain: (() => void) | null = null

  constructor(parts: UploadsParts, moved: () => void) {
    this.#parts = parts
    this.#moved = moved
  }

  welcomed(): void {
    this.#connection++
    this.#open = true
    this.#busy = false
    this.flush()
  }

  closed(): void {
    this.#open = false
    this.#cancelAgain?.()
    this.#cancelAgain = null
  }

  /** Goes on with what waits, unless it does already. */
  flush(): void {
    if (!this.#open || this.#busy) return
    this.#busy = true
    const connection = this.#connection
    void this.#run(connection)
      .catch((fault: unknown) => {
        console.error('Pictures could not be brought to the edge.', fault)
        return 'again' as const
      })
      .then((end) => {
        if (connection !== this.#connection) return
        this.#busy = false
        if (end === 'again' && this.#open)
          this.#cancelAgain = this.#parts.device.after(again, () => this.flush())
      })
  }

  async #run(connection: number): Promise<'done' | 'again'> {
    const { store } = this.#parts
    for (;;) {
      const [next] = await store.read(readUploads)
      if (!next || !this.#open || connection !== this.#connection) return 'done'
      if (!(await this.#bring(next))) return 'again'
      // Also where a new connection stands meanwhile, whose own upload may have failed.
      this.#moved()
    }
  }

  /** Answers whether the edge has said yes or no. */
  async #bring({ id, blob, command }: MediaRecord): Promise<boolean> {
    const { device, store, talker, identity } = this.#parts
    const whose = new URLSearchParams({ account: identity.account, agent: identity.agent })
    const reply = await device.fetch(`/api/media/${id}?${whose.toString()}`, { method: 'PUT', body: blob })
    if (reply.status === 204) {
      await writeAsTalker(store, talker, (tx) => markUploaded(tx, id, device.now()))
      return true
    }
    // Another agent, no session, too fast, or a fault: none of them is a word about this picture.
    if (![400, 413, 415, 422].includes(reply.status)) return false
    // What stands before the edge refuses in words of its own.
    const words = said.safeParse(await reply.json().catch(() => null))
    const text = words.data?.text ?? 'The picture was not taken.'
    await writeAsTalker(store, talker, async (tx) => {
      const pending = command && (await tx.get('pending', command))
      if (pending) await refuse(tx, pending, { code: 'picture', text })
      // What the edge will never take does not go back into the box.
      await detach(tx, id)
    })
    return true
  }
}

const said = z.object({ text: z.string() })
