import type { Ids } from '#shared/base/ids.ts'
import { DexieStore } from './dexie-store.ts'
import { MemoryStore } from './memory-store.ts'
import { nameOf, prepare, type Identity } from './meta.ts'
import type { Records } from './records.ts'
import type { Store } from './store.ts'

/** What opening led to. In memory, unsent work is lost when the page closes, and the screen says so [E16]. */
export interface Opened {
  store: Store
  /** The database was damaged: it was made anew and is filled from the edge. Waiting changes were carried over. */
  rebuilt: boolean
}

/**
 * Opens the replica of one agent. A database that cannot be opened or read is deleted and made anew with what
 * was still readable of the person's own work; where that fails too, or there is no IndexedDB, the replica
 * lives in memory.
 */
export async function openReplica(identity: Identity, ids: Ids, gone?: () => void): Promise<Opened> {
  const name = nameOf(identity)
  try {
    const store = await DexieStore.open(name, gone)
    try {
      await prepare(store, identity, ids)
      return { store, rebuilt: false }
    } catch (fault) {
      console.error('The replica is damaged and is made anew.', fault)
      return { store: await rebuild(store, identity, ids, gone), rebuilt: true }
    }
  } catch (fault) {
    console.error('No database on this device: working in memory.', fault)
    const store = new MemoryStore()
    await prepare(store, identity, ids)
    return { store, rebuilt: false }
  }
}

/** What a person made on this device and nobody else has. */
const own = ['pending', 'refusals', 'composer', 'locals'] as const
type Own = { [Name in (typeof own)[number]]: Records[Name][] }

async function rebuild(damaged: DexieStore, identity: Identity, ids: Ids, gone?: () => void): Promise<Store> {
  const saved: Own = { pending: [], refusals: [], composer: [], locals: [] }
  for (const table of own) await salvage(damaged, table, saved)
  await damaged.destroy()
  const store = await DexieStore.open(nameOf(identity), gone)
  await prepare(store, identity, ids)
  await store.write(async (tx) => {
    // Numbers belonged to the lost client id; ids stay, and the edge knows a repeated one by its id [E11].
    await tx.put(
      'pending',
      saved.pending.map((record) => ({ ...record, n: null, acked: null })),
    )
    await tx.put('refusals', saved.refusals)
    await tx.put('composer', saved.composer)
    await tx.put('locals', saved.locals)
    const next = Math.max(0, ...saved.pending.map(({ press }) => press)) + 1
    await tx.put('meta', [{ key: 'press', next }])
  })
  return store
}

async function salvage<Name extends keyof Own>(store: Store, table: Name, saved: Own): Promise<void> {
  try {
    const found: Own[Name] = (await store.read((tx) => tx.all(table))) as Own[Name]
    saved[table] = found
  } catch (fault) {
    console.error(`Nothing can be read of ${table}.`, fault)
  }
}
