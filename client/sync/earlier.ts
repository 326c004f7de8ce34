import * as z from 'zod/mini'
import type { MobileUserId } from '#shared/base/ids.ts'
import { entry } from '#shared/model/entry.ts'
import { readReplica } from '#client/db/meta.ts'
import { putHistory } from '#client/db/shelf.ts'
import type { EngineParts } from './engine.ts'

const answer = z.object({ entries: z.array(entry), more: z.boolean() })

/** What became of asking for older entries of a thread. */
export type Earlier = { ok: true; more: boolean } | { ok: false; text: string }

const tryAgain = 'Earlier messages could not be loaded. Try again in a moment.'

/**
 * Brings a page of a thread's durable history to the device: what its document does not hold any more. Pages
 * stand beside the thread and are never loaded into a document [E1]. A page that was asked for in another life of the
 * account is not taken: what it says may have left the account since [E24].
 */
export async function pullEarlier(
  { device, store, identity }: EngineParts,
  user: MobileUserId,
  before: number,
): Promise<Earlier> {
  const query = new URLSearchParams({ ...identity, user, before: String(before) })
  try {
    const { epoch } = await store.read(readReplica)
    const reply = await device.fetch(`/api/history?${query.toString()}`)
    const page = reply.status === 200 ? answer.safeParse(await reply.json()) : null
    if (!page?.success) return { ok: false, text: tryAgain }
    const isTaken = await store.write(async (tx) => {
      if ((await readReplica(tx)).epoch !== epoch) return false
      const kept = (await tx.get('history', user))?.entries ?? []
      const ids = new Set(page.data.entries.map(({ id }) => id))
      const entries = [...kept.filter(({ id }) => !ids.has(id)), ...page.data.entries]
      await putHistory(
        tx,
        user,
        entries.sort((left, right) => left.order - right.order),
      )
      return true
    })
    return isTaken ? { ok: true, more: page.data.more } : { ok: false, text: tryAgain }
  } catch {
    return {
      ok: false,
      text: 'Earlier messages are not on this device. They appear when the connection is back.',
    }
  }
}
