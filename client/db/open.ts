import type { Ids } from '#shared/base/ids.ts'
import { DexieStore, type Leave } from './dexie-store.ts'
import { isFull } from './faults.ts'
import { isOwn } from './leave.ts'
import { nameOf, NotTheirs, prepare, type Identity } from './meta.ts'
import type { Records } from './records.ts'
import type { Store } from './store.ts'

/** What opening led to. In memory, unsent work is lost when the page closes, and the screen says so [E16]. */
export interface Opened {
  store: Store
  /** The database was damaged: it was made anew and is filled from the edge. Waiting changes were carried over. */
  rebuilt: boolean
}

/**
 * Opens the replica of one agent. A database that cannot be read is deleted and made anew with what was still
 * readable of the person's own work. Where that fails too, where there is no IndexedDB or no room in it, or where
 * the database says that it is somebody else's, it is left as it is and the replica lives in memory.
 */
export async function openReplica(identity: Identity, ids: Ids, leave: Leave = {}): Promise<Opened> {
  const saved = nothingSaved()
  try {
    const store = await DexieStore.open(nameOf(identity), leave)
    try {
      await prepare(store, identity, ids)
      return { store, rebuilt: false }
    } catch (fault) {
      if (fault instanceof NotTheirs || isFull(fault)) {
        store.close()
        throw fault
      }
      console.error('The replica is damaged and is made anew.', fault)
      for (const table of own) await salvage(store, table, saved)
      await store.destroy()
    }
    const anew = await DexieStore.open(nameOf(identity), leave)
    await fill(anew, identity, ids, saved)
    return { store: anew, rebuilt: true }
  } catch (fault) {
    console.error('No database on this device: working in memory.', fault)
    const store = await inMemory()
    await fill(store, identity, ids, saved)
    return { store, rebuilt: false }
  }
}

/**
 * For a computer that is shared: the replica lives in memory, and nothing stays when its page closes. What was left
 * here of the same agent's own work moves into memory to be sent, and the database it stood in is deleted.
 */
export async function openInMemory(identity: Identity, ids: Ids): Promise<Opened> {
  const saved = nothingSaved()
  if (await DexieStore.exists(nameOf(identity))) {
    const left = await DexieStore.open(nameOf(identity))
    for (const table of own) await salvage(left, table, saved)
    await left.destroy()
  }
  const store = await inMemory()
  await fill(store, identity, ids, saved)
  return { store, rebuilt: false }
}

/**
 * Empties a device but for its person's own unsent work, which goes when they sign in here again [P5]: nothing of a
 * customer stays but what that work says itself. The database is made anew, so that other pages of this browser lose
 * theirs as by any sign-out, and fill nothing again.
 */
export async function leaveOwnWork(identity: Identity, ids: Ids): Promise<void> {
  const saved = nothingSaved()
  const whole = await DexieStore.open(nameOf(identity))
  for (const table of own) if (table !== 'done') await salvage(whole, table, saved)
  await whole.destroy()
  const anew = await DexieStore.open(nameOf(identity))
  await fill(anew, identity, ids, {
    ...saved,
    pending: saved.pending.filter(({ acked }) => acked === null),
    composer: saved.composer.filter(isOwn),
    media: saved.media.filter(({ queued }) => queued),
  })
  anew.close()
}

/** Few devices need it, so its code comes when one does. */
async function inMemory(): Promise<Store> {
  const { MemoryStore } = await import('./memory-store.ts')
  return new MemoryStore()
}

const nothingSaved = (): Own => ({
  pending: [],
  done: [],
  refusals: [],
  composer: [],
  locals: [],
  media: [],
})

/** What a person made on this device and nobody else has. */
const own = ['pending', 'done', 'refusals', 'composer', 'locals', 'media'] as const
type Own = { [Name in (typeof own)[number]]: Records[Name][] }

/** Makes an empty replica around what was saved of a damaged one. */
async function fill(store: Store, identity: Identity, ids: Ids, saved: Own): Promise<void> {
  await prepare(store, identity, ids)
  await store.write(async (tx) => {
    // Numbers belonged to the lost client id; ids stay, and the edge knows a repeated one by its id [E11].
    await tx.put(
      'pending',
      saved.pending.map((record) => ({ ...record, n: null, acked: null })),
    )
    await tx.put('done', saved.done)
    await tx.put('refusals', saved.refusals)
    await tx.put('composer', saved.composer)
    await tx.put('locals', saved.locals)
    await tx.put('media', saved.media)
    const next = Math.max(0, ...saved.pending.map(({ press }) => press)) + 1
    await tx.put('meta', [{ key: 'press', next }])
  })
}

async function salvage<Name extends keyof Own>(store: Store, table: Name, saved: Own): Promise<void> {
  try {
    const found: Own[Name] = (await store.read((tx) => tx.all(table))) as Own[Name]
    saved[table] = found
  } catch (fault) {
    console.error(`Nothing can be read of ${table}.`, fault)
  }
}
