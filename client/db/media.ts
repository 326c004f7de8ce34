import type { CommandId, ConversationId, MediaId } from '#shared/base/ids.ts'
import { mediaIn, type Command } from '#shared/core/command.ts'
import { refuse, type Refusal } from '#shared/core/refusal.ts'
import type { Upload } from '#shared/core/world.ts'
import { picturesAtMost, sizeWords } from '#shared/rules/media.ts'
import { limits } from '#shared/wire/limits.ts'
import type { MediaRecord, PendingRecord } from './records.ts'
import type { Tx, WriteTx } from './store.ts'

/**
 * Pictures on this device [E29]:
 *
 * 1. One that is attached or waits to be sent is kept until its command is confirmed or taken back, across reloads.
 * 2. One that was looked at is kept as long as there is room, so that it can be seen without a connection.
 * 3. A command gets its number only once the edge has its pictures.
 */

/** Bytes of pictures that were looked at, or were sent: the oldest leave first. */
const seenRoom = 60 * 1000 * 1000

/** A picture as it is put into a box. */
export interface Picture {
  id: MediaId
  blob: Blob
  contentType: string
}

/** Puts a picture into a reply box; a refusal says what does not fit, and keeps it out. */
export async function attach(
  tx: WriteTx,
  box: ConversationId,
  { id, blob, contentType }: Picture,
  now: number,
): Promise<Refusal | null> {
  const inBox = await readAttached(tx, box)
  if (inBox.length >= picturesAtMost)
    return refuse('picture', `At most ${picturesAtMost} pictures go with one message.`)
  const queued = (await readQueued(tx)).reduce((sum, { bytes }) => sum + bytes, 0)
  if (queued + blob.size > limits.queuedMedia)
    return refuse(
      'picture',
      `${sizeWords(limits.queuedMedia)} of pictures wait on this device already. Let them be sent first.`,
    )
  const at = Math.max(now, ...inBox.map(({ at }) => at + 1))
  await tx.put('media', [
    { id, blob, contentType, bytes: blob.size, at, box, queued: 1, command: null, uploaded: false },
  ])
  return null
}

/** Keeps a picture that goes with a command of no conversation until the edge has it. */
export async function keepFor(
  tx: WriteTx,
  command: CommandId,
  { id, blob, contentType }: Picture,
  now: number,
): Promise<void> {
  await tx.put('media', [
    { id, blob, contentType, bytes: blob.size, at: now, queued: 1, command, uploaded: false },
  ])
}

/** The pictures that stand in a reply box, in the order they were put there. */
export async function readAttached(tx: Tx, box: ConversationId): Promise<MediaRecord[]> {
  return inOrder(await tx.range('media', 'box', { from: box, to: box }))
}

export async function detach(tx: WriteTx, id: MediaId): Promise<void> {
  await tx.remove('media', [id])
}

/** A command took pictures of a box with it. */
export async function takeAttached(
  tx: WriteTx,
  box: ConversationId,
  command: CommandId,
  ids: readonly MediaId[],
): Promise<void> {
  const taken = (await readAttached(tx, box)).filter(({ id }) => ids.includes(id))
  await tx.put(
    'media',
    taken.map(({ box: _, ...record }) => ({ ...record, command })),
  )
}

/** A command was taken back or refused: its pictures stand in the box again, or go where it had none. */
export async function bringPicturesBack(tx: WriteTx, { id, command }: PendingRecord): Promise<void> {
  const named = mediaIn(command)
  if (named.length === 0) return
  if (!('conversation' in command)) return tx.remove('media', named)
  const pictures = (await tx.many('media', named)).flatMap((record) =>
    record?.command === id
      ? [{ ...record, command: null, box: command.conversation, queued: 1 as const }]
      : [],
  )
  await tx.put('media', pictures)
}

/** A text that was sent, or was to be, is edited: those of its pictures that are on this device stand in the box again. */
export async function attachAgain(tx: WriteTx, box: ConversationId, ids: readonly MediaId[]): Promise<void> {
  const pictures = (await tx.many('media', ids)).filter((record) => record !== undefined)
  await tx.put(
    'media',
    pictures.map((record) => ({ ...record, box, command: null })),
  )
}

/** Another name of a conversation: what is attached in it moves along [E14]. */
export async function moveAttached(tx: WriteTx, from: ConversationId, to: ConversationId): Promise<void> {
  const attached = await readAttached(tx, from)
  await tx.put(
    'media',
    attached.map((record) => ({ ...record, box: to })),
  )
}

/** What the edge does not have yet of pictures that commands name, in the order they were attached. */
export async function readUploads(tx: Tx): Promise<MediaRecord[]> {
  return inOrder((await readQueued(tx)).filter(({ command, uploaded }) => command !== null && !uploaded))
}

/** The edge has a picture. It stays as one that was looked at. */
export async function markUploaded(tx: WriteTx, id: MediaId, now: number): Promise<void> {
  const record = await tx.get('media', id)
  if (!record) return
  const { queued: _, ...rest } = record
  await tx.put('media', [{ ...rest, uploaded: true, seenAt: now }])
  await makeRoom(tx)
}

/** Keeps a picture that somebody looked at. */
export async function keepSeen(tx: WriteTx, { id, blob, contentType }: Picture, now: number): Promise<void> {
  if (blob.size > seenRoom / 10 || (await tx.get('media', id))) return
  await tx.put('media', [
    { id, blob, contentType, bytes: blob.size, at: now, command: null, uploaded: true, seenAt: now },
  ])
  await makeRoom(tx)
}

/** What this device knows of the pictures that a command names. */
export async function readKnownUploads(tx: Tx, command: Command): Promise<ReadonlyMap<MediaId, Upload>> {
  const records = await tx.many('media', mediaIn(command))
  return new Map(
    records.flatMap((record) =>
      record ? [[record.id, { contentType: record.contentType, bytes: record.bytes }]] : [],
    ),
  )
}

function readQueued(tx: Tx): Promise<MediaRecord[]> {
  return tx.range('media', 'queued', {})
}

async function makeRoom(tx: WriteTx): Promise<void> {
  const seen = await tx.range('media', 'seenAt', { reverse: true })
  let room = seenRoom
  const gone = seen.filter(({ bytes, queued, box }) => !queued && !box && (room -= bytes) < 0)
  await tx.remove(
    'media',
    gone.map(({ id }) => id),
  )
}

function inOrder(records: readonly MediaRecord[]): MediaRecord[] {
  return records.toSorted((left, right) => left.at - right.at)
}
