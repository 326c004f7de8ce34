import { fromBase64 } from 'lib0/buffer'
import { editBetween, rebaseEdit } from '#shared/base/edit.ts'
import type { CommandId } from '#shared/base/ids.ts'
import {
  clocksOf,
  deletionsIn,
  encodeBeyond,
  encodeDraft,
  mergeDraft,
  openDraft,
  readDraft,
  type Clocks,
} from '#shared/docs/draft.ts'
import type { DraftBox } from '#shared/wire/draft.ts'
import type { DraftState } from '#shared/wire/down.ts'
import {
  appending,
  besideWith,
  composerKey,
  edited,
  named,
  ownDraft,
  putBox,
  readBox,
  readMoment,
  sound,
  storeTyped,
  withTaken,
  withTook,
  writerFor,
  type Typed,
} from './composer.ts'
import { besideWithout, leaving, leftAt, missedOf, textOf, writtenAnew } from './left-draft.ts'
import type { Beside, ComposerRecord, HeldDraft, PendingRecord } from './records.ts'
import type { Tx, WriteTx } from './store.ts'

/**
 * How a box goes from one document to the next [E15]. Each function is part of one transaction:
 *
 * 1. SEND closes the document here at once; what is typed from then on stands in one of this device's own, until
 *    the edge has said what became of the command.
 * 2. A device's own text goes into the epoch that is open at the edge, unless a text was sent there since it was
 *    begun: then it stands beside the box.
 * 3. Own characters that missed a sending stand beside the box. No character that was typed here is dropped.
 */

/** What a press does to the box that its text stands in. */
export interface Closing {
  command: CommandId
  /** What was typed and is not stored yet; it is part of what is sent. */
  typed: Typed
  /** What stands on the screen. */
  seen: Clocks
}

/** Which draft a text comes from, as its command says it; none where it was never at the edge. */
export async function draftOf(tx: Tx, box: DraftBox, closing: Closing): Promise<PendingRecord['draft']> {
  const { held } = await readBox(tx, box)
  return held.id === closing.typed.held && held.epoch !== null
    ? { epoch: held.epoch, seen: closing.seen }
    : undefined
}

/** Closes the document whose text is sent, in the transaction that keeps the command. */
export async function closeBox(tx: WriteTx, box: DraftBox, closing: Closing): Promise<ComposerRecord> {
  const before = named(await readBox(tx, box), closing.typed)
  if (before.held.id !== closing.typed.held)
    return putBox(tx, withTaken(withoutTakenOver(before, closing), closing.typed))
  const { record } =
    closing.typed.edits.length === 0 ? { record: before } : await storeTyped(tx, box, closing.typed)
  const { held } = record
  const sent =
    record.sent ?? (held.epoch === null ? null : { ...held, command: closing.command, seen: closing.seen })
  return putBox(tx, { ...record, text: '', held: ownDraft(await readMoment(tx)), sent })
}

/**
 * Another document took the place of the one whose text is sent, in the moment of the press: the epoch at the edge
 * opened, or another page sent. What it took over of this device's letters has been sent, and stands in it no more.
 */
function withoutTakenOver(record: ComposerRecord, { command, typed }: Closing): ComposerRecord {
  if (typed.base === '' || !textOf(record.held, {}).includes(typed.base)) return record
  const all = { at: 0, remove: typed.base.length, insert: '' }
  const edit = rebaseEdit(all, editBetween(typed.base, record.text))
  return edit === null ? record : edited(record, writerFor(command), [edit])
}

/** The edge has taken a command: its epoch is over everywhere. `epoch` is the one in which the box goes on. */
export async function settleSent(
  tx: WriteTx,
  box: DraftBox,
  command: CommandId,
  epoch: number,
): Promise<void> {
  const record = await readBox(tx, box)
  const { sent, held } = record
  if (sent?.command !== command) return
  // Typed in another page of this device, which the one that sent had not seen.
  const { command: _, seen, ...left } = sent
  const missed = textOf(left, seen)
  await putBox(tx, {
    ...record,
    sent: null,
    held: { ...held, since: Math.max(held.since, epoch) },
    beside: besideWith(record.beside, missed, 'crossed', leaving(left, seen)),
  })
}

/** The command was refused or taken back: its document is open as before, and what was typed since joins it. */
export async function reopenSent(tx: WriteTx, box: DraftBox, command: CommandId): Promise<boolean> {
  const record = await readBox(tx, box)
  if (record.sent?.command !== command) return false
  const { command: _, seen: __, ...held } = record.sent
  const text = textIn(held)
  // A damaged one is given up; the caller has the text of the command.
  if (text === null) {
    await putBox(tx, { ...record, sent: null })
    return false
  }
  const open = { ...record, sent: null, held: { ...held, id: '' }, text }
  const since = record.text === '' ? [] : [appending(open.text, record.text)]
  await putBox(tx, withTook(edited(open, writerFor(command), since), writtenAnew(record.held.took)))
  return true
}

/**
 * Takes the edge's word on where a draft stands. `open`: the box follows it. `wait`: a command of this device has
 * closed it, its answer comes first, and the edge is asked again then. `anew`: what is held does not go on from these
 * bytes, which are not all that the edge has; ask for that.
 */
export async function takeState(
  tx: WriteTx,
  state: DraftState,
  client: number,
  why: Beside['why'],
): Promise<'open' | 'wait' | 'anew'> {
  const record = sound(await readBox(tx, state))
  const bytes = state.update === null ? [] : [fromBase64(state.update)]
  const { sent, held } = record
  if (sent !== null) {
    if (sent.epoch !== state.epoch) return 'wait'
    const merged = mergedWith(sent, bytes)
    if (merged === null) return 'anew'
    const kept = keptIn(sent, merged, state, bytes)
    await putBox(tx, { ...record, sent: { ...sent, ...merged.held, kept } })
    // Should it be open again after a refusal, the edge has to be asked first what it lacks of others' letters.
    return isAhead(merged.clocks, sent.clients, state.clocks) ? 'wait' : 'open'
  }
  const next =
    held.epoch === state.epoch
      ? follow(record, state, bytes, client)
      : goOn(record, state, bytes, client, why)
  if (next === null) return 'anew'
  await putBox(tx, next)
  return 'open'
}

/** The box as it goes on in another epoch; null where what the edge said is not enough. */
function goOn(
  record: ComposerRecord,
  state: DraftState,
  bytes: readonly Uint8Array[],
  client: number,
  why: Beside['why'],
): ComposerRecord | null {
  const { held } = record
  const { epoch, closed } = state
  // A restored edge may have one open again that this box had left.
  const left = leftAt(record, epoch)
  const again = { ...(left ?? ownDraft(0)), epoch, since: held.since }
  const beside = left === null ? record.beside : besideWithout(record.beside, epoch)
  const next = follow({ ...record, held: again, beside }, state, bytes, client)
  if (next === null) return null
  const seen = closed?.epoch === held.epoch ? closed.seen : {}
  const mine = missedOf(record, seen, left === null ? null : epoch)
  const isOwn = held.epoch === null && mine !== ''
  if (isOwn && held.copy && isNearly(record.text, next.text)) return withRest(next, client, record.text)
  if (isOwn && epoch <= held.since) {
    const joined = edited(next, client, [appending(next.text, mine)])
    return withTook(joined, writtenAnew(held.took))
  }
  return { ...next, beside: besideWith(beside, mine, why, leaving(held, seen)) }
}

/** The box as it goes on in the epoch that it holds; null where what the edge said is not enough. */
function follow(
  record: ComposerRecord,
  state: DraftState,
  bytes: readonly Uint8Array[],
  client: number,
): ComposerRecord | null {
  const { held } = record
  const merged = mergedWith(held, bytes)
  if (merged === null || held.refused || isAhead(merged.clocks, held.clients, state.clocks))
    return begunAnew(record, state, bytes, client)
  const kept = keptIn(held, merged, state, bytes)
  return { ...record, text: merged.text, held: { ...merged.held, kept } }
}

/** How many own edits the edge has by its word. Where a restored one lost letters of this device, not all. */
function keptIn(
  held: HeldDraft,
  merged: Merged,
  { clocks }: DraftState,
  bytes: readonly Uint8Array[],
): number {
  const isLost =
    held.clients.some((id) => (clocks[id] ?? 0) < (merged.clocks[id] ?? 0)) ||
    bytes.some((update) => deletionsIn(update) < merged.deletions)
  return isLost ? Math.min(held.kept, held.edits - 1) : held.kept
}

/**
 * All that the edge has in the place of what is held, and what it lacks of this device's own text behind it, as if that
 * were typed anew. Nothing held is given up before everything is here: the edge may go back meanwhile. What it has of
 * this device's letters stays this device's own, to be brought again if the edge loses it, unless it refused them.
 */
function begunAnew(
  record: ComposerRecord,
  { epoch, clocks }: DraftState,
  bytes: readonly Uint8Array[],
  client: number,
): ComposerRecord | null {
  const { held } = record
  const clients = held.refused ? [] : held.clients
  const merged = mergedWith({ ...ownDraft(epoch), epoch, clients }, bytes)
  const isAll = merged !== null && Object.entries(clocks).every(([id, to]) => merged.clocks[id] === to)
  if (!isAll) return null
  const own = textOf(held, clocks)
  const next = { ...record, text: merged.text, held: merged.held }
  if (own === '') return withTook(next, held.took)
  return withTook(edited(next, client, [appending(next.text, own)]), writtenAnew(held.took))
}

/** Whether one of two texts is the other one with more in a single place. */
function isNearly(one: string, other: string): boolean {
  const edit = editBetween(one, other)
  return edit === null || edit.remove === 0 || edit.insert === ''
}

/** The box with what only a copy of it has. */
function withRest(record: ComposerRecord, client: number, copy: string): ComposerRecord {
  const edit = editBetween(record.text, copy)
  return edit === null || edit.insert === '' ? record : edited(record, client, [edit])
}

/** Takes what somebody else wrote; false where it does not follow what is held, so that the box is opened anew. */
export async function takeUpdate(
  tx: WriteTx,
  box: DraftBox,
  epoch: number,
  update: string,
): Promise<boolean> {
  const record = sound(await readBox(tx, box))
  const { sent, held } = record
  const target = sent?.epoch === epoch ? sent : held
  if (target.epoch !== epoch) return false
  const merged = mergedWith(target, [fromBase64(update)])
  if (merged === null) return false
  if (sent !== null && target === sent) await putBox(tx, { ...record, sent: { ...sent, ...merged.held } })
  else await putBox(tx, { ...record, text: merged.text, held: merged.held })
  return true
}

/** So many edits of this epoch are durable at the edge. */
export async function markKept(tx: WriteTx, box: DraftBox, epoch: number, edits: number): Promise<void> {
  const record = await readBox(tx, box)
  const { held } = record
  if (held.epoch !== epoch || held.kept >= edits) return
  await putBox(tx, { ...record, held: { ...held, kept: edits } })
}

/** The edge will not have this device's bytes as they are: when it says what it has, the rest is typed anew. */
export async function markRefused(tx: WriteTx, box: DraftBox): Promise<void> {
  const record = sound(await readBox(tx, box))
  if (record.held.epoch !== null) await putBox(tx, { ...record, held: { ...record.held, refused: true } })
}

/** Drops a box that says nothing, once nobody looks at it: the edge tells its epoch when it is opened again. */
export async function forgetBox(tx: WriteTx, { conversation, kind }: DraftBox): Promise<void> {
  const key = composerKey(conversation, kind)
  const record = await tx.get('composer', key)
  if (!record || record.text !== '' || record.sent !== null || record.beside !== null) return
  if (record.held.epoch === null || record.held.edits <= record.held.kept) await tx.remove('composer', [key])
}

/** The unsent conversation became another one: what was typed under its name goes along [E14]. */
export async function moveBox(tx: WriteTx, from: DraftBox, to: DraftBox, cause: string): Promise<void> {
  const left = await readBox(tx, from)
  if (left.version === 0) return
  const joined = sound(await readBox(tx, to))
  const beside =
    left.beside === null ? joined.beside : besideWith(joined.beside, left.beside.text, left.beside.why)
  const next = { ...joined, beside }
  if (left.text !== '') await putBox(tx, edited(next, writerFor(cause), [appending(joined.text, left.text)]))
  else if (left.beside !== null) await putBox(tx, next)
  await tx.remove('composer', [left.key])
}

interface Merged {
  held: HeldDraft
  text: string
  clocks: Clocks
  deletions: number
}

/** A document with more bytes in it; null where they are none, or lack something before them. */
function mergedWith(held: HeldDraft, bytes: readonly Uint8Array[]): Merged | null {
  try {
    const doc = openDraft(held.updates)
    if (bytes.length > 0) mergeDraft(doc, bytes)
    const clocks = clocksOf(doc)
    return {
      held: { ...held, updates: bytes.length > 0 ? [encodeDraft(doc)] : held.updates },
      text: readDraft(doc),
      clocks,
      deletions: deletionsIn(encodeBeyond(doc, clocks)),
    }
  } catch {
    return null
  }
}

/**
 * Whether a document holds what others wrote and the edge does not: it went back since. Their devices bring it again,
 * perhaps under other client ids, and kept here it would stand on this screen alone.
 */
function isAhead(held: Clocks, own: readonly number[], edge: Clocks): boolean {
  const mine = new Set(own.map(String))
  return Object.entries(held).some(([client, clock]) => !mine.has(client) && clock > (edge[client] ?? 0))
}

function textIn({ updates }: HeldDraft): string | null {
  try {
    return readDraft(openDraft(updates))
  } catch {
    return null
  }
}

/** Whether the edge lacks something of this box. */
export function isDirty({ held, sent, text }: Pick<ComposerRecord, 'held' | 'sent' | 'text'>): boolean {
  return sent === null && (held.epoch === null ? text !== '' : held.edits > held.kept)
}
