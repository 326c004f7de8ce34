import type { Tx } from '#client/db/store.ts'
import { readHeldThread } from '#client/db/threads.ts'

/**
 * Texts that were taken in this browser and are nowhere to be seen: neither waiting, nor refused, nor in their
 * thread although the device holds it [P5]. One that was seen confirmed is not watched any more.
 */
export async function readVanished(tx: Tx, texts: Map<string, string>): Promise<string[]> {
  const vanished: string[] = []
  for (const [id, user] of texts) {
    if ((await tx.get('pending', id)) || (await tx.get('refusals', id))) continue
    const entries = (await readHeldThread(tx, user as Parameters<typeof readHeldThread>[1]))?.entries
    if (entries?.some((entry) => entry.id.startsWith(`${id}:`))) texts.delete(id)
    else if (entries) vanished.push(id)
  }
  return vanished
}
