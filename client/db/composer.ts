import type { ConversationId } from '#shared/base/ids.ts'
import { crc32 } from '#shared/base/crc32.ts'
import { editBetween, rebaseEdit, type Edit } from '#shared/base/edit.ts'
import { momentOf } from '#shared/base/moment.ts'
import {
  clocksOf,
  editDraft,
  encodeDraft,
  mergeDraft,
  openDraft,
  readDraft,
  type DraftDoc,
} from '#shared/docs/draft.ts'
import type { DraftBox, DraftKind } from '#shared/wire/draft.ts'
import { limits } from '#shared/wire/limits.ts'
import { readReplica, takePress } from './meta.ts'
import type { Beside, ComposerRecord, HeldDraft } from './records.ts'
import type { Tx, WriteTx } from './store.ts'

export type ComposerKind = DraftKind

export function composerKey(conversation: ConversationId, kind: ComposerKind): string {
  return `${conversation}:${kind}`
}

/** Conversations in whose boxes something is typed and unsent. */
export async function readDrafts(tx: Tx): Promise<Set<ConversationId>> {
  const records = await tx.all('composer')
  return new Set(
    records.flatMap(({ conversation, text, beside }) =>
      text.trim() === '' && beside === null ? [] : [conversation],
    ),
  )
}

/** The box as it is stored, or one in which nothing was ever typed; its document has no name yet. */
export async function readBox(tx: Tx, { conversation, kind }: DraftBox): Promise<ComposerRecord> {
  const key = composerKey(conversation, kind)
  const record = await tx.get('composer', key)
  if (record) return record
  const held = ownDraft(await readMoment(tx))
  return { key, conversation, kind, version: 0, text: '', held, sent: null, beside: null }
}

/** Writes a box as its next version, and names a document that is new here. */
export async function putBox(tx: WriteTx, record: ComposerRecord): Promise<ComposerRecord> {
  const version = await takePress(tx)
  const { held } = record
  const next = { ...record, version, held: held.id === '' ? { ...held, id: `d${version}` } : held }
  await tx.put('composer', [next])
  return next
}

/** A document of this device alone, begun at a moment; it gets its name when it is stored. */
export function ownDraft(since: number): HeldDraft {
  return { id: '', epoch: null, since, updates: [], clients: [], edits: 0, kept: 0 }
}

/** How far this device has seen the account. */
export async function readMoment(tx: Tx): Promise<number> {
  const { epoch, cursor } = await readReplica(tx)
  return momentOf(epoch, cursor.seq)
}

/** What one page typed into a document since it was stored: exact bytes, and what they did to its text. */
export interface Typed {
  /** The document, as `HeldDraft.id`. */
  held: string
  client: number
  /** The clock of that client before and after. */
  from: number
  to: number
  bytes: Uint8Array[]
  base: string
  after: string
}

/**
 * Stores what a page typed. Its bytes go in as they are where they continue what is stored; where another document
 * stands there now, or another page went on under the same client id, the edit is made again on what is there.
 * `exact` tells which: a page whose bytes were not taken reads the box anew.
 */
export async function storeTyped(
  tx: WriteTx,
  box: DraftBox,
  typed: Typed,
): Promise<{ record: ComposerRecord; exact: boolean }> {
  const before = await readBox(tx, box)
  const isNew = before.version === 0
  const record = named(sound(before), typed)
  const { held } = record
  const doc = openDraft(held.updates)
  const at = clocksOf(doc)[typed.client] ?? 0
  const room = held.clients.includes(typed.client) || held.clients.length < limits.draftClients
  const follows = at === typed.from || at >= typed.to
  if (held.id === typed.held && room && follows && !(isNew && typed.base !== '')) {
    mergeDraft(doc, typed.bytes)
    return { record: await putBox(tx, written(record, doc, typed.client, typed.bytes)), exact: true }
  }
  // A database that lost the box takes all that the page has of it.
  const edit = carry(isNew ? { ...typed, base: '' } : typed, record.text)
  if (edit === null) return { record, exact: false }
  const target = isNew ? { ...record, held: { ...record.held, copy: true } } : record
  return { record: await putBox(tx, edited(target, typed.client, edit)), exact: false }
}

/** A box that was never stored takes the name that the page has for its document. */
export function named(record: ComposerRecord, { held }: Pick<Typed, 'held'>): ComposerRecord {
  return record.version === 0 ? { ...record, held: { ...record.held, id: held } } : record
}

/** An edit made on another text than the one that stands there now; null where nothing is left of it. */
export function carry({ base, after }: Pick<Typed, 'base' | 'after'>, text: string): Edit | null {
  const edit = editBetween(base, after)
  return edit && rebaseEdit(edit, editBetween(base, text))
}

/** The box after an edit that is made here and now, in the transaction that stores it. */
export function edited(record: ComposerRecord, client: number, edit: Edit): ComposerRecord {
  const { held } = record
  const known = held.clients.includes(client) || held.clients.length < limits.draftClients
  const writer = known ? client : (held.clients.at(-1) ?? client)
  const doc = openDraft(held.updates)
  const bytes = editDraft(doc, writer, edit)
  return written(record, doc, writer, [bytes])
}

/**
 * Puts the text of a command that was not sent into its box again, unless something else was typed there meanwhile.
 * `cause` names what brings it, and so the client id that writes it.
 */
export async function restoreText(tx: WriteTx, box: DraftBox, text: string, cause: string): Promise<void> {
  const record = sound(await readBox(tx, box))
  if (record.text.trim() !== '' && record.text !== text) return
  const edit = editBetween(record.text, text)
  if (edit) await putBox(tx, edited(record, writerFor(cause), edit))
}

/** Takes the text beside a box away; `insert` puts it into the box, at the end. */
export async function takeBeside(
  tx: WriteTx,
  box: DraftBox,
  insert: boolean,
  client: number,
): Promise<ComposerRecord> {
  const record = sound(await readBox(tx, box))
  const cleared = { ...record, beside: null }
  if (!insert || record.beside === null) return putBox(tx, cleared)
  return putBox(tx, edited(cleared, client, appending(record.text, record.beside.text)))
}

/** Text that joins what stands in a box, on a line of its own. */
export function appending(text: string, more: string): Edit {
  const gap = text === '' || /\s$/u.test(text) || /^\s/u.test(more) ? '' : '\n'
  return { at: text.length, remove: 0, insert: gap + more }
}

/** One more text beside a box; blank ones are none. */
export function besideWith(before: Beside | null, text: string, why: Beside['why']): Beside | null {
  if (text.trim() === '') return before
  return before === null ? { text, why } : { text: `${before.text}\n${text}`, why: before.why }
}

/** A Yjs client id that belongs to one cause, such as a command, so that nobody writes under it a second time. */
export function writerFor(cause: string): number {
  return crc32(new TextEncoder().encode(cause))
}

/** The box itself, or, where its document is damaged, one that begins anew with the text as it was read last. */
export function sound(record: ComposerRecord): ComposerRecord {
  try {
    openDraft(record.held.updates)
    return record
  } catch (fault) {
    console.error('A draft on this device is damaged and begins anew.', fault)
    const anew = { ...record, text: '', held: ownDraft(record.held.epoch ?? record.held.since) }
    return record.text === ''
      ? anew
      : edited(anew, writerFor(`${record.key}:${record.version}`), appending('', record.text))
  }
}

/** Updates after which a document is kept as one. */
const pile = 40

function written(
  record: ComposerRecord,
  doc: DraftDoc,
  client: number,
  bytes: readonly Uint8Array[],
): ComposerRecord {
  const { held } = record
  const updates = [...held.updates, ...bytes]
  return {
    ...record,
    text: readDraft(doc),
    held: {
      ...held,
      updates: updates.length > pile ? [encodeDraft(doc)] : updates,
      clients: held.clients.includes(client) ? held.clients : [...held.clients, client],
      edits: held.edits + 1,
    },
  }
}
