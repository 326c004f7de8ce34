import { grouped } from '#shared/base/grouped.ts'
import type { CommandId, ConversationId, Ids } from '#shared/base/ids.ts'
import { conversationIn, userIn, type Command } from '#shared/core/command.ts'
import { refuse, type Refusal } from '#shared/core/refusal.ts'
import { limits } from '#shared/wire/limits.ts'
import { wireVersion } from '#shared/wire/version.ts'
import { isKnown } from './known.ts'
import type { Identity } from './meta.ts'
import { checkTalker, readClient, takePress, writeAsTalker } from './meta.ts'
import { Overlay } from './overlay.ts'
import { readUploads } from './media.ts'
import type { PendingRecord } from './records.ts'
import { markId } from './rows.ts'
import type { Store, Tx, WriteTx } from './store.ts'
import { readHeldThread } from './threads.ts'

/** What a press says of the moment it was made in [E13]. */
export interface PressFacts {
  id: CommandId
  at: number
  synced: boolean
  /** Order of the newest entry on the screen, where the thread was on one. */
  seen: number | null
  /** The draft that the text comes from [E15]. */
  draft?: PendingRecord['draft'] | undefined
}

/**
 * Takes a press: judged by the edge's rules on top of everything that waits, then kept until the edge has
 * confirmed it. One transaction, so that nothing is answered "ok" that is not stored [P5].
 */
export async function addPending(
  tx: WriteTx,
  identity: Identity,
  command: Command,
  facts: PressFacts,
): Promise<Refusal | null> {
  const [refusal] = await addAllPending(tx, identity, [{ command, facts }])
  return refusal ?? null
}

/** Takes presses that are made at once, each on top of those before it: one refusal or null for each, in order. */
export async function addAllPending(
  tx: WriteTx,
  { agent }: Identity,
  presses: readonly { command: Command; facts: PressFacts }[],
): Promise<(Refusal | null)[]> {
  const overlay = await Overlay.build(tx, agent, presses[0]?.facts.at ?? 0)
  const [newest] = await tx.range('conversations', 'openAt', { reverse: true, limit: 1 })
  const refusals: (Refusal | null)[] = []
  let room = limits.pendingCommands - overlay.size
  for (const { command, facts } of presses) {
    const record = await recordOf(tx, overlay, command, facts, newest?.openAt ?? 0)
    const refusal = room > 0 ? await overlay.judge(record, facts.at) : noRoomToWait
    refusals.push(refusal)
    if (refusal) continue
    if (command.name === 'MarkRead') await dropEarlierMarks(tx, command.conversation)
    await tx.put('pending', [{ ...record, press: await takePress(tx) }])
    room--
    if (presses.length > 1) await overlay.add(record, facts.at)
  }
  return refusals
}

const noRoomToWait = refuse(
  'too many',
  `${grouped(limits.pendingCommands)} changes wait on this device already. Nothing more is taken until some of them are sent.`,
)

async function recordOf(
  tx: WriteTx,
  overlay: Overlay,
  command: Command,
  facts: PressFacts,
  after: number,
): Promise<PendingRecord> {
  return {
    id: facts.id,
    press: 0,
    n: null,
    command,
    conversation: conversationIn(command),
    at: facts.at,
    after,
    seen: facts.seen ?? (await readSeen(tx, overlay, command)),
    synced: facts.synced,
    ...(facts.synced ? {} : { wroteAt: facts.at }),
    version: wireVersion,
    ...(facts.draft ? { draft: facts.draft } : {}),
    acked: null,
  }
}

/** Gives the next numbers to what has none, in press order, and answers everything that the edge has to hear. */
export async function numberPending(store: Store, talker: number): Promise<PendingRecord[]> {
  // After each answer of the edge nothing waits for a number most often, and whoever reads holds no reader up.
  const ready = await store.read(async (tx) => {
    await checkTalker(tx, talker)
    const { waiting, held } = await readUnsaid(tx)
    const isNumbered = waiting.every(({ id, n }) => n !== null || held.has(id))
    return isNumbered ? inOrder(waiting.filter(({ id }) => !held.has(id))) : null
  })
  if (ready) return ready
  return writeAsTalker(store, talker, async (tx) => {
    const client = await readClient(tx)
    const { waiting, held } = await readUnsaid(tx)
    let next = client.nextN
    const fresh = waiting.flatMap((record) =>
      record.n === null && !held.has(record.id) ? [{ ...record, n: next++ }] : [],
    )
    await tx.put('pending', fresh)
    if (next !== client.nextN) await tx.put('meta', [{ ...client, nextN: next }])
    const numbered = new Map(fresh.map((record) => [record.id, record]))
    return inOrder(
      waiting.flatMap((record) => (held.has(record.id) ? [] : (numbered.get(record.id) ?? record))),
    )
  })
}

/** What the edge has not answered, and which of it waits for pictures. */
async function readUnsaid(tx: Tx): Promise<{ waiting: PendingRecord[]; held: Set<CommandId> }> {
  const waiting = (await tx.range('pending', 'press', {})).filter(
    (record) => record.acked === null && isKnown(record),
  )
  return { waiting, held: await waitsForPictures(tx, waiting) }
}

/**
 * Commands whose pictures the edge does not have yet, with what was pressed after them in the same conversation: these
 * get no number, and others pass them [E11, E29].
 */
async function waitsForPictures(tx: Tx, waiting: readonly PendingRecord[]): Promise<Set<CommandId>> {
  const missing = new Set((await readUploads(tx)).map(({ command }) => command))
  const behind = new Set<ConversationId>()
  const held = new Set<CommandId>()
  for (const { id, n, conversation } of waiting) {
    if (n !== null || (!missing.has(id) && !(conversation !== null && behind.has(conversation)))) continue
    held.add(id)
    if (conversation !== null) behind.add(conversation)
  }
  return held
}

/**
 * Renumbers what lies above the last number that the edge has, so that it follows without a gap [E11]. What is
 * at or below it keeps its number: the edge answers it from its record.
 */
export async function renumber(store: Store, talker: number, last: number): Promise<void> {
  await writeAsTalker(store, talker, async (tx) => {
    const client = await readClient(tx)
    const above = inOrder(
      (await tx.all('pending')).filter(({ n, acked }) => acked === null && n !== null && n > last),
    )
    let next = last + 1
    await tx.put(
      'pending',
      above.map((record) => ({ ...record, n: next++ })),
    )
    await tx.put('meta', [{ ...client, nextN: next }])
  })
}

/** Takes a new client id, as a database does that was copied or that the edge does not know: ids stay [E11]. */
export async function fork(store: Store, talker: number, ids: Ids): Promise<void> {
  await writeAsTalker(store, talker, async (tx) => {
    const client = await readClient(tx)
    const waiting = inOrder((await tx.all('pending')).filter(({ n, acked }) => acked === null && n !== null))
    let next = 1
    await tx.put(
      'pending',
      waiting.map((record) => ({ ...record, n: next++ })),
    )
    await tx.put('meta', [{ ...client, id: ids.client(), nextN: next }])
  })
}

/**
 * Takes back what the edge cannot have: a command without a number. A start takes the later ones of its
 * conversation with it. Answers what was taken back, nothing where it was too late.
 */
export async function cancelPending(tx: WriteTx, id: CommandId): Promise<PendingRecord[]> {
  const record = await tx.get('pending', id)
  if (!record || record.n !== null) return []
  const { command } = record
  const later =
    command.name === 'StartConversation'
      ? (await tx.all('pending')).filter(
          ({ n, conversation }) => n === null && conversation === command.conversation,
        )
      : [record]
  await tx.remove(
    'pending',
    later.map((other) => other.id),
  )
  return later
}

/** Whether the first message of an unsent conversation waits already, so that the next one is a reply. */
export async function isStarted(tx: Tx, conversation: ConversationId): Promise<boolean> {
  const all = await tx.all('pending')
  return all.some(
    ({ command }) => command.name === 'StartConversation' && command.conversation === conversation,
  )
}

/** How far this agent has read, with the waiting marks of this device. */
export async function readMarkOf(
  tx: Tx,
  { agent }: Identity,
  overlay: Overlay,
  id: ConversationId,
): Promise<number> {
  const mark = overlay.marks.get(id)
  if (mark !== undefined) return mark
  const record = await tx.get('small', `readMarks/${markId(agent, id)}`)
  const row = record?.row
  return typeof row === 'object' && row !== null && 'order' in row && typeof row.order === 'number'
    ? row.order
    : 0
}

async function readSeen(tx: Tx, overlay: Overlay, command: Command): Promise<number> {
  const conversation = conversationIn(command)
  const row = conversation && (await overlay.conversation(conversation))
  const user = userIn(command) ?? row?.user
  const thread = user ? await readHeldThread(tx, user) : null
  return Math.max(thread?.entries.at(-1)?.order ?? 0, row?.inboundOrder ?? 0)
}

/** A later mark says everything that an earlier one of the same conversation would. */
async function dropEarlierMarks(tx: WriteTx, conversation: ConversationId): Promise<void> {
  const all = await tx.all('pending')
  await tx.remove(
    'pending',
    all.flatMap(({ id, n, command }) =>
      n === null && command.name === 'MarkRead' && command.conversation === conversation ? [id] : [],
    ),
  )
}

function inOrder(records: readonly PendingRecord[]): PendingRecord[] {
  return records.toSorted((left, right) => (left.n ?? 0) - (right.n ?? 0) || left.press - right.press)
}
