import type { MobileUserId } from '#shared/base/ids.ts'
import type { Hello, Up } from '#shared/wire/up.ts'
import { rowsFingerprint, wireVersion } from '#shared/wire/version.ts'
import { readClient, readReplica, type Identity } from '#client/db/meta.ts'
import { isBackgroundFull } from '#client/db/shelf.ts'
import type { Store } from '#client/db/store.ts'
import { readHeldThread } from '#client/db/threads.ts'

/** What this replica says of itself: whose it is, what it can read, and how far it has come [E12]. */
export async function helloOf(store: Store, identity: Identity): Promise<Hello> {
  const [client, replica] = await store.read((tx) => Promise.all([readClient(tx), readReplica(tx)]))
  return {
    t: 'hello',
    version: wireVersion,
    fingerprint: rowsFingerprint,
    ...identity,
    client: client.id,
    epoch: replica.epoch,
    cursors: { main: replica.cursor },
  }
}

/** What it holds of a thread, to ask for the rest [E3]; null where nobody waits for it and the room is taken. */
export async function pullOf(
  store: Store,
  thread: MobileUserId,
  background: boolean,
): Promise<Extract<Up, { t: 'pull' }> | null> {
  const { held, whole, full } = await store.read(async (tx) => ({
    held: await tx.get('threads', thread),
    // Damaged bytes are asked for as a whole.
    whole: (await readHeldThread(tx, thread)) === null,
    full: background && (await isBackgroundFull(tx)),
  }))
  // The room was taken by those before it, whose size nobody knew.
  if (full && !held) return null
  return { t: 'pull', thread, epoch: held?.epoch ?? 0, clock: whole ? 0 : (held?.clock ?? 0) }
}
