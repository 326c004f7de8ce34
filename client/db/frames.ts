import type { AgentId, Ids, MobileUserId } from '#shared/base/ids.ts'
import type { Ack, Frame, RowChange, ThreadState, Welcome } from '#shared/wire/down.ts'
import type { Cursor } from '#shared/wire/up.ts'
import { noReplica, readClient, readReplica } from './meta.ts'
import { settleAck, settleStaleAcks } from './acks.ts'
import { offerAgain } from './done.ts'
import type { ReplicaMeta } from './records.ts'
import { applyRows } from './rows.ts'
import type { Store, WriteTx } from './store.ts'
import type { StoreTable } from './records.ts'
import { applyThreadState, applyThreadUpdates, compareWithHeads } from './threads.ts'
import { writeAsTalker } from './meta.ts'

/**
 * How the replica moves on. Each function is one transaction:
 *
 * 1. Rows, thread bytes, cursor and the removal of acknowledged commands of a frame stand together or not at
 *    all [E4].
 * 2. The cursor never passes a commit whose rows are not stored, except while `boot` is set, when pages that are
 *    still to come bring the older rows [E8].
 * 3. Nothing of it is written by a page that is no longer the talker [E16].
 */
export type FrameResult =
  | {
      kind: 'stored'
      cursor: Cursor
      pulls: MobileUserId[]
      ownInbound: boolean
      quarantinedFrom: Cursor | null
      acks: Ack[]
    }
  /** A frame before this one never came: the edge is asked for everything after `cursor`. */
  | { kind: 'missed'; cursor: Cursor }

export interface Writer {
  store: Store
  talker: number
  me: AgentId
  ids: Ids
  /** This device's clock. */
  now(): number
}

/** Stores a frame, or says that one before it is missing. A frame of the past still brings its acknowledgements. */
export async function applyFrame({ store, talker, me, now }: Writer, frame: Frame): Promise<FrameResult> {
  return writeAsTalker(store, talker, async (tx) => {
    const replica = await readReplica(tx)
    const { cursor } = replica
    const old = frame.to.seq <= cursor.seq
    if (!old && frame.from > cursor.seq) {
      return { kind: 'missed', cursor } satisfies FrameResult
    }
    // A frame that was asked for again brings rows which were put aside: they are no longer news, but wanted.
    const rows = await applyRows(
      tx,
      me,
      frame.parts.flatMap((part) => part.rows),
      replica.boot !== null,
    )
    const updates = frame.parts.flatMap((part) => part.threads)
    const { applied, stale } = await applyThreadUpdates(tx, updates, replica.epoch)
    await settleStaleAcks(tx, applied)
    const pulls = new Set(stale)
    for (const user of await compareWithHeads(tx, rows.heads)) pulls.add(user)
    for (const ack of frame.acks) for (const thread of await settleAck(tx, ack, now())) pulls.add(thread)
    if (!old) await tx.put('meta', [{ ...replica, cursor: frame.to }])
    return {
      kind: 'stored',
      cursor: old ? cursor : frame.to,
      pulls: [...pulls],
      ownInbound: rows.ownInbound,
      quarantinedFrom: rows.quarantined > 0 ? cursor : null,
      acks: frame.acks,
    } satisfies FrameResult
  })
}

/** The tables of the copy. Every other one is this device's own. */
export const copied = [
  'conversations',
  'mobileUsers',
  'heads',
  'small',
  'threads',
  'history',
  'shelf',
  'texts',
  'quarantine',
] as const satisfies readonly StoreTable[]

/** Believes nothing of the copy any more: the next hello is answered with a wipe, which leaves own work alone. */
export async function forget({ store, talker }: Writer): Promise<void> {
  await writeAsTalker(store, talker, (tx) => tx.put('meta', [noReplica()]))
}

/**
 * Empties the copy and begins the one that the welcome announces. Pending commands and drafts stay. Where the
 * account begins a new epoch, or lacks what this device has seen of it, what this device did is offered again, in the
 * same transaction [E24]: `newLife` says that another client id speaks from here on.
 */
export async function wipe(
  { store, talker, ids, now }: Writer,
  welcome: Welcome,
): Promise<{ boot: ReplicaMeta['boot']; newLife: boolean }> {
  return writeAsTalker(store, talker, async (tx) => {
    const { epoch } = welcome
    const replica: ReplicaMeta = {
      ...(await readReplica(tx)),
      epoch,
      cursor: welcome.head,
      boot: { after: '', done: 0, only: null },
      rights: { audiences: [...welcome.audiences], at: welcome.head.seq },
    }
    await tx.clear(copied)
    await tx.put('meta', [replica])
    const client = await readClient(tx)
    const newLife = (client.epoch !== undefined && client.epoch !== epoch) || welcome.again === true
    if (newLife) await offerAgain(tx, epoch, ids, now())
    else await tx.put('meta', [{ ...client, epoch }])
    return { boot: replica.boot, newLife }
  })
}

/** Stores the rows that paint the screen before the pages come. They count for nothing [E8]. */
export async function applyFirstRows(
  { store, talker, me }: Writer,
  rows: readonly RowChange[],
): Promise<void> {
  await writeAsTalker(store, talker, (tx) => applyRows(tx, me, rows, true))
}

/** Stores a page. The last one ends the bootstrap in the same transaction and buries the tombstones. */
export async function applyPage(
  { store, talker, me }: Writer,
  rows: readonly RowChange[],
  next: string | null,
): Promise<{ quarantined: number; stale: MobileUserId[] }> {
  return writeAsTalker(store, talker, async (tx) => {
    const replica = await readReplica(tx)
    const applied = await applyRows(tx, me, rows, true)
    const stale = await compareWithHeads(tx, applied.heads)
    const only = replica.boot?.only ?? null
    const done = (replica.boot?.done ?? 0) + rows.length
    await tx.put('meta', [{ ...replica, boot: next === null ? null : { after: next, done, only } }])
    if (next === null) await buryTombstones(tx)
    return { quarantined: applied.quarantined, stale }
  })
}

/** Stores the answer to a pull, and lets go of the acknowledged commands that waited for it. */
export async function applyPulled({ store, talker }: Writer, state: ThreadState): Promise<void> {
  await writeAsTalker(store, talker, async (tx) => {
    await applyThreadState(tx, state, (await readReplica(tx)).epoch)
    await settleStaleAcks(tx, [state.thread])
  })
}

async function buryTombstones(tx: WriteTx): Promise<void> {
  for (const table of ['conversations', 'mobileUsers', 'heads'] as const) {
    const records = await tx.all(table)
    await tx.remove(
      table,
      records.flatMap(({ id, row }) => (row === null ? [id] : [])),
    )
  }
  const small = await tx.all('small')
  await tx.remove(
    'small',
    small.flatMap(({ key, row }) => (row === null ? [key] : [])),
  )
}
