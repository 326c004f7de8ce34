import 'fake-indexeddb/auto'
import { makeIds, type AccountId, type AgentId, type ConversationId } from '#shared/base/ids.ts'
import { MemoryStore } from '#client/db/memory-store.ts'
import { prepare, type Identity } from '#client/db/meta.ts'
import { openReplica } from '#client/db/open.ts'
import { readOpenThread, type OpenThread } from '#client/db/open-thread.ts'
import type { PendingRecord } from '#client/db/records.ts'
import type { Store } from '#client/db/store.ts'
import { Actions } from '#client/sync/actions.ts'
import { Engine } from '#client/sync/engine.ts'
import { Talker } from '#client/sync/talker.ts'
import { Typing } from '#client/sync/typing.ts'
import type { Locks, Mirror } from '#client/sync/device.ts'
import { fakeDevice, until, type FakeDevice, type Network } from './fake-device.ts'

export const maya: Identity = { account: 'northwind' as AccountId, agent: 'maya' as AgentId }

export interface PageOptions {
  identity?: Identity
  seed?: number
  mirror?: Mirror
  locks?: Locks
  deaf?: boolean
  build?: number
  hidden?: boolean
  memory?: boolean
  store?: Store
  start?: boolean
}

/** One page of one agent: device, replica, engine and what a person can do on it. */
export interface Page {
  device: FakeDevice
  store: Store
  engine: Engine
  typing: Typing
  actions: Actions
  pending(): Promise<PendingRecord[]>
  open(id: ConversationId): Promise<OpenThread | null>
  live(): Promise<void>
  close(): void
}

export async function openPage(network: Network, options: PageOptions = {}): Promise<Page> {
  const identity = options.identity ?? maya
  const device = fakeDevice(network, options.seed ?? 1, options)
  const ids = makeIds(() => device.randomBytes())
  const store =
    options.store ?? (options.memory ? new MemoryStore() : (await openReplica(identity, ids)).store)
  if (options.memory) await prepare(store, identity, ids)
  const typing = await Typing.load(device, store, identity)
  const engine = new Engine({ device, store, identity, ids }, async () => ({ Talker }))
  const actions = new Actions(engine, typing)
  if (options.start !== false) engine.start()
  return {
    device,
    store,
    engine,
    typing,
    actions,
    pending: () => store.read((tx) => tx.range('pending', 'press', {})),
    open: (id) => store.read((tx) => readOpenThread(tx, identity, id, device.now())),
    live: () => until(() => engine.status.phase === 'live', 'the page never came up to date'),
    close() {
      typing.stop()
      engine.stop()
      store.close()
    },
  }
}

/** Deletes every database, between tests. */
export async function forgetDatabases(): Promise<void> {
  for (const { name } of await indexedDB.databases())
    if (name)
      await new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase(name)
        request.addEventListener('success', () => resolve())
        request.addEventListener('error', () => reject(request.error))
      })
}
