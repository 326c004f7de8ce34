import type { AccountId, AgentId } from '#shared/base/ids.ts'
import { rowsFingerprint } from '#shared/wire/version.ts'
import { liftStored } from './lift.ts'
import type { ClientMeta, MetaOf, MetaRecord, PressMeta, ReplicaMeta, TalkerMeta } from './records.ts'
import type { Store, Tx, WriteTx } from './store.ts'
import type { Ids } from '#shared/base/ids.ts'

/** Whose replica this is [E12]. Database, lock and channel carry this name. */
export interface Identity {
  account: AccountId
  agent: AgentId
}

export function nameOf({ account, agent }: Identity): string {
  return `parley:${account}:${agent}`
}

/** A page that is no longer the talker tried to write [E16]. Recovery: it follows from now on. */
export class NotTalking extends Error {
  override name = 'NotTalking'
}

/** A database that says it is another agent's than its name does. Recovery: it is left as it is [E12]. */
export class NotTheirs extends Error {
  override name = 'NotTheirs'
}

/**
 * Writes the singletons of a database that has none, and an empty replica where rows mean something else now.
 * Answers whether it was empty.
 */
export async function prepare(store: Store, identity: Identity, ids: Ids): Promise<boolean> {
  const fingerprint = rowsFingerprint
  // Most often everything is there, and a page that opens waits for no write.
  const isReady = await store.read(async (tx) => {
    const owner = await readMeta(tx, 'owner')
    const isTheirs = owner?.account === identity.account && owner.agent === identity.agent
    const replica = await readMeta(tx, 'replica')
    return isTheirs && replica?.fingerprint === fingerprint && Boolean(await readMeta(tx, 'client'))
  })
  if (isReady) return false
  return store.write(async (tx) => {
    const owner = await readMeta(tx, 'owner')
    if (owner && (owner.account !== identity.account || owner.agent !== identity.agent)) throw new NotTheirs()
    const isEmpty = !(await readMeta(tx, 'client'))
    if (!owner) await tx.put('meta', [{ key: 'owner', ...identity }])
    if (isEmpty) await tx.put('meta', [{ key: 'client', id: ids.client(), nextN: 1 }])
    await liftStored(tx)
    const replica = await readMeta(tx, 'replica')
    if (replica?.fingerprint !== fingerprint) await tx.put('meta', [noReplica()])
    return isEmpty
  })
}

/** A copy of nothing: whoever says hello with it is sent everything anew, and own work stays. */
export function noReplica(): ReplicaMeta {
  const cursor = { seq: 0, tag: '' }
  return { key: 'replica', fingerprint: rowsFingerprint, epoch: 0, cursor, boot: null, rights: null }
}

export async function readMeta<Key extends MetaRecord['key']>(
  tx: Tx,
  key: Key,
): Promise<MetaOf<Key> | undefined> {
  const record = await tx.get('meta', key)
  return record?.key === key ? (record as MetaOf<Key>) : undefined
}

export async function readReplica(tx: Tx): Promise<ReplicaMeta> {
  return (await readMeta(tx, 'replica')) ?? noReplica()
}

export async function readClient(tx: Tx): Promise<ClientMeta> {
  const client = await readMeta(tx, 'client')
  if (!client) throw new Error('The database was not prepared.')
  return client
}

/** The next press number, which orders commands over all pages of this device. */
export async function takePress(tx: WriteTx): Promise<number> {
  const { next } = (await readMeta(tx, 'press')) ?? ({ key: 'press', next: 1 } satisfies PressMeta)
  await tx.put('meta', [{ key: 'press', next: next + 1 }])
  return next
}

/** Makes the caller the one page that writes, and answers its number. */
export async function raiseTalker(store: Store): Promise<number> {
  return store.write(async (tx) => {
    const value =
      ((await readMeta(tx, 'talker')) ?? ({ key: 'talker', value: 0 } satisfies TalkerMeta)).value + 1
    await tx.put('meta', [{ key: 'talker', value }])
    return value
  })
}

/** Runs a write of the talking page; throws `NotTalking` where another page has taken over since [E16]. */
export async function writeAsTalker<Result>(
  store: Store,
  talker: number,
  body: (tx: WriteTx) => Promise<Result>,
): Promise<Result> {
  return store.write(async (tx) => {
    await checkTalker(tx, talker)
    return body(tx)
  })
}

/** Throws `NotTalking` where another page has taken over since. */
export async function checkTalker(tx: Tx, talker: number): Promise<void> {
  if ((await readMeta(tx, 'talker'))?.value !== talker) throw new NotTalking()
}
