import { createMemo, onCleanup, type Accessor } from 'solid-js'
import type { ConversationId, MediaId } from '#shared/base/ids.ts'
import { attach, detach, keepSeen, readAttached } from '#client/db/media.ts'
import { isFull } from '#client/db/faults.ts'
import { createLive } from './live.ts'
import type { Behind, Outcome } from './parley.ts'

/** A picture that stands in a reply box, with an address at which this page can show it. */
export interface Attached {
  id: MediaId
  address: string
  bytes: number
}

/** The pictures of one reply box: they outlast a reload, and leave with the reply [E29]. */
export interface Attachments {
  all: Accessor<Attached[]>
  add(blob: Blob): Promise<Outcome>
  remove(id: MediaId): void
}

/** For `parley.open`: what is attached in the box of a conversation. */
export function attachmentsOf(id: Accessor<ConversationId>) {
  return ({ engine }: Behind): Attachments => {
    const { store, device, ids } = engine.parts
    const addresses = new Addresses()
    const records = createLive(store, () => {
      const box = id()
      return (tx) => readAttached(tx, box)
    })
    return {
      all: createMemo(() =>
        (records() ?? []).map(({ id, blob, bytes }) => ({ id, bytes, address: addresses.of(id, blob) })),
      ),
      async add(blob) {
        const picture = { id: ids.media(), blob, contentType: blob.type }
        try {
          const refusal = await store.write((tx) => attach(tx, id(), picture, device.now()))
          return refusal ? { ok: false, code: refusal.code, text: refusal.text } : { ok: true }
        } catch (fault) {
          console.error('A picture could not be kept.', fault)
          const text = isFull(fault)
            ? 'This device has no room left for the picture.'
            : 'This device could not keep the picture.'
          return { ok: false, code: 'no room', text }
        }
      },
      remove: (picture) => void store.write((tx) => detach(tx, picture)),
    }
  }
}

/** Where a picture can be shown from: this device, or the edge, which is asked once. Null where neither has it now. */
export type ShowPicture = (id: MediaId, contentType: string) => Promise<string | null>

/** For `parley.open`: pictures by their names. What was shown once can be shown without a connection. */
export function pictureShower({ engine }: Behind): ShowPicture {
  const { store, device } = engine.parts
  const addresses = new Addresses()
  return async (id, contentType) => {
    const kept = await store.read((tx) => tx.get('media', id))
    if (kept) return addresses.of(id, kept.blob)
    const reply = await device.fetch(`/api/media/${id}`).catch(() => null)
    const blob = reply?.status === 200 ? await reply.blob?.() : null
    if (!blob) return null
    await store
      .write((tx) => keepSeen(tx, { id, blob, contentType }, device.now()))
      // It is shown all the same; next time it is asked for again.
      .catch((fault: unknown) => console.error('A picture that was looked at could not be kept.', fault))
    return addresses.of(id, blob)
  }
}

/** Addresses of blobs, one for each picture, given back when the screen that shows them leaves. */
class Addresses {
  readonly #known = new Map<MediaId, string>()

  constructor() {
    onCleanup(() => {
      for (const address of this.#known.values()) URL.revokeObjectURL(address)
    })
  }

  of(id: MediaId, blob: Blob): string {
    const known = this.#known.get(id)
    if (known) return known
    const address = URL.createObjectURL(blob)
    this.#known.set(id, address)
    return address
  }
}
